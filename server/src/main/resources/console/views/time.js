// <time-view>: every flag as it was, at any moment of the environment's life.

import { LitElement, html, nothing } from 'lit';
import { get, of } from '../api.js';
import { problemView } from '../parts/problem-view.js';
import { go, href } from '../router.js';
import { styles } from '../styles.js';
import { ago } from '../words.js';
import { Journey } from './time/journey.js';
import { Player } from './time/player.js';
import { Scale } from './time/scale.js';
import { when } from './time/when.js';
import './time/go-to.js';
import './time/instrument.js';
import './time/then-and-now.js';

const MARKS = 600;
const ADDRESS_AFTER_MS = 200;

await Promise.all([styles('/css/along-time.css'), styles('/css/time.css')]);

class TimeView extends LitElement {
  static properties = {
    context: { attribute: false },
    marks: { state: true },
    marksProblem: { state: true },
    playing: { state: true },
  };

  #environment = null;
  #journey = null;
  #scale = null;
  #scaleOf = null;
  #written = null;
  #addressTimer = 0;
  #markedUpTo = -1;
  #player = new Player(() => this.#advance());

  constructor() {
    super();
    this.#forget();
  }

  createRenderRoot() {
    return this;
  }

  get shortcuts() {
    return [
      { key: '[', says: 'One event back', act: () => this.#step(-1) },
      { key: ']', says: 'One event on', act: () => this.#step(1) },
      { key: 'p', says: 'Play, or stop', act: () => this.#play() },
      { key: 'm', says: 'Mark this moment, to compare others with it', act: () => this.#mark() },
      { key: 'n', says: 'Now', act: () => this.#want('now') },
    ];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#journey?.stop();
    this.#stopPlaying();
    clearTimeout(this.#addressTimer);
  }

  #forget() {
    this.marks = null;
    this.marksProblem = null;
    this.playing = false;
    this.#written = null;
    this.#markedUpTo = -1;
  }

  get #query() {
    return this.context.query;
  }

  /** The sequence that the moment is compared with; null for now. */
  get #other() {
    const text = this.#query.get('with');
    return /^\d+$/.test(text ?? '') ? Number(text) : null;
  }

  willUpdate(changes) {
    const { environment, live } = this.context;
    if (environment !== this.#environment) {
      this.#environment = environment;
      this.#journey?.stop();
      this.#journey = environment === null ? null : new Journey(environment, () => this.#travelled());
      this.#forget();
    }
    if (environment === null || !this.isConnected) {
      return;
    }
    const head = live?.flags ? live.sequence : 0;
    if (head > this.#markedUpTo) {
      this.#markedUpTo = head;
      this.#loadMarks();
    }
    if (changes.has('context')) {
      this.#follow();
    }
  }

  /** Goes where the address says, unless that is where one is going anyway. */
  #follow() {
    const journey = this.#journey;
    const at = this.#query.get('at') ?? 'now';
    if (at !== this.#written) {
      this.#written = at;
      journey.go(/^\d+$/.test(at) ? Number(at) : at);
    } else if (journey.wanted === 'now' && journey.moment && this.context.live?.sequence > journey.moment.sequence) {
      journey.go('now');
    }
  }

  #travelled() {
    const { wanted, problem, moment } = this.#journey;
    if (problem) {
      this.#stopPlaying();
    } else if (typeof wanted === 'number' && moment?.sequence === wanted && String(wanted) !== this.#written) {
      this.#tellAddress();
    }
    this.requestUpdate();
  }

  async #loadMarks() {
    const environment = this.#environment;
    try {
      const { marks } = await get(`${of(environment)}/marks`, { limit: MARKS, after: this.#markedUpTo || undefined });
      if (environment === this.#environment) {
        this.marks = marks;
        this.marksProblem = null;
      }
    } catch (error) {
      if (environment === this.#environment) {
        this.marksProblem = error;
        this.#markedUpTo = -1;
      }
    }
  }

  #want(wanted) {
    this.#journey?.go(wanted);
    this.#tellAddress();
  }

  #tellAddress() {
    clearTimeout(this.#addressTimer);
    this.#addressTimer = setTimeout(() => this.#go({}), ADDRESS_AFTER_MS);
  }

  /** The address holds the moment, so that it can be kept and shared. */
  #go(more) {
    const { wanted, problem, moment } = this.#journey;
    const there = !problem && (wanted === 'now' || typeof wanted === 'number');
    this.#written = String(there ? wanted : (moment?.sequence ?? this.#written));
    go(href('/time', { ...Object.fromEntries(this.#query), at: this.#written === 'now' ? '' : this.#written, ...more }), { replace: true });
  }

  #step(by) {
    this.#stopPlaying();
    this.#stepOn(by);
  }

  #stepOn(by) {
    const scale = this.#scaleNow();
    const journey = this.#journey;
    if (!scale || !journey.moment) {
      return;
    }
    const from = this.#position();
    let to = by === -Infinity ? 0 : by === Infinity ? scale.last : scale.step(from, by);
    if (to === null) {
      const far = from + by * Math.ceil(scale.last / this.marks.length);
      to = Math.abs(by) === 1 ? (journey.beside(by) ?? from) : Math.min(scale.last, Math.max(0, far));
    }
    this.#moveTo(to);
  }

  #moveTo(sequence) {
    this.#want(sequence >= this.#scaleNow().last ? 'now' : sequence);
  }

  #play() {
    const scale = this.#scaleNow();
    if (this.playing || !scale || !this.#journey.moment) {
      this.#stopPlaying();
      return;
    }
    if (this.#isNow()) {
      this.#want(0);
    }
    this.playing = true;
    this.#player.start(scale.cuts?.length ?? this.marks.length);
  }

  #advance() {
    if (this.#journey.wanted === 'now') {
      this.#stopPlaying();
    } else {
      this.#stepOn(this.#scaleNow().cuts ? this.#player.stride : Math.max(2, this.#player.stride));
    }
  }

  #stopPlaying() {
    this.#player.stop();
    this.playing = false;
  }

  #mark() {
    const here = this.#journey?.moment?.sequence;
    if (here !== undefined) {
      this.#go({ with: this.#other === here ? '' : String(here) });
    }
  }

  get #byTime() {
    return this.#query.get('scale') === 'time';
  }

  #scaleNow() {
    if (this.marks === null || this.marks.length === 0) {
      return null;
    }
    if (this.#scaleOf?.marks !== this.marks || this.#scaleOf.byTime !== this.#byTime) {
      this.#scaleOf = { marks: this.marks, byTime: this.#byTime };
      this.#scale = new Scale(this.marks, this.#byTime ? 'time' : 'events', Date.now());
    }
    return this.#scale;
  }

  #position() {
    const { wanted, moment, problem } = this.#journey;
    return typeof wanted === 'number' && !problem ? Math.min(wanted, this.#scaleNow().last) : moment.sequence;
  }

  #isNow() {
    const { wanted, moment } = this.#journey;
    return wanted === 'now' || (moment !== null && moment.sequence >= (this.#scaleNow()?.last ?? Infinity));
  }

  render() {
    const moment = this.#journey?.moment ?? null;
    const problem = this.#journey?.problem ?? null;
    return html`<div class="page time">
      <div class="heading">
        <h1>Time machine</h1>
        <p class="summary" role="status">${moment ? this.#summary(moment) : nothing}</p>
        ${this.marks?.length > 0
          ? html`<go-to-moment .problem=${moment && problem?.status ? problem : null} .now=${moment !== null && !problem && this.#isNow()} @go=${(event) => this.#want(event.detail)}></go-to-moment>`
          : nothing}
      </div>
      ${this.#body(moment, problem)}
    </div>`;
  }

  #summary(moment) {
    if (this.#isNow()) {
      return html`<b>Now</b>, #${moment.sequence}`;
    }
    return moment.sequence === 0 ? 'Before the first event' : html`<b>#${moment.sequence}</b>, ${when(Date.parse(moment.at))}, ${ago(new Date(moment.at))}`;
  }

  #body(moment, problem) {
    const scale = this.#scaleNow();
    if (this.marks?.length === 0) {
      return html`<div class="sheet"><div class="blank">
        <h2>Nothing has happened in ${this.#environment} yet</h2>
        <p>Every change will be a mark on the ruler that stands here, and you can go back to any of them.</p>
      </div></div>`;
    }
    const failed = (moment === null && problem) || (scale === null && this.marksProblem) || (this.context.live ? null : this.context.problem);
    if (failed) {
      return this.#failure(failed);
    }
    if (scale === null || moment === null) {
      return html`<div class="waiting" role="status"><span class="unseen">The past is being fetched</span>
        <div class="sheet instrument"><svg class="bone" width="100%" height="240" aria-hidden="true"></svg></div>
        <div class="sheet">${[34, 22, 40].map((width) => html`<div class="ghost" aria-hidden="true"><svg class="bone" width="${width}%" height="12"></svg></div>`)}</div>
      </div>`;
    }
    const flag = this.#flag(moment);
    return html`${problem?.status === 0 ? html`<div class="sheet time-problem" role="alert">${problemView(problem)}<button type="button" class="button small" @click=${() => this.#again()}>Try again</button></div>` : nothing}
      <time-instrument
        .environment=${this.#environment}
        .marks=${this.marks}
        .scale=${scale}
        .moment=${moment}
        .position=${this.#position()}
        .other=${this.#other}
        .flag=${flag}
        .flags=${this.context.live?.flags ?? []}
        .playing=${this.playing}
        .byTime=${this.#byTime}
        @move=${(event) => (this.#stopPlaying(), this.#moveTo(event.detail))}
        @step=${(event) => this.#step(event.detail)}
        @play=${() => this.#play()}
        @draw=${(event) => this.#go({ flag: event.detail })}
        @scale=${(event) => this.#go({ scale: event.detail ? 'time' : '' })}
      ></time-instrument>
      <then-and-now
        .environment=${this.#environment}
        .moment=${moment}
        .now=${this.#isNow()}
        .last=${scale.last}
        .other=${this.#other}
        .flag=${flag}
        @draw=${(event) => this.#go({ flag: event.detail })}
        @mark=${() => this.#mark()}
        @unmark=${() => this.#go({ with: '' })}
      ></then-and-now>`;
  }

  #failure({ status, title, detail }) {
    return html`<div class="sheet"><div class="blank" role="alert">
      <h2>${status === 404 ? 'There is no such moment' : status === 0 ? 'The server does not answer' : (title ?? 'The past can’t be shown')}</h2>
      <p>${detail || 'Is the server running?'}</p>
      <p class="row">
        <button type="button" class="button" @click=${() => this.#again()}>Try again</button>
        <button type="button" class="button" @click=${() => this.#want('now')}>Go to now</button>
      </p>
    </div></div>`;
  }

  #again() {
    this.#markedUpTo = -1;
    this.marksProblem = null;
    this.#journey?.again();
    this.requestUpdate();
  }

  /** The flag whose life is drawn: the one in the address, else the first that there is. */
  #flag({ flags }) {
    const roots = [...flags, ...(this.context.live?.flags ?? [])].filter(({ parents }) => parents.length === 0);
    return this.#query.get('flag') ?? roots[0]?.key ?? null;
  }
}

customElements.define('time-view', TimeView);
