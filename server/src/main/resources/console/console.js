// <ledger-console>: what stands around every view: where one is, how well the page is connected, and who is signed in.

import { LitElement, html, nothing } from 'lit';
import { environments, me } from './api.js';
import { LiveEnvironment } from './live.js';
import { ROUTES, go, href, onRoute, routeOf } from './router.js';
import { currentToken, onSession, signOut } from './session.js';
import { listenToKeys, showShortcuts } from './shortcuts.js';
import { keepTheme, nextTheme, theme } from './theme.js';
import { mayDo } from './roles.js';
import { sentence } from './words.js';
import './parts/notice-list.js';

const CONNECTIONS = {
  connecting: ['Connecting', 'The first answer is awaited'],
  live: ['Live', 'Every change shows here as it happens'],
  reconnecting: ['Reconnecting', 'The connection was lost; it is tried again by itself'],
  offline: ['Offline', 'The server does not answer; it is tried again by itself'],
  out: ['Signed out', 'Nothing new is shown until you sign in'],
};
const HIDDEN_MS = 10_000;
const clock = new Intl.DateTimeFormat('en-GB', { timeStyle: 'medium' });

class LedgerConsole extends LitElement {
  static properties = {
    environments: { state: true },
    problem: { state: true },
    said: { state: true },
    signIn: { state: true },
    view: { state: true },
  };

  #live = null;
  #me = null;
  #default = null;
  #told = null;
  #connectionTold = null;
  #retry = null;
  #hidden = null;
  #at = routeOf();
  #elements = new Map();
  #focusMain = false;
  #stop = new AbortController();

  constructor() {
    super();
    this.environments = [];
    this.problem = null;
    this.said = '';
    this.signIn = false;
    this.view = null;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    onRoute((how) => this.#moved(how), signal);
    onSession('signed-out', () => this.#signedOut(), signal);
    onSession('signed-in', () => this.#begin(), signal);
    listenToKeys(() => this.view, signal);
    document.addEventListener('visibilitychange', () => this.#seen(), { signal });
    window.addEventListener('pagehide', () => this.#live?.pause(), { signal }); // or the browser may keep it, and its connection
    window.addEventListener('pageshow', () => this.#live?.resume(), { signal });
    if (location.pathname === '/sign-in') {
      this.#signedOut();
    } else {
      this.#show();
      this.#begin();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
    clearTimeout(this.#retry);
    this.#live?.stop();
  }

  /** Who is it, and which environments are there. */
  async #begin() {
    clearTimeout(this.#retry);
    try {
      const [who, answer] = await Promise.all([currentToken() === null ? null : me(), environments()]);
      this.#me = who;
      this.#default = answer.default;
      this.environments = answer.environments.map(({ name }) => name);
      this.problem = null;
      this.signIn = false;
      this.#follow();
    } catch (error) {
      if (error.status !== 401) {
        this.problem = error;
        this.#retry = setTimeout(() => this.#begin(), 2_000);
      }
    }
    this.requestUpdate();
  }

  async #signedOut() {
    clearTimeout(this.#retry);
    this.#live?.stop();
    this.#me = null;
    await import('./parts/sign-in.js');
    this.signIn = true;
  }

  /** The environment is part of the address, so that a view can be kept and shared. */
  #follow() {
    const name = this.#at.query.get('environment') ?? this.#default;
    if (name === null || (this.#live?.name === name && !this.#live.stopped)) {
      return;
    }
    this.#live?.stop();
    this.#told = null;
    this.said = '';
    this.#live = new LiveEnvironment(name, () => this.#changed(), this.#live?.name === name ? this.#live : undefined);
    this.#live.start();
  }

  #moved({ back, replace }) {
    const before = this.#at;
    this.#at = routeOf();
    this.#follow();
    const another = before.route !== this.#at.route || before.params.key !== this.#at.params.key;
    this.#show();
    if (another && !back && !replace) {
      window.scrollTo(0, 0);
    }
    if (another) {
      this.#focusMain = true;
    }
    this.requestUpdate();
  }

  /** A view is made when it is first shown, and kept: what was typed or unfolded in it is there when one comes back. */
  async #show() {
    const { route } = this.#at;
    if (route === null) {
      this.view = null;
      return;
    }
    if (!this.#elements.has(route.view)) {
      try {
        await route.load();
      } catch {
        this.problem = { title: 'This page can’t be loaded', detail: 'Is the server running? Load it again, then.' };
        return;
      }
      this.#elements.set(route.view, document.createElement(`${route.view}-view`));
    }
    if (this.#at.route === route) {
      this.view = this.#elements.get(route.view);
    }
  }

  /** A window that nobody looks at gives its connection up after a while. */
  #seen() {
    clearTimeout(this.#hidden);
    if (document.hidden) {
      this.#hidden = setTimeout(() => this.#live?.pause(), HIDDEN_MS);
    } else if (this.#live) {
      this.#live.resume();
      this.#refreshEnvironments();
    }
  }

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

  /**
   * What a view is told, made anew whenever something of it changes.
   *
   * `environment` (null until known), `defaultEnvironment`, `environments` (names), `live` (a LiveEnvironment or null),
   * `params` and `query` of the address, `me` (null where there is no sign-in), `may(role)` in this environment,
   * `problem` (why not even the environments are known, or null).
   */
  #context() {
    const { params, query } = this.#at;
    const environment = this.#live?.name ?? query.get('environment') ?? this.#default;
    return {
      environment,
      defaultEnvironment: this.#default,
      environments: this.environments,
      live: this.#live,
      params,
      query,
      me: this.#me,
      may: (role) => mayDo(this.#me, environment, role),
      problem: this.problem,
    };
  }

  willUpdate() {
    if (this.view) {
      this.view.context = this.#context();
    }
    const { route, params } = this.#at;
    const where = params.key ?? route?.title ?? 'Nothing here';
    const environment = this.#live?.name;
    document.title = [where, environment, 'Flag Ledger'].filter(Boolean).join(' · ');
  }

  updated() {
    if (this.#focusMain && this.view?.isConnected) {
      this.#focusMain = false;
      this.querySelector('main').focus({ preventScroll: true });
    }
  }

  render() {
    const live = this.#live;
    return html`
      <a class="skip" href="#main" @click=${this.#skip}>Skip to the content</a>
      <header class="bar">
        <a class="brand" href=${href('/flags')} aria-label="Flag Ledger">
          <svg viewBox="0 0 20 20" aria-hidden="true">
            <path class="ink" d="M2.5 2h2v16h-2zM6 3h11.2l-2.6 3.25L17.2 9.5H6z" />
            <path class="line" d="M6 12h11v2H6zM6 16h7v2H6z" />
          </svg>
          <span>Flag Ledger</span>
        </a>
        ${live ? this.#environment(live) : nothing} ${this.#navigation()} ${this.#connection(live)} ${this.#tools()}
      </header>
      <main id="main" tabindex="-1">${this.#main()}</main>
      <p class="unseen" role="status">${this.said}</p>
      ${this.#banner(live)}
      <notice-list></notice-list>
      ${this.signIn && live ? html`<sign-in class="over"></sign-in>` : nothing}
    `;
  }

  #main() {
    if (this.signIn && !this.#live) {
      return html`<sign-in></sign-in>`;
    }
    if (this.#at.route === null && location.pathname !== '/sign-in') {
      return html`<div class="page"><div class="blank" role="alert">
        <h1>There is nothing at ${location.pathname}</h1>
        <p>Here are <a href=${href('/flags')}>the flags</a>.</p>
      </div></div>`;
    }
    return this.view ?? nothing;
  }

  #navigation() {
    const here = this.#at.route?.under ?? this.#at.route?.view;
    return html`<nav class="views" aria-label="Views">
      ${ROUTES.filter(({ title }) => title).map(
        ({ view, path, title }) => html`<a href=${href(path)} aria-current=${view === here ? 'page' : nothing}>${title}</a>`,
      )}
    </nav>`;
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

  #choose(name) {
    go(href(location.pathname, { environment: name === this.#default ? '' : name }));
  }

  #connection(live) {
    const state = this.signIn ? 'out' : (live?.connection ?? (this.problem ? 'reconnecting' : 'connecting'));
    const [name, meaning] = CONNECTIONS[state];
    return html`<p class="connection" data-state=${state}>
      <span class="state" title=${meaning} role="status"><i aria-hidden="true"></i>${name}</span>
      <span class="sequence" title="The last event of this environment that is shown here">
        <span class="unseen">Sequence</span>${live?.flags ? `#${live.sequence}` : '#–'}
      </span>
    </p>`;
  }

  #tools() {
    return html`<div class="tools">
      ${this.#me
        ? html`<button type="button" class="tool who" popovertarget="account" title="Signed in as ${this.#me.subject}">
              <span class="unseen">Signed in as </span>${this.#me.subject}
            </button>
            <div id="account" class="popover" popover>
              <p><b>${this.#me.subject}</b></p>
              <p class="quiet">${rolesTold(this.#me)}</p>
              <button type="button" class="button" @click=${signOut}>Sign out</button>
            </div>`
        : nothing}
      <button type="button" class="tool" aria-label="Colours: ${theme()}" title="Colours: ${theme()}" @click=${this.#nextTheme}>
        <svg viewBox="0 0 16 16" aria-hidden="true">
          <circle cx="8" cy="8" r="5.5" />
          <path class="full" d=${{ system: 'M8 2.5a5.5 5.5 0 0 1 0 11z', light: '', dark: 'M8 2.5a5.5 5.5 0 0 1 0 11 5.5 5.5 0 0 1 0-11z' }[theme()]} />
        </svg>
      </button>
      <button type="button" class="tool" aria-label="Keyboard shortcuts" title="Keyboard shortcuts (?)" @click=${() => showShortcuts(this.view)}>?</button>
    </div>`;
  }

  #nextTheme = () => {
    keepTheme(nextTheme());
    this.requestUpdate();
  };

  #skip = (event) => {
    event.preventDefault();
    this.querySelector('main').focus();
  };

  /** Floats above the page, so that nothing moves when it comes. */
  #banner(live) {
    if (!live?.flags) {
      return nothing;
    }
    if (live.connection === 'offline') {
      return html`<p class="notice" role="alert">
        <b>Offline since ${clock.format(live.lostAt)}.</b> These are the flags as of #${live.sequence}. The page goes on by itself.
      </p>`;
    }
    return live.problem && live.connection === 'live' && !this.signIn
      ? html`<p class="notice" role="alert"><b>The flags could not be refreshed.</b> ${live.problem.message}. It is tried again by itself.</p>`
      : nothing;
  }
}

function rolesTold({ environments: granted }) {
  return Object.entries(granted)
    .map(([name, roles]) => `${roles.at(-1)} ${name === '*' ? 'everywhere' : `in ${name}`}`)
    .join('; ');
}

customElements.define('ledger-console', LedgerConsole);
