// <integrity-badge>: whether the ledger is whole, its head's digest, and a checkpoint to keep elsewhere.

import { LitElement, html, nothing } from 'lit';
import { get, of } from '../../api.js';
import { notice } from '../../notices.js';
import { problemView } from '../../parts/problem-view.js';
import { save } from './save.js';
import '../../parts/ago-time.js';

const AFTER_EVENTS_MS = 1_500;

class IntegrityBadge extends LitElement {
  static properties = {
    environment: { attribute: false },
    /** the last event that is known of */
    sequence: { attribute: false },
    verification: { state: true },
    problem: { state: true },
    busy: { state: true },
  };

  #timer = 0;
  #stop = new AbortController();

  constructor() {
    super();
    this.verification = null;
    this.problem = null;
    this.busy = false;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  willUpdate(changes) {
    if (changes.has('environment')) {
      this.verification = null;
      this.problem = null;
      this.#check();
    } else if (changes.has('sequence') && this.verification && this.verification.sequence < this.sequence) {
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#check(), AFTER_EVENTS_MS);
    }
  }

  async #check() {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    this.busy = true;
    try {
      this.verification = await get(`${of(this.environment)}/verification`, { after: this.sequence || undefined }, signal);
      this.problem = null;
    } catch (error) {
      if (!signal.aborted) {
        this.problem = error;
      }
    } finally {
      if (!signal.aborted) {
        this.busy = false;
      }
    }
  }

  /** The file that `ledger verify --checkpoint` takes, and for the asking the key that it is verified with. */
  async #checkpoint() {
    try {
      const { sequence, fileName, text, publicKey } = await get(`${of(this.environment)}/checkpoint`, { after: this.sequence || undefined });
      save(fileName, 'text/plain', [text]);
      notice(`The checkpoint of #${sequence} was downloaded`, {
        detail: 'Keep it where nobody can write who can write to Kafka: it convicts whoever changes what it has seen.',
        action: { label: 'The public key', act: () => save(`${this.environment}-checkpoints.pub`, 'text/plain', [publicKey]) },
      });
    } catch (error) {
      notice('There is no checkpoint to be had', { kind: 'problem', detail: error.detail || error.message });
    }
  }

  render() {
    const { verification, problem } = this;
    if (problem) {
      return problem.status === 404 || problem.status === 405
        ? html`<p class="integrity"><span class="quiet">This server does not check its ledger. <code>./ledger verify</code> does.</span></p>`
        : html`<div class="integrity">${problemView(problem)} <button type="button" class="button small" @click=${() => this.#check()}>Check again</button></div>`;
    }
    if (verification === null) {
      return html`<p class="integrity" role="status"><span class="badge">Being checked…</span></p>`;
    }
    return verification.valid ? this.#whole(verification) : this.#broken(verification);
  }

  #whole({ sequence, digest, checkedAt }) {
    return html`<div class="integrity" role="status">
      <span class="badge good">
        <svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 1.5 13.5 3.6v4c0 3.3-2.3 5.7-5.5 6.9-3.2-1.2-5.5-3.6-5.5-6.9v-4z" /><path d="m5.4 7.9 1.9 1.9 3.4-3.7" /></svg>
        Whole up to #${sequence}
      </span>
      <span class="digest" title="SHA-256 of event #${sequence}: ${digest}"><span class="unseen">Digest of the last event </span>${digest.slice(0, 12)}…${digest.slice(-6)}</span>
      <button type="button" class="button small" title="Copy the whole digest" @click=${() => this.#copy(digest)}>Copy</button>
      <span class="quiet">checked <ago-time time=${checkedAt}></ago-time></span>
      <span class="acts">
        <button type="button" class="button small" aria-disabled=${this.busy} @click=${() => this.busy || this.#check()}>${this.busy ? 'Being checked…' : 'Check again'}</button>
        <button type="button" class="button small checkpoint" @click=${() => this.#checkpoint()}>Checkpoint</button>
      </span>
    </div>`;
  }

  #broken({ problem, sequence }) {
    return html`<div class="integrity bad" role="alert">
      <span class="badge bad"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2 14.5 13.5h-13z" /><path d="M8 6.5v3.2M8 11.6v.2" /></svg>Not whole</span>
      <span>${problem ? html`<b>At #${problem.sequence}:</b> ${problem.detail}` : `Checked up to #${sequence}.`} Trust nothing behind it, and run <code>./ledger verify</code>.</span>
      ${this.busy ? nothing : html`<button type="button" class="button small" @click=${() => this.#check()}>Check again</button>`}
    </div>`;
  }

  async #copy(digest) {
    try {
      await navigator.clipboard.writeText(digest);
      notice('The digest was copied');
    } catch {
      notice('The digest could not be copied', { kind: 'problem', detail: digest });
    }
  }
}

customElements.define('integrity-badge', IntegrityBadge);
