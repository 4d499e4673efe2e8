// <what-differs>: what differs between two moments, flag by flag.

import { LitElement, html, nothing } from 'lit';
import { get, of } from '../../api.js';
import { differenceList } from '../../parts/differences.js';
import { problemView } from '../../parts/problem-view.js';
import { flagHref } from '../../router.js';
import { count } from '../../words.js';
import { Latest } from './moments.js';

const MOST_KEPT = 200;
const MOST_SHOWN = 100;
const KINDS = { CREATED: 'created', GONE: 'not there', ARCHIVED: 'archived', REVIVED: 'revived', CHANGED: '' };

class WhatDiffers extends LitElement {
  static properties = {
    environment: { attribute: false },
    from: { attribute: false },
    /** a sequence, later than `from` or the same */
    to: { attribute: false },
    now: { attribute: false },
    diff: { state: true },
    problem: { state: true },
  };

  #kept = new Map();
  #latest = new Latest((wanted, signal) => this.#load(wanted, signal));

  constructor() {
    super();
    this.diff = null;
    this.problem = null;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#latest.stop();
  }

  willUpdate(changes) {
    if (changes.has('environment')) {
      this.#kept.clear();
      this.diff = null;
    }
    if (['environment', 'from', 'to'].some((name) => changes.has(name)) && this.from < this.to) {
      const key = `${this.from} ${this.to}`;
      if (this.#kept.has(key)) {
        this.#latest.stop();
        this.diff = this.#kept.get(key);
        this.problem = null;
      } else {
        this.#latest.want({ environment: this.environment, from: this.from, to: this.to, key });
      }
    }
  }

  async #load({ environment, from, to, key }, signal) {
    try {
      const diff = await get(`${of(environment)}/diff`, { from, to }, signal);
      this.#kept.set(key, diff);
      if (this.#kept.size > MOST_KEPT) {
        this.#kept.delete(this.#kept.keys().next().value);
      }
      if (environment === this.environment && from === this.from && to === this.to) {
        this.diff = diff;
        this.problem = null;
      }
    } catch (error) {
      if (!signal.aborted) {
        this.problem = error;
      }
    }
  }

  render() {
    if (this.from === this.to) {
      return html`<p class="quiet">${this.now ? 'This is now. Move back to see what has changed since.' : 'These are one and the same moment.'}</p>`;
    }
    if (this.problem) {
      return html`${problemView(this.problem)}<button type="button" class="button small" @click=${() => this.#again()}>Try again</button>`;
    }
    if (this.diff === null) {
      return html`<p class="quiet" role="status">Being compared…</p>`;
    }
    const { flags } = this.diff;
    if (flags.length === 0) {
      return html`<p class="quiet">Nothing differs: whatever was changed in between was changed back.</p>`;
    }
    return html`<p class="quiet">${count(flags.length, 'flag differs', 'flags differ')}</p>
      <ul class="differing">
        ${flags.slice(0, MOST_SHOWN).map((flag) => this.#flag(flag))}
      </ul>
      ${flags.length > MOST_SHOWN ? html`<p class="quiet">and ${flags.length - MOST_SHOWN} more: <code>./ledger diff ${this.from} ${this.to}</code></p>` : nothing}`;
  }

  #flag({ flag, kind, revisions, differences = [] }) {
    return html`<li data-flag=${flag}>
      <p class="differing-flag">
        <a class="key" href=${flagHref(flag)}>${flag}</a>
        ${KINDS[kind] ? html`<span class="pill">${KINDS[kind]}</span>` : nothing}
        ${revisions ? html`<span class="revision">r${revisions.from} → r${revisions.to}</span>` : nothing}
      </p>
      ${differences.length > 0 ? differenceList(differences) : nothing}
    </li>`;
  }

  #again() {
    this.problem = null;
    this.#latest.want({ environment: this.environment, from: this.from, to: this.to, key: `${this.from} ${this.to}` });
  }
}

customElements.define('what-differs', WhatDiffers);
