// <flag-tree>: all flags as a tree that the keyboard can walk.

import { LitElement, html } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { flagHref, go } from '../../router.js';
import { rowsOf } from './forest.js';
import './flag-row.js';

class FlagTree extends LitElement {
  static properties = {
    flags: { attribute: false },
    filter: { attribute: false },
    folded: { state: true },
    current: { state: true },
  };

  #known = null;
  #rows = [];

  constructor() {
    super();
    this.flags = [];
    this.filter = '';
    this.folded = new Set();
    this.current = null;
    this.addEventListener('keydown', (event) => this.#keyed(event));
    this.addEventListener('focusin', (event) => (this.current = event.target.closest('flag-row')?.row.flag.key ?? this.current));
    this.addEventListener('click', (event) => this.#clicked(event));
    this.addEventListener('fold', (event) => this.#fold(event.detail));
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.role = 'treegrid';
    this.ariaLabel = 'Flags';
  }

  willUpdate() {
    this.#rows = rowsOf(this.flags, this.filter, this.folded);
  }

  render() {
    const rows = this.#rows;
    const stop = rows.some((row) => row.flag.key === this.current) ? this.current : rows[0]?.flag.key;
    const known = this.#known;
    return html`
      <div class="columns" role="row">
        <span role="columnheader">Flag</span>
        <span role="columnheader">Stage</span>
        <span role="columnheader">Allowlist</span>
        <span role="columnheader">Last change</span>
        <span role="columnheader" class="end">Rev<span class="unseen">ision</span></span>
      </div>
      ${repeat(
        rows,
        (row) => row.flag.key,
        (row) =>
          html`<flag-row
            role="row"
            data-flag=${row.flag.key}
            aria-level=${row.depth + 1}
            aria-posinset=${row.position}
            aria-setsize=${row.siblings}
            .ariaExpanded=${row.children > 0 ? String(row.expanded) : null}
            tabindex=${row.flag.key === stop ? 0 : -1}
            .fresh=${known !== null && !known.has(row.flag.key)}
            .row=${row}
          ></flag-row>`,
      )}
    `;
  }

  updated() {
    this.#known = new Set(this.flags.map((flag) => flag.key));
  }

  /** Anywhere in a row, unless something in it is clicked or text is being marked. */
  #clicked(event) {
    const row = event.target.closest('flag-row')?.row;
    if (row && !event.target.closest('a, button') && !event.ctrlKey && !event.metaKey && getSelection().isCollapsed) {
      go(flagHref(row.flag.key));
    }
  }

  #fold(key) {
    const folded = new Set(this.folded);
    if (!folded.delete(key)) {
      folded.add(key);
    }
    this.folded = folded;
  }

  #keyed(event) {
    if (event.altKey || event.ctrlKey || event.metaKey || event.target.localName !== 'flag-row') {
      return;
    }
    const { row } = event.target;
    const index = this.#rows.indexOf(row);
    const act = {
      ArrowDown: () => this.#go(index + 1),
      ArrowUp: () => this.#go(index - 1),
      Home: () => this.#go(0),
      End: () => this.#go(this.#rows.length - 1),
      Enter: () => go(flagHref(row.flag.key)),
      ArrowRight: () => (row.children > 0 && !row.expanded ? this.#fold(row.flag.key) : row.expanded && this.#go(index + 1)),
      ArrowLeft: () => (row.expanded && !this.filter ? this.#fold(row.flag.key) : this.#go(this.#above(index))),
    }[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  }

  #above(index) {
    const { depth } = this.#rows[index];
    return this.#rows.findLastIndex((row, at) => at < index && row.depth < depth);
  }

  #go(index) {
    const row = this.#rows[index];
    if (row) {
      this.querySelector(`flag-row[data-flag="${CSS.escape(row.flag.key)}"]`)?.focus();
    }
  }
}

customElements.define('flag-tree', FlagTree);
