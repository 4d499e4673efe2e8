// <flags-view>: all flags as a tree, and what happened last.

import { LitElement, html, nothing } from 'lit';
import { href } from '../router.js';
import { count } from '../words.js';
import { isKilled, rowsOf } from './flags/forest.js';
import '../parts/activity-list.js';
import './flags/flag-tree.js';

class FlagsView extends LitElement {
  static properties = {
    context: { attribute: false },
    filter: { state: true },
  };

  constructor() {
    super();
    this.filter = '';
  }

  createRenderRoot() {
    return this;
  }

  get shortcuts() {
    const filter = { key: '/', says: 'Filter the flags', act: () => this.querySelector('#filter')?.focus() };
    return this.context.may('editor') ? [filter, { key: 'c', says: 'Create a flag', act: this.#create }] : [filter];
  }

  render() {
    const { live } = this.context;
    return html`<div class="page beside">
      <section class="flags" aria-labelledby="flags-title">
        <div class="heading">
          <h1 id="flags-title">Flags</h1>
          <p class="summary">${this.#summary(live?.flags)}</p>
          <div class="filter">
            <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.5" /><path d="m10.5 10.5 3.5 3.5" /></svg>
            <input
              id="filter"
              type="search"
              placeholder="Filter"
              aria-label="Filter the flags by key, title, owner, stage, or “killed”"
              autocomplete="off"
              spellcheck="false"
              .value=${this.filter}
              @input=${(event) => (this.filter = event.target.value)}
              @keydown=${(event) => event.key === 'Escape' && (this.filter = '')}
            />
            <kbd aria-hidden="true">/</kbd>
          </div>
          ${this.context.may('editor') && live?.flags
            ? html`<button type="button" class="button main create" @click=${this.#create}>Create a flag</button>`
            : nothing}
        </div>
        <div class="sheet">${this.#flags(live)}</div>
      </section>
      <aside class="activity" aria-labelledby="activity-title">
        <h2 id="activity-title">Activity</h2>
        <activity-list tabindex="0" role="group" aria-labelledby="activity-title" .events=${live?.events ?? null}></activity-list>
      </aside>
    </div>`;
  }

  #create = async () => {
    const { createFlag } = await import('./flags/create-flag.js');
    createFlag(this.context.environment, this.context.live?.flags ?? []);
  };

  #summary(flags) {
    if (!flags || flags.length === 0) {
      return nothing;
    }
    const killed = flags.filter(isKilled).length;
    const found = this.filter.trim() ? rowsOf(flags, this.filter).filter((row) => row.found).length : null;
    return html`${found === null ? count(flags.length, 'flag') : `${found} of ${count(flags.length, 'flag')}`}${killed > 0
      ? html`<span class="dot"> · </span><span class="killed">${killed}\u00a0killed</span>`
      : nothing}`;
  }

  #flags(live) {
    const problem = live ? live.problem : this.context.problem;
    if (!live?.flags) {
      return problem ? this.#failure(problem) : this.#waiting();
    }
    if (live.flags.length === 0) {
      return this.#empty(live);
    }
    const nothingFound = this.filter.trim() && rowsOf(live.flags, this.filter).length === 0;
    return html`<flag-tree .flags=${live.flags} .filter=${this.filter.trim()} ?hidden=${nothingFound}></flag-tree>
      ${nothingFound ? this.#nothingFound() : nothing}`;
  }

  #waiting() {
    return html`<div class="waiting" role="status">
      <span class="unseen">The flags are being fetched</span>
      ${[34, 22, 40, 28, 36].map(
        (width) => html`<div class="ghost" aria-hidden="true">
          <svg class="bone" width="${width}%" height="12"></svg><svg class="bone" width="62%" height="12"></svg><svg class="bone" width="44%" height="12"></svg>
        </div>`,
      )}
    </div>`;
  }

  #failure(problem) {
    const { environment, defaultEnvironment } = this.context;
    if (problem.status === 404) {
      return html`<div class="blank" role="alert">
        <h2>There is no environment ${environment}</h2>
        <p>Its first change would make it. There is <a href=${href('/flags', { environment: '' })}>${defaultEnvironment}</a>.</p>
      </div>`;
    }
    return html`<div class="blank" role="alert">
      <h2>${problem.title ?? 'The flags can’t be shown'}</h2>
      <p>${problem.detail || 'Is the server running? Start it with'}${problem.detail ? nothing : html` <code>./ledger up</code>.`}</p>
      <p class="hint">This page tries again by itself.</p>
    </div>`;
  }

  #empty(live) {
    const environment = live.name === this.context.defaultEnvironment ? '' : ` --environment ${live.name}`;
    return html`<div class="blank empty">
      <svg class="emblem" viewBox="0 0 64 48" aria-hidden="true">
        <path class="pole" d="M14 6v38" />
        <path class="cloth" d="M14 8h34l-7 8 7 8H14z" />
        <path class="rule" d="M24 34h30M24 41h20" />
      </svg>
      <h2>No flags in ${live.name} yet</h2>
      ${this.context.may('editor')
        ? html`<p><button type="button" class="button main" @click=${this.#create}>Create the first flag</button></p>
            <p>Or from a terminal:</p>`
        : html`<p>The first one is made from a terminal:</p>`}
      <pre><code>./ledger${environment} flag create gastown --reason "the first of many"</code></pre>
      <p class="hint">It appears here the moment it is written. Or see a whole story: <code>./ledger up --demo</code></p>
    </div>`;
  }

  #nothingFound() {
    return html`<div class="blank">
      <h2>No flag matches “${this.filter.trim()}”</h2>
      <p>Keys, titles, owners, tags, stages, people and reasons are searched, and the words killed, closed and archived.</p>
    </div>`;
  }
}

customElements.define('flags-view', FlagsView);
