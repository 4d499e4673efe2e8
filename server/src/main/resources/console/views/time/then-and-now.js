// <then-and-now>: all flags as they were at a moment, and what differs between it and another.

import { LitElement, html, nothing } from 'lit';
import { count } from '../../words.js';
import { isKilled } from '../flags/forest.js';
import '../flags/flag-tree.js';
import './what-differs.js';

class ThenAndNow extends LitElement {
  static properties = {
    environment: { attribute: false },
    moment: { attribute: false },
    now: { attribute: false },
    /** the last event there is */
    last: { attribute: false },
    /** the sequence that the moment is compared with; null for now */
    other: { attribute: false },
    /** the flag that is drawn */
    flag: { attribute: false },
  };

  createRenderRoot() {
    return this;
  }

  render() {
    const { flags } = this.moment;
    const killed = flags.filter(isKilled).length;
    return html`<div class="beside">
      <section aria-labelledby="then-title">
        <h2 id="then-title" class="section">
          ${this.now ? 'The flags now' : 'The flags as they were'}
          <span class="summary">${count(flags.length, 'flag')}${killed > 0 ? html` · <span class="killed">${killed} killed</span>` : nothing}</span>
        </h2>
        <div class="sheet" @click=${this.#picked}>
          ${flags.length === 0
            ? html`<div class="blank"><h2>There was no flag</h2><p>Move on to see them come.</p></div>`
            : html`<flag-tree .flags=${flags}></flag-tree>`}
        </div>
      </section>
      <aside class="differs" aria-labelledby="differs-title">${this.#differences()}</aside>
    </div>`;
  }

  #differences() {
    const { other } = this;
    const here = this.moment.sequence;
    const end = other ?? Math.max(this.last, here);
    const [from, to] = here <= end ? [here, end] : [end, here];
    return html`<h2 id="differs-title" class="section">Difference</h2>
      <p class="between">
        <span>from <b>#${from}</b> to <b>${other === null ? 'now' : `#${to}`}</b></span>
        ${other === null
          ? html`<button type="button" class="button small" title="Then move elsewhere to compare  m" @click=${() => this.#tell('mark')}>Mark #${here}</button>`
          : html`<button type="button" class="button small" @click=${() => this.#tell('unmark')}>Compare with now</button>`}
      </p>
      <what-differs .environment=${this.environment} .from=${from} .to=${to} .now=${other === null}></what-differs>`;
  }

  /** A click beside a flag's link draws it, before the tree would lead to its page. */
  #picked = {
    capture: true,
    handleEvent: (event) => {
      const row = event.target.closest('flag-row');
      if (row && !event.target.closest('a, button')) {
        event.stopPropagation();
        this.#tell('draw', row.dataset.flag);
      }
    },
  };

  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }

  async updated() {
    await this.querySelector('flag-tree')?.updateComplete;
    this.querySelectorAll('flag-row').forEach((row) => row.classList.toggle('is-drawn', row.dataset.flag === this.flag));
  }
}

customElements.define('then-and-now', ThenAndNow);
