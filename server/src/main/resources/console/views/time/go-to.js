// <go-to-moment>: a moment that is typed. What was typed stays when there is no such moment.

import { LitElement, html, nothing } from 'lit';

class GoToMoment extends LitElement {
  static properties = {
    /** what the server said about it, or null */
    problem: { attribute: false },
    now: { attribute: false },
    typed: { state: true },
  };

  constructor() {
    super();
    this.problem = null;
    this.now = false;
    this.typed = '';
  }

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<form class="go-to" @submit=${this.#submitted} novalidate>
      <input
        class="input"
        aria-label="Go to a moment: a sequence, a time, or a span back from now"
        placeholder="#42, 2026-01-31, 3h"
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${this.problem !== null}
        aria-describedby=${this.problem ? 'go-to-problem' : nothing}
        .value=${this.typed}
        @input=${(event) => (this.typed = event.target.value)}
      />
      <button class="button">Go</button>
      <button type="button" class="button" ?disabled=${this.now} @click=${() => this.#tell('now')}>Now</button>
      ${this.problem ? html`<p id="go-to-problem" class="field-problem" role="alert">${this.problem.detail || this.problem.title}</p>` : nothing}
    </form>`;
  }

  #submitted = (event) => {
    event.preventDefault();
    const text = this.typed.trim().replace(/^#/, '');
    if (text) {
      this.#tell(/^\d+$/.test(text) ? Number(text) : text);
    }
  };

  #tell(wanted) {
    this.dispatchEvent(new CustomEvent('go', { detail: wanted }));
  }
}

customElements.define('go-to-moment', GoToMoment);
