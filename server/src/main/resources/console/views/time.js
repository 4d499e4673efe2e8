// <time-view>: every flag as it was, at any moment of the environment's life.

import { LitElement, html, nothing } from 'lit';
import { get, of } from '../api.js';
import { problemView } from '../parts/problem-view.js';
import { flagHref, go, href } from '../router.js';
import { styles } from '../styles.js';
import { ago, count } from '../words.js';
import { isKilled } from './flags/forest.js';
import { Latest, Moments } from './time/moments.js';
import { Player } from './time/player.js';
import { Scale } from './time/scale.js';
import { thisEvent } from './time/this-event.js';
import { when } from './time/when.js';
import './flags/flag-tree.js';
import './time/flag-chart.js';
import './time/ruler.js';
import './time/what-differs.js';

const MARKS = 600;
const ADDRESS_AFTER_MS = 200;
const AHEAD_AFTER_MS = 60;

await Promise.all([styles('/css/along-time.css'), styles('/css/time.css')]);

class TimeView extends LitElement {
  static properties = {
    context: { attribute: false },
    marks: { state: true },
    moment: { state: true },
    /** where one wants to be: a sequence, or 'now' */
    wanted: { state: true },
    problem: { state: true },
    typed: { state: true },
    typedProblem: { state: true },
    playing: { state: true },
  };

  #environment = null;
  #moments = null;
  #latest = new Latest((wanted, signal) => this.#load(wanted, signal));
  #scale = null;
  #scaleOf = null;
  #written = null;
  #timers = { address: 0, ahead: 0 };
  #markedUpTo = -1;
  #player = new Player(() => this.#advance());

  constructor() {
    super();
    this.#reset();
  }

  createRenderRoot() {
    return this;
  }

  get shortcuts() {
    return [
      { key: '[', says: 'One event back', act: () => this.#step(-1) },
      { key: ']', says: 'One event on', act: () => this.#step(1) },
      { key: ' ', says: 'Play, or stop', act: () => this.#play() },
      { key: 'm', says: 'Mark this moment, to compare others with it', act: () => this.#mark() },
      { key: 'n', says: 'Now', act: () => this.#want('now') },
    ];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#latest.stop();
    this.#stopPlaying();
    clearTimeout(this.#timers.address);
    clearTimeout(this.#timers.ahead);
  }

  #reset() {
    this.marks = null;
    this.moment = null;
    this.wanted = null;
    this.problem = null;
    this.typed = '';
    this.typedProblem = null;
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
      this.#moments = environment === null ? null : new Moments(environment);
      this.#latest.stop();
      this.#reset();
    }
    if (environment === null || !this.isConnected) {
      return;
    }
    const head = live?.flags ? live.sequence : 0;
    if (head > this.#markedUpTo) {
      this.#markedUpTo = head;
      this.#loadMarks();
    }
    if (changes.has('context') || this.wanted === null) {
      this.#follow();
    }
  }

  /** Goes where the address says, unless that is where one is going anyway. */
  #follow() {
    const at = this.#query.get('at') ?? 'now';
    if (at !== this.#written) {
      this.#written = at;
      this.wanted = at;
      this.#latest.want(at);
    } else if (at === 'now' && this.wanted === 'now' && this.moment && this.context.live?.sequence > this.moment.sequence) {
      this.#latest.want('now');
    }
  }

  async #loadMarks() {
    const environment = this.#environment;
    try {
      const { marks } = await get(`${of(environment)}/marks`, { limit: MARKS, after: this.#markedUpTo || undefined });
      if (environment === this.#environment) {
        this.marks = marks;
      }
    } catch (error) {
      if (environment === this.#environment) {
        this.problem ??= error;
        this.#markedUpTo = -1;
      }
    }
  }

  async #load(wanted, signal) {
    const moments = this.#moments;
    try {
      const moment = this.#moments.known(Number(wanted)) ?? (await moments.at(String(wanted), signal));
      if (moments === this.#moments) {
        this.moment = moment;
        this.problem = null;
        this.typedProblem = null;
        this.wanted = wanted === 'now' ? 'now' : this.wanted === wanted ? moment.sequence : this.wanted;
        this.#lookAhead();
        if (String(this.wanted) !== this.#written) {
          this.#tellAddress();
        }
      }
    } catch (error) {
      if (!signal.aborted && moments === this.#moments) {
        this.#failed(wanted, error);
      }
    }
  }

  #failed(wanted, error) {
    this.#stopPlaying();
    if (wanted === this.typed.trim() && this.moment) {
      this.typedProblem = error;
      this.wanted = this.moment.sequence;
    } else {
      this.problem = error;
    }
  }

  /** What one may want next is fetched while one looks. */
  #lookAhead() {
    clearTimeout(this.#timers.ahead);
    const { moment } = this;
    const moments = this.#moments;
    this.#timers.ahead = setTimeout(() => {
      moments
        .neighbours(moment)
        .filter((sequence) => sequence !== null && !moments.known(sequence))
        .forEach((sequence) => moments.at(String(sequence)).catch(() => {}));
    }, AHEAD_AFTER_MS);
  }

  #want(wanted) {
    this.wanted = wanted;
    const known = this.#moments?.known(wanted);
    if (known) {
      this.#latest.stop();
      this.moment = known;
      this.problem = null;
      this.#lookAhead();
    } else {
      this.#latest.want(wanted);
    }
    this.#tellAddress();
  }

  #tellAddress() {
    clearTimeout(this.#timers.address);
    this.#timers.address = setTimeout(() => this.#go({}), ADDRESS_AFTER_MS);
  }

  /** The address holds the moment, so that it can be kept and shared. */
  #go(more, { replace = true } = {}) {
    const at = this.wanted === 'now' || this.wanted === null ? 'now' : String(this.wanted);
    this.#written = at;
    const query = { ...Object.fromEntries(this.#query), ...more, at: at === 'now' ? '' : at };
    go(href('/time', query), { replace });
  }

  #step(by) {
    if (!this.moment || !this.#scaleNow()) {
      return;
    }
    this.#stopPlaying();
    this.#stepOn(by);
  }

  #stepOn(by) {
    const scale = this.#scaleNow();
    const from = typeof this.wanted === 'number' ? this.wanted : this.moment.sequence;
    let to = by === -Infinity ? 0 : by === Infinity ? scale.last : scale.step(from, by);
    if (to === null) {
      const [before, behind] = this.#moments.neighbours(this.moment);
      to = { '-1': before, 1: behind }[by] ?? Math.min(scale.last, Math.max(0, from + by * Math.ceil(scale.last / this.marks.length)));
    }
    this.#want(to >= scale.last ? 'now' : to);
  }

  #play() {
    if (this.playing) {
      this.#stopPlaying();
      return;
    }
    if (!this.moment || !this.#scaleNow()) {
      return;
    }
    if (this.moment.sequence >= this.#scaleNow().last) {
      this.#want(0);
    }
    this.playing = true;
    this.#player.start(this.#scaleNow().cuts?.length ?? this.marks.length);
  }

  #advance() {
    if (this.wanted === 'now') {
      this.#stopPlaying();
      return;
    }
    this.#stepOn(this.#player.stride);
  }

  #stopPlaying() {
    this.#player.stop();
    this.playing = false;
  }

  #mark() {
    if (this.moment) {
      this.#go({ with: this.#other === this.moment.sequence ? '' : String(this.moment.sequence) });
    }
  }

  #scaleNow() {
    const kind = this.#query.get('scale') === 'time' ? 'time' : 'events';
    if (this.marks === null || this.marks.length === 0) {
      return null;
    }
    if (this.#scaleOf?.marks !== this.marks || this.#scaleOf.kind !== kind) {
      this.#scaleOf = { marks: this.marks, kind };
      this.#scale = new Scale(this.marks, kind, Date.now());
    }
    return this.#scale;
  }

  render() {
    const scale = this.#scaleNow();
    return html`<div class="page time">
      <div class="heading">
        <h1>Time machine</h1>
        <p class="summary" role="status">${this.#summary()}</p>
        ${scale ? this.#goTo() : nothing}
      </div>
      ${this.#body(scale)}
    </div>`;
  }

  #summary() {
    const { moment } = this;
    if (!moment) {
      return nothing;
    }
    if (this.#isNow()) {
      return html`<b>Now</b>, #${moment.sequence}`;
    }
    return moment.sequence === 0 ? 'Before the first event' : html`<b>#${moment.sequence}</b>, ${when(Date.parse(moment.at))}, ${ago(new Date(moment.at))}`;
  }

  #isNow() {
    return this.wanted === 'now' || (this.moment && this.marks?.length > 0 && this.moment.sequence >= this.#scaleNow().last);
  }

  #goTo() {
    return html`<form class="go-to" @submit=${this.#submitted} novalidate>
      <input
        class="input"
        aria-label="Go to a moment: a sequence, a time, or a span back from now"
        placeholder="#42, 2026-01-31, 3h"
        autocomplete="off"
        spellcheck="false"
        aria-invalid=${this.typedProblem !== null}
        aria-describedby=${this.typedProblem ? 'go-to-problem' : nothing}
        .value=${this.typed}
        @input=${(event) => (this.typed = event.target.value)}
      />
      <button class="button">Go</button>
      <button type="button" class="button" ?disabled=${this.#isNow()} @click=${() => this.#want('now')}>Now</button>
      ${this.typedProblem ? html`<p id="go-to-problem" class="field-problem" role="alert">${this.typedProblem.detail || this.typedProblem.title}</p>` : nothing}
    </form>`;
  }

  #submitted = (event) => {
    event.preventDefault();
    const text = this.typed.trim().replace(/^#/, '');
    if (text) {
      this.typed = text;
      this.#stopPlaying();
      this.#want(/^\d+$/.test(text) ? Number(text) : text);
    }
  };

  #body(scale) {
    if (this.problem && (!this.moment || this.problem.status !== 0)) {
      return this.#failure();
    }
    if (this.marks !== null && this.marks.length === 0) {
      return html`<div class="sheet"><div class="blank">
        <h2>Nothing has happened in ${this.#environment} yet</h2>
        <p>Every change will be a mark on the ruler that stands here, and you can go back to any of them.</p>
      </div></div>`;
    }
    if (!scale || !this.moment) {
      return html`<div class="waiting" role="status"><span class="unseen">The past is being fetched</span>
        <div class="sheet instrument"><svg class="bone" width="100%" height="180" aria-hidden="true"></svg></div>
        <div class="sheet">${[34, 22, 40].map((width) => html`<div class="ghost" aria-hidden="true"><svg class="bone" width="${width}%" height="12"></svg></div>`)}</div>
      </div>`;
    }
    return html`${this.problem ? problemView(this.problem) : nothing} ${this.#instrument(scale)}
      <div class="beside">
        <section aria-labelledby="then-title">
          <h2 id="then-title" class="section">${this.#isNow() ? 'The flags now' : 'The flags as they were'} ${this.#counts()}</h2>
          <div class="sheet">${this.#tree()}</div>
        </section>
        <aside class="differs" aria-labelledby="differs-title">${this.#differences(scale)}</aside>
      </div>`;
  }

  #failure() {
    const { status, title, detail } = this.problem;
    return html`<div class="sheet"><div class="blank" role="alert">
      <h2>${status === 404 ? 'There is no such moment' : (title ?? 'The past can’t be shown')}</h2>
      <p>${detail || 'Is the server running?'}</p>
      <p class="row">
        <button type="button" class="button" @click=${() => this.#again()}>Try again</button>
        <button type="button" class="button" @click=${() => ((this.problem = null), this.#want('now'))}>Go to now</button>
      </p>
    </div></div>`;
  }

  #again() {
    this.problem = null;
    this.#markedUpTo = -1;
    this.#latest.want(this.wanted ?? 'now');
  }

  #counts() {
    const { flags } = this.moment;
    const killed = flags.filter(isKilled).length;
    return html`<span class="summary">${count(flags.length, 'flag')}${killed > 0 ? html` · <span class="killed">${killed} killed</span>` : nothing}</span>`;
  }

  #instrument(scale) {
    const position = this.#position();
    const flag = this.#flag();
    return html`<section class="sheet instrument" aria-label="The life of ${this.#environment}">
      <div class="ruler-row">
        <button type="button" class="button small icon" aria-label="One event back" title="One event back  [" ?disabled=${position <= 0} @click=${() => this.#step(-1)}>
          <svg viewBox="0 0 14 14" aria-hidden="true"><path d="M9 2.5 4.5 7 9 11.5" /></svg>
        </button>
        <time-ruler
          .marks=${this.marks}
          .scale=${scale}
          .position=${position}
          .other=${this.#other}
          .told=${this.#told()}
          @move=${(event) => (this.#stopPlaying(), this.#want(event.detail >= scale.last ? 'now' : event.detail))}
          @step=${(event) => this.#step(event.detail)}
        ></time-ruler>
        <span class="ruler-end">
          <button type="button" class="button small icon" aria-label="One event on" title="One event on  ]" ?disabled=${position >= scale.last} @click=${() => this.#step(1)}>
            <svg viewBox="0 0 14 14" aria-hidden="true"><path d="M5 2.5 9.5 7 5 11.5" /></svg>
          </button>
          <button type="button" class="button small icon" aria-label=${this.playing ? 'Stop' : 'Play'} title=${this.playing ? 'Stop' : 'Play'} @click=${() => this.#play()}>
            <svg viewBox="0 0 14 14" aria-hidden="true"><path class="full" d=${this.playing ? 'M3.5 3h2.6v8H3.5zM7.9 3h2.6v8H7.9z' : 'M4 2.5 11 7l-7 4.5z'} /></svg>
          </button>
        </span>
      </div>
      ${flag ? html`<flag-chart .environment=${this.#environment} .flag=${flag} .scale=${scale} .position=${position} .sequence=${scale.last} @move=${(event) => this.#want(event.detail)}></flag-chart>` : nothing}
      <div class="instrument-foot">
        <div>${thisEvent(this.moment, this.context.live?.flags ?? [])}</div>
        <div class="controls">${flag ? this.#flagChoice(flag) : nothing} ${this.#scaleChoice()}</div>
      </div>
    </section>`;
  }

  #position() {
    return typeof this.wanted === 'number' ? this.wanted : this.moment.sequence;
  }

  #told() {
    const { moment } = this;
    const last = moment.changes.at(-1);
    return last ? `#${moment.sequence}, ${when(Date.parse(moment.at))}: ${last.actor.id}, ${last.flag}, ${last.reason}` : 'Before the first event';
  }

  /** The flag whose life is drawn: the one in the address, else the first that there is. */
  #flag() {
    return this.#query.get('flag') ?? this.moment.flags.find(({ parents }) => parents.length === 0)?.key ?? this.context.live?.flags?.[0]?.key ?? null;
  }

  #flagChoice(flag) {
    const keys = new Set([flag, ...this.moment.flags.map(({ key }) => key), ...(this.context.live?.flags ?? []).map(({ key }) => key)]);
    return html`<label class="choice-of">
      <span>Drawn</span>
      <select class="select" @change=${(event) => this.#go({ flag: event.target.value })}>
        ${[...keys].sort().map((key) => html`<option value=${key} ?selected=${key === flag}>${key}</option>`)}
      </select>
      <span class="legend" aria-hidden="true"><i class="percentage"></i>percentage <i class="stage"></i>stage <i class="shut"></i>killed</span>
    </label>`;
  }

  #scaleChoice() {
    const kind = this.#query.get('scale') === 'time' ? 'time' : '';
    const option = (value, says) =>
      html`<label><input type="radio" name="scale" value=${value} .checked=${kind === value} @change=${() => this.#go({ scale: value })} /><span>${says}</span></label>`;
    return html`<fieldset class="segments"><legend class="unseen">The ruler’s scale</legend>${option('', 'By event')}${option('time', 'By time')}</fieldset>`;
  }

  #tree() {
    const { flags } = this.moment;
    if (flags.length === 0) {
      return html`<div class="blank"><h2>There was no flag</h2><p>Move on to see them come.</p></div>`;
    }
    return html`<flag-tree .flags=${flags} @click=${this.#picked}></flag-tree>`;
  }

  /** A click beside a flag's link draws it. */
  #picked = (event) => {
    const row = event.target.closest('flag-row');
    if (row && !event.target.closest('a, button')) {
      this.#go({ flag: row.dataset.flag });
    }
  };

  #differences(scale) {
    const here = this.moment.sequence;
    const other = this.#other;
    const end = other ?? Math.max(scale.last, here);
    const [from, to] = here <= end ? [here, end] : [end, here];
    return html`<h2 id="differs-title" class="section">Difference</h2>
      <p class="between">
        from <b>#${from}</b> to <b>${other === null ? 'now' : `#${to}`}</b>
        ${other === null
          ? html`<button type="button" class="button small" title="Then move elsewhere to compare  m" @click=${() => this.#mark()}>Mark #${here}</button>`
          : html`<button type="button" class="button small" @click=${() => this.#go({ with: '' })}>Compare with now</button>`}
      </p>
      <what-differs .environment=${this.#environment} .from=${from} .to=${to} .now=${other === null}></what-differs>`;
  }

  updated() {
    const flag = this.moment ? this.#flag() : null;
    this.querySelectorAll('flag-row').forEach((row) => row.classList.toggle('is-drawn', row.dataset.flag === flag));
  }
}

customElements.define('time-view', TimeView);
