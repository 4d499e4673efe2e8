// <flag-history>: what happened to a flag, newest first, with what each event changed and a way back to it.

import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { differenceList } from '../../parts/differences.js';
import { actorName, count, deed } from '../../words.js';
import '../../parts/ago-time.js';

const SHOWN = 12;

class FlagHistory extends LitElement {
  static properties = {
    flag: { attribute: false },
    /** oldest first; null while they are not known */
    revisions: { attribute: false },
    problem: { attribute: false },
    readonly: { attribute: false },
    /** the revision that a link has led to; null if none */
    pointed: { attribute: false },
    all: { state: true },
  };

  #led = null;

  constructor() {
    super();
    this.revisions = null;
    this.pointed = null;
    this.all = false;
  }

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="card-head"><h2>History</h2></div>
      ${this.revisions === null ? this.#waiting() : this.#events()}`;
  }

  #waiting() {
    return this.problem
      ? html`<p class="quiet" role="alert">The history can’t be had just now: ${this.problem.message}</p>`
      : html`<ol class="events waiting" aria-hidden="true">
          ${[1, 2, 3].map(() => html`<li class="event"><p class="bone"></p><p class="bone short"></p></li>`)}
        </ol>`;
  }

  #events() {
    const newest = [...this.revisions].reverse();
    const far = newest.findIndex(({ event }) => event.revision === this.pointed);
    const shown = this.all ? newest : newest.slice(0, Math.max(SHOWN, far + 1));
    return html`<ol class="events">
        ${repeat(
          shown,
          ({ event }) => event.sequence,
          (revision) => this.#event(revision),
        )}
      </ol>
      ${newest.length > shown.length
        ? html`<button type="button" class="button small" @click=${() => (this.all = true)}>Show all ${count(newest.length, 'revision')}</button>`
        : nothing}`;
  }

  #event({ event, differences }) {
    const [before, after] = deed(event);
    const kind = { KillSwitchEngaged: 'kill', FlagCreated: 'birth' }[event.change.type] ?? '';
    const current = event.revision === this.flag.revision;
    return html`<li class="event ${kind} ${event.revision === this.pointed ? 'pointed' : ''}" data-revision=${event.revision}>
      <p class="what"><b>${actorName(event.actor)}</b> ${before} it${after ? ` ${after}` : nothing}</p>
      <p class="why">${event.reason}</p>
      ${differences.length > 0 ? differenceList(differences) : nothing}
      <p class="when">
        <ago-time time=${event.ledgerTime}></ago-time><span class="sequence">r${event.revision} · #${event.sequence}</span>
        ${current
          ? html`<span class="pill now">now</span>`
          : this.readonly
            ? nothing
            : html`<button type="button" class="link restore" @click=${() => this.#restore(event)}>
                Restore<span class="unseen"> revision ${event.revision}</span>…
              </button>`}
      </p>
    </li>`;
  }

  /** Whoever follows a link to a revision wants to see it, once. */
  updated() {
    const led = `${this.flag.key} ${this.pointed}`;
    const place = this.querySelector('.event.pointed');
    if (place && this.#led !== led) {
      this.#led = led;
      place.scrollIntoView({ block: 'center' });
      place.querySelector('.restore')?.focus({ preventScroll: true });
    }
  }

  #restore({ revision, sequence }) {
    this.dispatchEvent(new CustomEvent('restore', { bubbles: true, detail: { revision, sequence } }));
  }
}

customElements.define('flag-history', FlagHistory);
