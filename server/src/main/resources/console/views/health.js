// <health-view>: how the parts of the system fare: instances, owners, projector, feed and evaluators.

import { LitElement, html, nothing } from 'lit';
import { get, of } from '../api.js';
import { problemView } from '../parts/problem-view.js';
import { styles } from '../styles.js';
import { findings } from './health/findings.js';
import { environmentTable, evaluatorTable, instanceList } from './health/tables.js';
import '../parts/ago-time.js';

const EVERY_MS = 5_000;
const FEED = {
  connecting: ['being connected', false],
  live: ['live', true],
  reconnecting: ['lost, and tried again', false],
  offline: ['offline', false],
};

await Promise.all([styles('/css/along-time.css'), styles('/css/health.css')]);

class HealthView extends LitElement {
  static properties = {
    context: { attribute: false },
    fleet: { state: true },
    ready: { state: true },
    head: { state: true },
    evaluators: { state: true },
    problem: { state: true },
    checkedAt: { state: true },
  };

  #environment = null;
  #timer = 0;
  #stop = new AbortController();

  constructor() {
    super();
    this.fleet = null;
    this.ready = null;
    this.checkedAt = null;
    this.problem = null;
    this.#forget();
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    document.addEventListener('visibilitychange', this.#seen);
    if (this.#environment !== null) {
      this.#check();
    }
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    document.removeEventListener('visibilitychange', this.#seen);
    clearTimeout(this.#timer);
    this.#stop.abort();
  }

  #forget() {
    this.head = null;
    this.evaluators = null;
  }

  willUpdate() {
    const { environment } = this.context;
    if (environment !== null && environment !== this.#environment) {
      this.#environment = environment;
      this.#forget();
      this.#check();
    }
  }

  #seen = () => {
    if (!document.hidden && this.isConnected) {
      this.#check();
    }
  };

  async #check() {
    clearTimeout(this.#timer);
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const environment = this.#environment;
    const orNull = (promise) => promise.catch(() => null);
    try {
      const [fleet, ready, head, evaluators] = await Promise.all([
        get('/api/v1/instances', {}, signal),
        readiness(signal),
        orNull(get(`${of(environment)}/head`, {}, signal)), // an environment without events has none
        orNull(get(`${of(environment)}/evaluators`, {}, signal)),
      ]);
      Object.assign(this, { fleet, ready, head, evaluators: evaluators?.evaluators ?? null, problem: null, checkedAt: new Date() });
    } catch (error) {
      if (!signal.aborted) {
        this.problem = error;
      }
    }
    if (!signal.aborted && !document.hidden) {
      this.#timer = setTimeout(() => this.#check(), EVERY_MS);
    }
  }

  render() {
    return html`<div class="page health-page">
      <div class="heading">
        <h1>Health</h1>
        ${this.checkedAt ? html`<p class="summary">checked <ago-time time=${this.checkedAt.toISOString()}></ago-time></p>` : nothing}
      </div>
      ${this.#body()}
    </div>`;
  }

  #body() {
    if (this.fleet === null) {
      return this.problem
        ? html`<div class="sheet"><div class="blank" role="alert">${problemView(this.problem)}<button type="button" class="button" @click=${() => this.#check()}>Try again</button></div></div>`
        : html`<div class="sheet waiting" role="status"><span class="unseen">The instances are being asked</span>
            ${[40, 28, 36].map((width) => html`<div class="ghost" aria-hidden="true"><svg class="bone" width="${width}%" height="12"></svg><svg class="bone" width="60%" height="12"></svg></div>`)}
          </div>`;
    }
    const { environment } = this.context;
    return html`${this.problem ? html`<div class="verdict bad" role="alert">${problemView(this.problem)} What follows was so when it was last answered.</div>` : this.#verdict()}
      <section aria-labelledby="parts-title"><h2 id="parts-title" class="section">This instance</h2>${this.#here()}</section>
      <section aria-labelledby="instances-title">
        <h2 id="instances-title" class="section">Instances <span class="summary">${this.fleet.instances.length}</span></h2>
        ${instanceList(this.fleet, this.#hereId())}
      </section>
      <section aria-labelledby="environments-title">
        <h2 id="environments-title" class="section">Environments <span class="summary">who owns each, how far, and whether the copies agree</span></h2>
        <div class="sheet">${environmentTable(this.fleet.instances, environment)}</div>
      </section>
      <section aria-labelledby="evaluators-title">
        <h2 id="evaluators-title" class="section">Evaluators <span class="summary">that report to ${environment}</span></h2>
        ${this.#evaluators()}
      </section>`;
  }

  #verdict() {
    const found = findings(this.fleet, this.ready, this.evaluators ?? []);
    return found.length === 0
      ? html`<p class="verdict good" role="status"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="m3 8.5 3.2 3.2L13 4.5" /></svg><b>All is well.</b> Everybody answers, nobody is behind, and all that can be compared agrees.</p>`
      : html`<div role="status"><ul class="verdicts">${found.map(({ level, text }) => html`<li class="verdict ${level}"><svg viewBox="0 0 16 16" aria-hidden="true"><path d="M8 2 14.5 13.5h-13z" /><path d="M8 6.5v3.2M8 11.6v.2" /></svg>${text}</li>`)}</ul></div>`;
  }

  /** The instance that answers this page; it is the only one there is, or the one at this address. */
  #hereId() {
    const { instances } = this.fleet;
    return instances.length === 1 ? instances[0].id : (instances.find(({ address }) => address === location.host)?.id ?? null);
  }

  #here() {
    const { live } = this.context;
    const [feed, good] = FEED[live?.connection ?? 'connecting'];
    const { ready, head } = this;
    const fact = (name, value, well, more) => html`<div data-fact=${name}><dt>${name}</dt><dd><span class="lamp" data-good=${well}><i aria-hidden="true"></i>${value}</span>${more ? html`<span class="quiet">${more}</span>` : nothing}</dd></div>`;
    return html`<dl class="sheet health-facts">
      ${fact('Ready', ready?.status ?? 'unknown', ready?.status === 'ready', ready?.detail ?? '')}
      ${fact('Feed to this page', feed, good, live?.flags ? `up to #${live.sequence}` : '')}
      ${ready?.evaluator ? fact('Own evaluator', String(ready.evaluator.state).toLowerCase(), ready.evaluator.state === 'READY', `#${ready.evaluator.sequence}, heard from the ledger ${(ready.evaluator.silenceMillis / 1_000).toFixed(1)} s ago`) : nothing}
      ${ready?.projector ? fact('Projector', String(ready.projector.state).toLowerCase(), ready.projector.state === 'RUNNING', head ? `${head.environment} at #${head.sequence}, ${head.lag} behind` : '') : nothing}
    </dl>`;
  }

  #evaluators() {
    if (this.evaluators === null) {
      return html`<div class="sheet none-yet"><p class="quiet">This server takes no evaluators’ reports, or can’t be asked for them just now.</p></div>`;
    }
    if (this.evaluators.length === 0) {
      return html`<div class="sheet none-yet"><p class="quiet">None reports here by now. Evaluators that are given this server’s address report every few seconds how far they are; two minutes of silence, and they are gone from here.</p></div>`;
    }
    return html`<div class="sheet">${evaluatorTable(this.evaluators, this.head)}</div>`;
  }
}

/** What `/readyz` says, ready or not. */
async function readiness(signal) {
  try {
    const response = await fetch('/readyz', { signal, headers: { Accept: 'application/json' } });
    return await response.json();
  } catch {
    return null;
  }
}

customElements.define('health-view', HealthView);
