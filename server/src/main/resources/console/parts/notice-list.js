// <notice-list>: the messages of notices.js, the newest at the bottom.

import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { onNotice } from '../notices.js';

const SHOWN_MS = 7_000;
const AT_MOST = 4;

class NoticeList extends LitElement {
  static properties = { notices: { state: true } };

  #next = 1;
  #stop = new AbortController();

  constructor() {
    super();
    this.notices = [];
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#stop = new AbortController();
    onNotice((notice) => this.#add(notice), this.#stop.signal);
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
  }

  #add(notice) {
    const id = this.#next++;
    this.notices = [...this.notices, { ...notice, id }].slice(-AT_MOST);
    if (notice.kind !== 'problem') {
      this.#leave(id);
    }
  }

  /** Not while somebody points at it, or has the focus in it. */
  #leave(id) {
    setTimeout(() => {
      if (this.querySelector(':hover, :focus-within')) {
        this.#leave(id);
      } else {
        this.#dismiss(id);
      }
    }, SHOWN_MS);
  }

  #dismiss(id) {
    this.notices = this.notices.filter((notice) => notice.id !== id);
  }

  render() {
    return html`<div class="notices" role="log" aria-label="Messages" aria-live="polite">
      ${repeat(
        this.notices,
        ({ id }) => id,
        ({ id, text, kind, detail, action }) => html`<div class="toast ${kind}">
          <svg class="mark" viewBox="0 0 16 16" aria-hidden="true"><path d=${kind === 'problem' ? 'M8 3.5v5.5M8 11.6v.9' : 'm3.5 8.5 3 3 6-7'} /></svg>
          <p><b>${text}</b>${detail ? html` <span>${detail}</span>` : nothing}</p>
          ${action
            ? html`<button type="button" class="link" @click=${() => (this.#dismiss(id), action.act())}>${action.label}</button>`
            : nothing}
          <button type="button" class="close" aria-label="Dismiss this message" @click=${() => this.#dismiss(id)}>
            <svg viewBox="0 0 12 12" aria-hidden="true"><path d="m3 3 6 6M9 3 3 9" /></svg>
          </button>
        </div>`,
      )}
    </div>`;
  }
}

customElements.define('notice-list', NoticeList);
