// <access-timeline>: when a subject had access to a flag, and which event began and ended it.

import { LitElement, html, nothing, svg } from 'lit';
import { get, of } from '../../api.js';
import { problemView } from '../../parts/problem-view.js';
import { href } from '../../router.js';
import { count, sentence } from '../../words.js';
import { Latest } from '../time/moments.js';
import { Scale } from '../time/scale.js';
import { tickWords, when } from '../time/when.js';

const MARKS = 600;
const BECAUSE = {
  ADMIN: 'as an admin',
  ALLOWLIST: 'by the allowlist',
  PERCENTAGE: 'by the percentage',
  GENERALLY_AVAILABLE: 'as it is generally available',
  KILLED: 'the kill switch',
  ARCHIVED: 'archived',
  PARENT: 'a parent',
  STAGE: 'the stage',
};

class AccessTimeline extends LitElement {
  static properties = {
    environment: { attribute: false },
    flag: { attribute: false },
    /** {user, org, admin} */
    subject: { attribute: false },
    /** up to where it must be known */
    sequence: { attribute: false },
    /** a sequence that is pointed at, or null */
    at: { attribute: false },
    timeline: { state: true },
    scale: { state: true },
    problem: { state: true },
  };

  #asked = '';
  #latest = new Latest((wanted, signal) => this.#load(wanted, signal));

  constructor() {
    super();
    this.at = null;
    this.timeline = null;
    this.scale = null;
    this.problem = null;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#latest.stop();
    this.#asked = '';
  }

  willUpdate() {
    const { environment, flag, subject, sequence } = this;
    const asked = JSON.stringify([environment, flag, subject]);
    if (asked !== this.#asked) {
      this.timeline = null;
    }
    if (asked + sequence !== this.#asked + this.#upTo) {
      this.#asked = asked;
      this.#upTo = sequence;
      this.#latest.want({ environment, flag, subject, sequence, asked });
    }
  }

  #upTo = 0;

  async #load({ environment, flag, subject, sequence, asked }, signal) {
    const { user, org, admin } = subject;
    const after = sequence || undefined;
    try {
      const [timeline, { marks }] = await Promise.all([
        get(`${of(environment)}/flags/${encodeURIComponent(flag)}/timeline`, { user, org, admin: admin ? 'true' : undefined, after }, signal),
        get(`${of(environment)}/marks`, { limit: MARKS, after }, signal),
      ]);
      if (asked === this.#asked) {
        this.timeline = timeline;
        this.scale = marks.length > 0 ? new Scale(marks, 'events', Date.now()) : null;
        this.problem = null;
      }
    } catch (error) {
      if (!signal.aborted && asked === this.#asked) {
        this.problem = error;
      }
    }
  }

  render() {
    if (this.problem) {
      return html`${problemView(this.problem)}`;
    }
    if (this.timeline === null || this.scale === null) {
      return html`<div class="waiting" role="status"><span class="unseen">The timeline is being fetched</span><svg class="bone" width="100%" height="30" aria-hidden="true"></svg></div>`;
    }
    const { intervals, open } = this.timeline;
    return html`
      ${this.#bar(intervals)}
      <p class="quiet">
        ${intervals.length === 0 ? 'Never had access.' : `${count(intervals.length, 'time', 'times')} with access; ${open ? 'it goes on' : 'none now'}.`}
      </p>
      ${intervals.length === 0 ? nothing : html`<ol class="intervals">${intervals.toReversed().map((interval) => this.#interval(interval))}</ol>`}
    `;
  }

  #bar(intervals) {
    const { scale } = this;
    const percent = (x) => `${(100 * x).toFixed(3)}%`;
    return html`<div class="access-bar">
      <svg role="img" aria-label="Access over time: ${intervals.length === 0 ? 'never' : intervals.map(spoken).join('; ')}">
        ${intervals.map(({ from, until }) => {
          const start = scale.x(from.decision.sequence);
          const end = until ? scale.x(until.decision.sequence) : 1;
          return svg`<rect class="had" x=${percent(start)} y="6" width=${percent(Math.max(0.002, end - start))} height="22" rx="2"><title>${spoken({ from, until })}</title></rect>`;
        })}
        ${this.at === null ? nothing : svg`<line class="at" x1=${percent(scale.x(this.at))} x2=${percent(scale.x(this.at))} y1="0" y2="34" />`}
      </svg>
      <p class="ticks" aria-hidden="true">${tickWords(scale).map((words) => html`<span>${words}</span>`)}</p>
    </div>`;
  }

  #interval({ from, until }) {
    return html`<li class="interval">
      ${this.#edge('began', from, BECAUSE[from.decision.reason])}
      ${until ? this.#edge('ended', until, BECAUSE[until.decision.reason]) : html`<p class="edge goes-on"><b>Goes on</b></p>`}
    </li>`;
  }

  #edge(kind, { event, decision }, because) {
    return html`<div class="edge ${kind}" data-sequence=${event.sequence}>
      <p>
        <b>${kind === 'began' ? 'Began' : 'Ended'}</b> ${when(Date.parse(event.ledgerTime))}
        <a href=${href('/time', { at: decision.sequence, flag: this.flag })}>#${event.sequence}</a>
        <span class="because">${because}</span>
      </p>
      <p>${sentence(event)}</p>
      <p class="reason">${event.reason}</p>
    </div>`;
  }
}

function spoken({ from, until }) {
  return `from #${from.event.sequence} ${until ? `until #${until.event.sequence}` : 'on'}`;
}

customElements.define('access-timeline', AccessTimeline);
