// <activity-list>: the last events, newest first.

import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { actorName, deed } from '../words.js';
import './ago-time.js';

class ActivityList extends LitElement {
  static properties = {
    /** newest first; null while they are not known */
    events: { attribute: false },
  };

  #seen = null;

  constructor() {
    super();
    this.events = null;
  }

  createRenderRoot() {
    return this;
  }

  render() {
    if (this.events === null) {
      return html`<ol class="events waiting" aria-hidden="true">
        ${Array.from({ length: 4 }, () => html`<li class="event"><p class="bone"></p><p class="bone short"></p></li>`)}
      </ol>`;
    }
    if (this.events.length === 0) {
      return html`<p class="quiet">Nothing has happened yet. Every change will be listed here: who, what and why.</p>`;
    }
    return html`<ol class="events">
      ${repeat(this.events, (event) => event.sequence, (event) => this.#event(event))}
    </ol>`;
  }

  #event(event) {
    const [before, after] = deed(event);
    const kind = { KillSwitchEngaged: 'kill', FlagCreated: 'birth' }[event.change.type] ?? '';
    const fresh = this.#seen !== null && event.sequence > this.#seen ? 'fresh' : '';
    return html`<li class="event ${kind} ${fresh}" data-sequence=${event.sequence}>
      <p class="what"><b>${actorName(event.actor)}</b> ${before} <span class="key">${event.flag}</span>${after ? ` ${after}` : nothing}</p>
      <p class="why">${event.reason}</p>
      <p class="when"><ago-time time=${event.ledgerTime}></ago-time><span class="sequence">#${event.sequence}</span></p>
    </li>`;
  }

  updated() {
    this.#seen = this.events === null ? null : (this.#seen ?? this.events[0]?.sequence ?? 0);
  }
}

customElements.define('activity-list', ActivityList);
