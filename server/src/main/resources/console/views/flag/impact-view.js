// <impact-view>: how many sample orgs gain or lose access by changes that are not made yet, each as a square.

import { LitElement, html, nothing, svg } from 'lit';
import { notice } from '../../notices.js';
import { openAct } from '../../parts/act-dialog.js';
import { count, listed } from '../../words.js';
import { MOST_SAMPLES, keepSampleOrgs, sampleOrgs, tryOn } from './samples.js';

const WAIT_MS = 120;
const STEP = 11;
const ACROSS = 50;

class ImpactView extends LitElement {
  static properties = {
    environment: { attribute: false },
    flag: { attribute: false },
    /** what would be written; may be none */
    changes: { attribute: false },
    result: { state: true },
    problem: { state: true },
  };

  #asked = '';
  #timer = null;
  #under = null;

  constructor() {
    super();
    this.changes = [];
    this.result = null;
    this.problem = null;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
    this.#under?.abort();
    this.#asked = '';
  }

  willUpdate() {
    const question = JSON.stringify([this.environment, this.flag.key, this.flag.revision, this.changes]);
    if (question !== this.#asked) {
      this.#asked = question;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#ask(), WAIT_MS);
    }
  }

  async #ask() {
    this.#under?.abort();
    this.#under = new AbortController();
    try {
      // a preview is of some change: for the access of today, of one that moves nobody
      const changes = this.changes.length > 0 ? this.changes : [{ type: 'FlagDescribed', flag: this.flag.key, ticket: `${this.flag.ticket} ` }];
      this.result = await tryOn(this.environment, this.flag.key, changes, this.#under.signal);
      this.problem = null;
    } catch (error) {
      if (error.name !== 'AbortError') {
        this.problem = error;
      }
    }
  }

  render() {
    if (this.problem) {
      return this.problem.status === 404
        ? nothing
        : html`<p class="quiet impact-problem">Whom it would change can’t be told just now: ${this.problem.message}</p>`;
    }
    const { orgs, own } = sampleOrgs();
    const result = this.result;
    return html`<div class="impact" aria-live="polite">
      <p class="impact-told">${result ? this.#told(result) : html`<span class="quiet">Trying it on ${count(orgs.length, 'org')}…</span>`}</p>
      ${result && !result.refusal ? this.#squares(result.orgs) : nothing}
      <p class="impact-samples quiet">
        ${own ? `${count(orgs.length, 'org')} of your list.` : `${count(orgs.length, 'made-up org')}.`}
        <button type="button" class="link" @click=${this.#choose}>${own ? 'Change the list' : 'Use your own'}</button>
      </p>
    </div>`;
  }

  #told({ refusal, orgs, others }) {
    if (refusal) {
      return html`<span class="refused">This would be refused: ${refusal.detail}</span>`;
    }
    const has = orgs.filter(({ before }) => before).length;
    const gain = orgs.filter(({ before, after }) => !before && after).length;
    const lose = orgs.filter(({ before, after }) => before && !after).length;
    const now = html`<b>${has}</b> of ${count(orgs.length, 'sample org')} ${has === 1 ? 'has' : 'have'} access now`;
    if (this.changes.length === 0) {
      return html`${now}.`;
    }
    const flips = [gain && html`<b class="gain">${gain} would gain</b>`, lose && html`<b class="lose">${lose} would lose</b>`].filter(Boolean);
    const below = [...others].map(([key, sum]) => `${key} (${[sum.gain && `+${sum.gain}`, sum.lose && `−${sum.lose}`].filter(Boolean).join(', ')})`);
    return html`${now}; ${flips.length === 0 ? html`<b>none would change</b>` : flips.map((flip, at) => html`${at > 0 ? ' and ' : ''}${flip}`)}.
    ${below.length > 0 ? html`<span class="quiet">Below it: ${listed(below)}.</span>` : nothing}`;
  }

  #squares(orgs) {
    const rows = Math.ceil(orgs.length / ACROSS);
    const kind = ({ before, after }) => (before ? (after ? 'keeps' : 'loses') : after ? 'gains' : 'without');
    const ordered = [...orgs].sort((a, b) => ORDER.indexOf(kind(a)) - ORDER.indexOf(kind(b)));
    return html`<svg class="squares" viewBox="0 0 ${ACROSS * STEP} ${rows * STEP}" aria-hidden="true">
      ${ordered.map(
        (org, at) => svg`<rect class=${kind(org)} x=${(at % ACROSS) * STEP} y=${Math.floor(at / ACROSS) * STEP} width="9" height="9" rx="2"><title>${org.org}: ${TOLD[kind(org)]}</title></rect>`,
      )}
    </svg>`;
  }

  #choose = () => {
    const { orgs, own } = sampleOrgs();
    let text = own ? orgs.join('\n') : '';
    openAct({
      title: 'Sample orgs',
      body: () => html`<p>Changes are tried on these before you save. The list stays in this browser.</p>
        <p class="field">
          <label for="samples">Org ids, one a line; at most ${MOST_SAMPLES}. None: the made-up ones.</label>
          <textarea id="samples" class="key" rows="8" spellcheck="false" autofocus .value=${text} @input=${(event) => (text = event.target.value)}></textarea>
        </p>`,
      reason: null,
      confirm: 'Keep',
      run: async () => {
        keepSampleOrgs(text);
        notice(`Changes are tried on ${count(sampleOrgs().orgs.length, 'org')} from now on.`);
        this.#asked = '';
        this.requestUpdate();
      },
    });
  };
}

const ORDER = ['keeps', 'gains', 'loses', 'without'];
const TOLD = { keeps: 'keeps access', gains: 'gains access', loses: 'loses access', without: 'stays without' };

customElements.define('impact-view', ImpactView);
