// <ledger-console>: the page.

import { LitElement, html, nothing } from 'lit';
import { environments } from './api.js';
import { isKilled, rowsOf } from './forest.js';
import { LiveEnvironment } from './live.js';
import { count, sentence } from './words.js';
import './activity-list.js';
import './flag-tree.js';

const CONNECTIONS = {
  connecting: ['Connecting', 'The first answer is awaited'],
  live: ['Live', 'Every change shows here as it happens'],
  reconnecting: ['Reconnecting', 'The connection was lost; it is tried again by itself'],
  offline: ['Offline', 'The server does not answer; it is tried again by itself'],
};
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

class LedgerConsole extends LitElement {
  static properties = {
    environments: { state: true },
    problem: { state: true },
    filter: { state: true },
    said: { state: true },
  };

  #live = null;
  #default = null;
  #told = null;
  #connectionTold = null;
  #retry = null;

  constructor() {
    super();
    this.environments = [];
    this.problem = null;
    this.filter = '';
    this.said = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('keydown', this.#keyed);
    document.addEventListener('visibilitychange', this.#seen);
    window.addEventListener('popstate', this.#moved);
    this.#begin();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('keydown', this.#keyed);
    document.removeEventListener('visibilitychange', this.#seen);
    window.removeEventListener('popstate', this.#moved);
    clearTimeout(this.#retry);
    this.#live?.stop();
  }

  async #begin() {
    try {
      const answer = await environments();
      this.#default = answer.default;
      this.environments = answer.environments.map(({ name }) => name);
      this.problem = null;
      this.#moved();
    } catch (error) {
      this.problem = error;
      this.#retry = setTimeout(() => this.#begin(), 2_000);
    }
  }

  /** The environment is part of the address, so that a view can be kept and shared. */
  #moved = () => {
    const name = new URLSearchParams(location.search).get('environment') ?? this.#default;
    if (this.#live?.name === name) {
      return;
    }
    this.#live?.stop();
    this.#told = null;
    this.said = '';
    this.#live = new LiveEnvironment(name, () => this.#changed());
    document.title = `${name} · Flag Ledger`;
    this.#live.start();
  };

  /** Others may have come since. */
  async #refreshEnvironments() {
    const answer = await environments().catch(() => null);
    this.environments = answer?.environments.map(({ name }) => name) ?? this.environments;
  }

  #changed() {
    const { events, connection } = this.#live;
    if (connection === 'live' && (this.#connectionTold === 'reconnecting' || this.#connectionTold === 'offline')) {
      this.#refreshEnvironments();
    }
    this.#connectionTold = connection;
    if (events !== null) {
      const newest = events[0]?.sequence ?? 0;
      if (this.#told !== null && newest > this.#told) {
        this.said = `${sentence(events[0])}: ${events[0].reason}`;
      }
      this.#told = newest;
    }
    this.requestUpdate();
  }

  #choose(name) {
    history.pushState(null, '', name === this.#default ? location.pathname : `?${new URLSearchParams({ environment: name })}`);
    this.#moved();
  }

  #seen = () => {
    if (!document.hidden && this.#live) {
      this.#refreshEnvironments();
    }
  };

  #keyed = (event) => {
    const typing = event.target.matches?.('input, select, textarea');
    if (event.key === '/' && !typing && !event.ctrlKey && !event.metaKey) {
      event.preventDefault();
      this.querySelector('#filter')?.focus();
    }
  };

  render() {
    const live = this.#live;
    return html`
      <a class="skip" href="#flags">Skip to the flags</a>
      <header class="bar">
        <p class="brand">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path class="ink" d="M2.5 2h2v16h-2zM6 3h11.2l-2.6 3.25L17.2 9.5H6z" />
            <path class="line" d="M6 12h11v2H6zM6 16h7v2H6z" />
          </svg>
          <span>Flag Ledger</span>
        </p>
        ${live ? this.#environment(live) : nothing} ${this.#connection(live)}
      </header>
      <main id="flags" tabindex="-1">
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
          </div>
          <div class="sheet">${this.#flags(live)}</div>
        </section>
        <aside class="activity" aria-labelledby="activity-title">
          <h2 id="activity-title">Activity</h2>
          <activity-list .events=${live?.events ?? null}></activity-list>
        </aside>
      </main>
      <p class="unseen" role="status">${this.said}</p>
      ${this.#notice(live)}
    `;
  }

  #environment(live) {
    const names = this.environments.includes(live.name) ? this.environments : [live.name, ...this.environments];
    if (names.length === 1) {
      return html`<p class="environment"><span class="unseen">Environment</span>${live.name}</p>`;
    }
    return html`<label class="environment choice">
      <span class="unseen">Environment</span>
      <select .value=${live.name} @change=${(event) => this.#choose(event.target.value)}>
        ${names.map((name) => html`<option value=${name} ?selected=${name === live.name}>${name}</option>`)}
      </select>
      <svg viewBox="0 0 12 12" aria-hidden="true"><path d="m3 4.5 3 3 3-3" /></svg>
    </label>`;
  }

  #connection(live) {
    const state = live?.connection ?? (this.problem ? 'reconnecting' : 'connecting');
    const [name, meaning] = CONNECTIONS[state];
    return html`<p class="connection" data-state=${state}>
      <span class="state" title=${meaning} role="status"><i aria-hidden="true"></i>${name}</span>
      <span class="sequence" title="The last event of this environment that is shown here">
        <span class="unseen">Sequence</span>${live?.flags ? `#${live.sequence}` : '#–'}
      </span>
    </p>`;
  }

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
    const problem = live ? live.problem : this.problem;
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
    if (problem.status === 404) {
      return html`<div class="blank" role="alert">
        <h2>There is no environment ${this.#live.name}</h2>
        <p>Its first change would make it. There is <a href="?">${this.#default}</a>.</p>
      </div>`;
    }
    return html`<div class="blank" role="alert">
      <h2>${problem.title ?? 'The flags can’t be shown'}</h2>
      <p>${problem.detail || 'Is the server running? Start it with'}${problem.detail ? nothing : html` <code>./ledger up</code>.`}</p>
      <p class="hint">This page tries again by itself.</p>
    </div>`;
  }

  #empty(live) {
    const environment = live.name === this.#default ? '' : ` --environment ${live.name}`;
    return html`<div class="blank empty">
      <svg class="emblem" viewBox="0 0 64 48" aria-hidden="true">
        <path class="pole" d="M14 6v38" />
        <path class="cloth" d="M14 8h34l-7 8 7 8H14z" />
        <path class="rule" d="M24 34h30M24 41h20" />
      </svg>
      <h2>No flags in ${live.name} yet</h2>
      <p>The first one is made from a terminal:</p>
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

  /** Floats above the page, so that nothing moves when it comes. */
  #notice(live) {
    if (!live?.flags) {
      return nothing;
    }
    if (live.connection === 'offline') {
      return html`<p class="notice" role="alert">
        <b>Offline since ${clock.format(live.lostAt)}.</b> These are the flags as of #${live.sequence}. The page goes on by itself.
      </p>`;
    }
    return live.problem && live.connection === 'live'
      ? html`<p class="notice" role="alert"><b>The flags could not be refreshed.</b> ${live.problem.message}. It is tried again by itself.</p>`
      : nothing;
  }
}

customElements.define('ledger-console', LedgerConsole);
