// One dialog for every act: it tells what will be done, asks for a reason, does it, and keeps all that was typed if that fails.

import { LitElement, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { problemView } from './problem-view.js';

const LONGEST_REASON = 1_000;
const reasons = new Map(); // what was typed into a dialog that was left, by its title

/**
 * Opens the dialog.
 *
 * @param {object} spec
 * @param {string} spec.title what is done, as a question or an order: "Kill gastown"
 * @param {function(ActDialog): unknown} spec.body makes the template of what is told and asked; made anew by `dialog.requestUpdate()`
 * @param {string} spec.confirm the button's words: "Kill it"
 * @param {'plain' | 'danger'} spec.tone
 * @param {boolean} spec.wide more room, for what has tables
 * @param {{label?: string, placeholder?: string, given?: string} | null} spec.reason null asks for none
 * @param {function(): string} spec.lacks what is missing before it can be done; '' when nothing is
 * @param {function({reason: string, dialog: ActDialog}): Promise} spec.run does it; what it throws is shown, and the dialog stays
 * @param {function(Error, ActDialog): unknown} spec.problem makes the template of what went wrong, where the usual one is not enough
 * @returns {Promise} what `run` answers; undefined when it was cancelled
 */
export function openAct(spec) {
  return new Promise((resolve) => {
    const dialog = document.createElement('act-dialog');
    dialog.spec = { tone: 'plain', wide: false, reason: {}, lacks: () => '', ...spec };
    dialog.done = resolve;
    document.body.append(dialog);
  });
}

class ActDialog extends LitElement {
  static properties = {
    spec: { attribute: false },
    problem: { state: true },
    busy: { state: true },
    reason: { state: true },
    told: { state: true },
  };

  #opener = document.activeElement;
  #answer;

  constructor() {
    super();
    this.problem = null;
    this.busy = false;
    this.told = false;
    this.reason = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.reason = reasons.get(this.spec.title) ?? this.spec.reason?.given ?? '';
  }

  firstUpdated() {
    const dialog = this.querySelector('dialog');
    dialog.showModal();
    (dialog.querySelector('[autofocus]') ?? dialog.querySelector('textarea.reason, .act button[type=submit]'))?.focus();
  }

  render() {
    const { spec } = this;
    return html`<dialog
      class="act-box ${spec.tone} ${spec.wide ? 'wide' : ''}"
      aria-labelledby="act-title"
      @close=${() => this.#closed()}
      @cancel=${(event) => this.busy && event.preventDefault()}
      @click=${(event) => event.target.localName === 'dialog' && !this.#typed() && this.close()}
    >
      <form method="dialog" novalidate @submit=${this.#submit}>
        <h2 id="act-title">${spec.title}</h2>
        <div class="act-body">${spec.body(this)}</div>
        ${spec.reason === null ? nothing : this.#reason()}
        ${this.problem ? html`<div class="act-problem" role="alert">${spec.problem?.(this.problem, this) ?? problemView(this.problem)}</div>` : nothing}
        <div class="act">
          <p class="lacks" role="status">${this.told ? this.#lacks() : nothing}</p>
          <button type="button" class="button" ?disabled=${this.busy} @click=${() => this.close()}>Cancel</button>
          <button type="submit" class="button ${spec.tone === 'danger' ? 'red' : 'main'}" aria-disabled=${this.busy}>
            ${this.busy ? 'Being done…' : spec.confirm}
          </button>
        </div>
      </form>
    </dialog>`;
  }

  #reason() {
    const { label = 'Reason', placeholder = 'Why? Everybody can read it, for ever.' } = this.spec.reason;
    const id = 'act-reason';
    return html`<p class="field">
      <label for=${id}>${label}</label>
      <textarea
        id=${id}
        class="reason"
        rows="2"
        maxlength=${LONGEST_REASON}
        placeholder=${placeholder}
        required
        aria-invalid=${this.told && !this.reason.trim()}
        .value=${live(this.reason)}
        @input=${(event) => (this.reason = event.target.value)}
        @keydown=${this.#keyed}
      ></textarea>
    </p>`;
  }

  #keyed = (event) => {
    if (event.key === 'Enter' && !event.shiftKey && !event.isComposing) {
      event.preventDefault();
      this.submit();
    }
  };

  #lacks() {
    return this.spec.lacks() || (this.spec.reason !== null && !this.reason.trim() ? 'A reason is needed.' : '');
  }

  #submit = (event) => {
    if (event.target === event.currentTarget) {
      event.preventDefault(); // a form within it minds its own
      this.submit();
    }
  };

  /** Does it, unless something is missing. */
  async submit() {
    if (this.busy) {
      return;
    }
    this.told = true;
    if (this.#lacks()) {
      this.requestUpdate();
      await this.updateComplete;
      (this.querySelector('[aria-invalid=true]') ?? this.querySelector('textarea.reason'))?.focus();
      return;
    }
    this.busy = true;
    try {
      const answer = await this.spec.run({ reason: this.reason.trim(), dialog: this });
      this.#answer = answer ?? true;
      this.reason = '';
      this.close();
    } catch (error) {
      this.problem = error;
      await this.updateComplete;
      this.querySelector('.act-problem').scrollIntoView({ block: 'nearest' });
    } finally {
      this.busy = false;
    }
  }

  close() {
    this.querySelector('dialog').close();
  }

  #typed() {
    return this.reason.trim() !== (this.spec.reason?.given ?? '');
  }

  #closed() {
    if (this.reason.trim()) {
      reasons.set(this.spec.title, this.reason);
    } else {
      reasons.delete(this.spec.title);
    }
    this.remove();
    const opener = this.#opener?.isConnected && this.#opener !== document.body ? this.#opener : document.querySelector('main');
    opener?.focus({ preventScroll: true });
    this.done(this.#answer);
  }
}

customElements.define('act-dialog', ActDialog);
