// <audit-view>: who changed what, when and why; what is found can be taken along, and the ledger's wholeness is told.

import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { events as eventsOf } from '../api.js';
import { notice } from '../notices.js';
import { problemView } from '../parts/problem-view.js';
import { go, href } from '../router.js';
import { styles } from '../styles.js';
import { count } from '../words.js';
import { exportEvents } from './audit/export.js';
import { FILTERS } from './audit/filters.js';
import './audit/audit-event.js';
import './audit/integrity-badge.js';

const PAGE = 50;
const KIB = 1_024;

await styles('/css/audit.css');

class AuditView extends LitElement {
  static properties = {
    context: { attribute: false },
    events: { state: true },
    next: { state: true },
    problem: { state: true },
    filterProblem: { state: true },
    unfolded: { state: true },
    loading: { state: true },
    exporting: { state: true },
  };

  #asked = null;
  #upTo = 0;
  #stop = new AbortController();
  #exportStop = null;

  constructor() {
    super();
    this.unfolded = new Set();
    this.exporting = null;
    this.#forget();
  }

  createRenderRoot() {
    return this;
  }

  get shortcuts() {
    return [{ key: '/', says: 'Search for words', act: () => this.querySelector('#audit-text')?.focus() }];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#stop.abort();
    this.#asked = null;
  }

  #forget() {
    this.events = null;
    this.next = null;
    this.problem = null;
    this.filterProblem = null;
    this.loading = false;
  }

  get #filters() {
    return Object.fromEntries(FILTERS.map((name) => [name, this.context.query.get(name) ?? '']));
  }

  willUpdate() {
    const { environment, live, query } = this.context;
    if (environment === null || !live?.flags || !this.isConnected) {
      return;
    }
    const asked = JSON.stringify([environment, this.#filters]);
    if (asked !== this.#asked) {
      const another = this.#asked !== null && JSON.parse(this.#asked)[0] !== environment;
      this.#asked = asked;
      if (another) {
        this.#forget();
      }
      const open = Number(query.get('open'));
      this.unfolded = new Set(open ? [open] : []);
      this.#load();
    }
  }

  /** The newest events that match, from the end of the ledger. */
  #load() {
    this.#upTo = this.context.live.sequence;
    return this.#fetch({ before: this.#upTo + 1 }, []);
  }

  #more() {
    return this.#fetch({ before: this.next }, this.events);
  }

  async #fetch(from, before) {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    const asked = this.#asked;
    this.loading = true;
    try {
      const answer = await eventsOf(this.context.environment, { ...this.#sent(), ...from, order: 'newest', limit: PAGE, atLeast: this.#upTo || undefined }, signal);
      if (asked === this.#asked) {
        this.events = [...before, ...answer.events];
        this.next = answer.next ?? null;
        this.problem = null;
        this.filterProblem = null;
      }
    } catch (error) {
      if (!signal.aborted && asked === this.#asked) {
        const ofFilter = error.status === 422 || (error.status === 404 && this.context.live?.sequence > 0);
        this.filterProblem = ofFilter ? error : null;
        this.problem = ofFilter ? null : error;
      }
    } finally {
      if (!signal.aborted) {
        this.loading = false;
      }
    }
  }

  /** As the server takes them: `#42` is a sequence with a sign that addresses can't have. */
  #sent() {
    return Object.fromEntries(Object.entries(this.#filters).map(([name, value]) => [name, value.trim()]));
  }

  render() {
    const { environment, live } = this.context;
    return html`<div class="page audit-page">
      <div class="heading">
        <h1>Audit</h1>
        <p class="summary">${live?.flags ? count(live.sequence, 'event') : nothing}</p>
        ${live?.sequence > 0 ? this.#exports() : nothing}
      </div>
      ${environment !== null && live?.sequence > 0 ? html`<integrity-badge .environment=${environment} .sequence=${live.sequence}></integrity-badge>` : nothing}
      <audit-filters
        .environment=${environment}
        .given=${this.#filters}
        .flags=${live?.flags?.map(({ key }) => key) ?? []}
        .problem=${this.filterProblem}
        @filter=${(event) => go(href('/audit', event.detail), { replace: true })}
      ></audit-filters>
      <div class="sheet" @unfold=${this.#unfold}>${this.#body()}</div>
    </div>`;
  }

  #exports() {
    if (this.exporting) {
      const { format, bytes } = this.exporting;
      return html`<p class="exports" role="status">
        ${format.toUpperCase()}: ${bytes < KIB * KIB ? `${Math.ceil(bytes / KIB)} KiB` : `${(bytes / KIB / KIB).toFixed(1)} MiB`} …
        <button type="button" class="button" @click=${() => this.#exportStop?.abort()}>Stop</button>
      </p>`;
    }
    const says = FILTERS.some((name) => this.#filters[name]) ? 'all events that match' : 'all events';
    return html`<p class="exports">
      <button type="button" class="button" aria-label="Export ${says} as CSV" title="Export ${says} as CSV" @click=${() => this.#export('csv')}>Export CSV</button>
      <button type="button" class="button" aria-label="Export ${says} as NDJSON" title="Export ${says}, a JSON object a line" @click=${() => this.#export('ndjson')}>NDJSON</button>
    </p>`;
  }

  async #export(format) {
    this.#exportStop = new AbortController();
    this.exporting = { format, bytes: 0 };
    const query = { ...this.#sent(), order: 'newest', before: this.#upTo + 1 };
    try {
      await exportEvents(this.context.environment, query, format, (bytes) => (this.exporting = { format, bytes }), this.#exportStop.signal);
      notice('The events were exported');
    } catch (error) {
      if (error.name !== 'AbortError') {
        notice('The export broke off, and nothing was saved', { kind: 'problem', detail: error.detail || error.message, action: { label: 'Try again', act: () => this.#export(format) } });
      }
    } finally {
      this.exporting = null;
    }
  }

  #unfold = ({ detail }) => {
    const unfolded = new Set(this.unfolded);
    if (!unfolded.delete(detail)) {
      unfolded.add(detail);
    }
    this.unfolded = unfolded;
  };

  #body() {
    const { live, problem: none } = this.context;
    const problem = this.problem ?? (live?.flags ? null : (live?.problem ?? none));
    if (live?.flags && live.sequence === 0) {
      return html`<div class="blank"><h2>Nothing has happened in ${live.name} yet</h2><p>Every change will stand here for ever: who, what, when and why.</p></div>`;
    }
    if (problem && this.events === null) {
      return html`<div class="blank" role="alert">${problemView(problem)}<button type="button" class="button" @click=${() => ((this.#asked = null), this.requestUpdate())}>Try again</button></div>`;
    }
    if (this.events === null) {
      return this.filterProblem
        ? html`<div class="blank"><h2>No events are shown</h2><p>${this.filterProblem.detail}</p></div>`
        : html`<div class="waiting" role="status"><span class="unseen">The events are being fetched</span>
            ${[62, 48, 70, 54].map((width) => html`<div class="ghost" aria-hidden="true"><svg class="bone" width="${width}%" height="12"></svg><svg class="bone" width="60%" height="12"></svg></div>`)}
          </div>`;
    }
    return html`${this.#fresh(live)} ${problem ? problemView(problem) : nothing}
    ${this.events.length === 0
      ? html`<div class="blank"><h2>No event matches</h2><p>${this.next === null ? 'Take a filter away, or other words.' : `None was found back to #${this.next}.`}</p></div>`
      : html`<div class="audit-events" role="list" aria-label="Events, newest first">
          ${repeat(
            this.events,
            ({ sequence }) => sequence,
            (event) => html`<audit-event role="listitem" data-sequence=${event.sequence} .environment=${this.context.environment} .event=${event} .open=${this.unfolded.has(event.sequence)}></audit-event>`,
          )}
        </div>`}
    ${this.#foot()}`;
  }

  /** What came since is not thrown in between what one is reading. */
  #fresh(live) {
    const fresh = live.sequence - this.#upTo;
    return fresh > 0 && !this.#filters.until
      ? html`<p class="fresh-events"><button type="button" class="button small" @click=${() => this.#load()}>${count(fresh, 'new event')}: look again</button></p>`
      : nothing;
  }

  #foot() {
    return html`<p class="audit-foot">
      <span class="quiet">${this.next === null ? `${count(this.events.length, 'event')} in all` : `${count(this.events.length, 'event')} so far, back to #${this.events.at(-1)?.sequence ?? this.next}`}</span>
      ${this.next === null
        ? nothing
        : html`<button type="button" class="button more" aria-disabled=${this.loading} @click=${() => this.loading || this.#more()}>${this.loading ? 'Being fetched…' : this.events.length === 0 ? 'Search further' : 'Show older'}</button>`}
    </p>`;
  }
}

customElements.define('audit-view', AuditView);
