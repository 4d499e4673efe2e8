// <audit-event>: one event as a row, which unfolds to all that is known of it.

import { LitElement, html, nothing } from 'lit';
import { flagHistory } from '../../api.js';
import { differenceList } from '../../parts/differences.js';
import { problemView } from '../../parts/problem-view.js';
import { flagHref, href } from '../../router.js';
import { actorName, deed } from '../../words.js';
import { when } from '../time/when.js';

class AuditEvent extends LitElement {
  static properties = {
    environment: { attribute: false },
    event: { attribute: false },
    open: { attribute: false },
    differences: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.open = false;
    this.differences = null;
    this.problem = null;
  }

  createRenderRoot() {
    return this;
  }

  willUpdate(changes) {
    if (this.open && changes.has('open') && this.differences === null) {
      this.#load();
    }
  }

  async #load() {
    const { sequence, flag } = this.event;
    try {
      const { revisions } = await flagHistory(this.environment, flag, { since: sequence, limit: 1 });
      this.differences = revisions[0]?.event.sequence === sequence ? revisions[0].differences : [];
      this.problem = null;
    } catch (error) {
      this.problem = error;
    }
  }

  render() {
    const { event, open } = this;
    const [before, after] = deed(event);
    return html`
      <div class="audit-row ${event.change.type === 'KillSwitchEngaged' ? 'kill' : ''}" @click=${this.#clicked}>
        <button type="button" class="unfold" aria-expanded=${open} aria-label="Event ${event.sequence}, all of it" @click=${() => this.#toggle()}>
          <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
          <span class="sequence">#${event.sequence}</span>
        </button>
        <time datetime=${event.ledgerTime}>${when(Date.parse(event.ledgerTime))}</time>
        <div class="what"><b>${actorName(event.actor)}</b> ${before} <a class="key" href=${flagHref(event.flag)}>${event.flag}</a>${after ? ` ${after}` : nothing}</div>
        <div class="why">${event.reason}</div>
      </div>
      ${open ? this.#all() : nothing}
    `;
  }

  #all() {
    const { event } = this;
    const { type, flag, ...fields } = event.change;
    return html`<div class="audit-all">
      <section>
        <h3>What it changed</h3>
        ${this.#differences()}
        <p class="row">
          <a href=${href('/time', { at: event.sequence + event.batch.size - 1 - event.batch.index, flag })}>All flags as they were then</a>
          <a href=${href('/audit', { flag })}>All of ${flag}</a>
        </p>
      </section>
      <section>
        <h3>The event</h3>
        <dl class="facts">
          ${fact('Kind', type)} ${fact('Flag', `${event.flag}, revision ${event.revision}`)}
          ${fact('Actor', `${event.actor.id} (${event.actor.kind.toLowerCase()})`)} ${event.actor.onBehalfOf ? fact('For', event.actor.onBehalfOf) : nothing}
          ${fact('Ledger time', event.ledgerTime)} ${fact('Occurred at', event.occurredAt)}
          ${event.batch.size > 1 ? fact('Batch', `${event.batch.index + 1} of ${event.batch.size}`) : nothing} ${fact('Change id', event.changeId)}
          ${fact('Digest', event.digest)} ${fact('Previous digest', event.previousDigest)}
        </dl>
        ${Object.keys(fields).length > 0 ? html`<details><summary>The change as JSON</summary><pre tabindex="0"><code>${JSON.stringify(event.change, null, 2)}</code></pre></details>` : nothing}
      </section>
    </div>`;
  }

  #differences() {
    if (this.problem) {
      return html`${problemView(this.problem)} <button type="button" class="button small" @click=${() => this.#load()}>Try again</button>`;
    }
    if (this.differences === null) {
      return html`<p class="quiet" role="status">Being fetched…</p>`;
    }
    if (this.differences.length === 0) {
      return html`<p class="quiet">${this.event.revision === 1 ? 'The flag was created by it.' : 'Nothing that can be seen.'}</p>`;
    }
    return differenceList(this.differences);
  }

  #clicked = (event) => {
    if (!event.target.closest('a, button') && String(getSelection()) === '') {
      this.#toggle();
    }
  };

  #toggle() {
    this.dispatchEvent(new CustomEvent('unfold', { bubbles: true, detail: this.event.sequence }));
  }
}

function fact(name, value) {
  return html`<div><dt>${name}</dt><dd>${value}</dd></div>`;
}

customElements.define('audit-event', AuditEvent);
