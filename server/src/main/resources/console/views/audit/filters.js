// <audit-filters>: which events are shown. What is typed takes effect by itself, and is never lost.

import { LitElement, html, nothing } from 'lit';
import { get, of } from '../../api.js';

export const FILTERS = ['text', 'flag', 'actor', 'kind', 'since', 'until'];
const TYPED_MS = 250;
const DAY_MS = 86_400_000;
const DAYS = 90;
const KINDS = {
  FlagCreated: 'Created',
  FlagDescribed: 'Described',
  VariantsDefined: 'Variants defined',
  StageMoved: 'Stage moved',
  AllowlistChanged: 'Allowlist changed',
  BucketingChanged: 'Redrawn',
  ParentsChanged: 'Parents changed',
  KillSwitchEngaged: 'Killed',
  KillSwitchReleased: 'Released',
  FlagRestored: 'Restored',
  FlagArchived: 'Archived',
  FlagRevived: 'Revived',
};

class AuditFilters extends LitElement {
  static properties = {
    environment: { attribute: false },
    /** the filters in force, by name */
    given: { attribute: false },
    /** keys that there are */
    flags: { attribute: false },
    /** what the server said about them, or null */
    problem: { attribute: false },
    typed: { state: true },
    actors: { state: true },
  };

  #timer = 0;
  #said = '';

  constructor() {
    super();
    this.flags = [];
    this.problem = null;
    this.typed = {};
    this.actors = null;
  }

  createRenderRoot() {
    return this;
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#timer);
  }

  willUpdate(changes) {
    if (changes.has('environment')) {
      this.actors = null;
    }
    const said = JSON.stringify(this.given);
    if (said !== this.#said) {
      this.#said = said;
      clearTimeout(this.#timer);
      this.typed = { ...this.given };
    }
  }

  render() {
    const any = FILTERS.some((name) => this.typed[name]);
    return html`<form class="audit-filters" role="search" aria-label="Which events" @submit=${(event) => (event.preventDefault(), this.#tell())}>
      <div class="filter wide">
        <svg viewBox="0 0 16 16" aria-hidden="true"><circle cx="7" cy="7" r="4.5" /><path d="m10.5 10.5 3.5 3.5" /></svg>
        <input id="audit-text" type="search" placeholder="Words in reasons, people, changes, digests" aria-label="Words that the event must have" autocomplete="off" spellcheck="false" .value=${this.typed.text ?? ''} @input=${this.#input('text')} />
        <kbd aria-hidden="true">/</kbd>
      </div>
      ${this.#text('flag', 'Flag', 'any', 'audit-flags')} ${this.#text('actor', 'Actor', 'anybody', 'audit-actors')}
      <p class="field">
        <label for="audit-kind">Kind</label>
        <select id="audit-kind" class="select" @change=${(event) => this.#set({ kind: event.target.value }, 0)}>
          <option value="" ?selected=${!this.typed.kind}>any</option>
          ${Object.entries(KINDS).map(([kind, name]) => html`<option value=${kind} ?selected=${this.typed.kind === kind}>${name}</option>`)}
        </select>
      </p>
      ${this.#text('since', 'Since', '#1, 2026-01-31, 3d')} ${this.#text('until', 'Until', 'now')}
      <button type="button" class="button quiet clear" ?disabled=${!any} @click=${() => this.#set(Object.fromEntries(FILTERS.map((name) => [name, ''])), 0)}>Clear</button>
      ${this.problem ? html`<p class="field-problem" id="audit-problem" role="alert">${this.problem.detail || this.problem.title}</p>` : nothing}
      <datalist id="audit-flags">${this.flags.map((key) => html`<option value=${key}></option>`)}</datalist>
      <datalist id="audit-actors">${(this.actors ?? []).map((actor) => html`<option value=${actor}></option>`)}</datalist>
    </form>`;
  }

  #text(name, label, placeholder, list) {
    return html`<p class="field ${name}">
      <label for="audit-${name}">${label}</label>
      <input
        id="audit-${name}"
        class="input"
        placeholder=${placeholder}
        list=${list ?? nothing}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-invalid=${this.#blamed(name)}
        aria-describedby=${this.#blamed(name) ? 'audit-problem' : nothing}
        .value=${this.typed[name] ?? ''}
        @focus=${name === 'actor' ? () => this.#loadActors() : nothing}
        @input=${this.#input(name)}
      />
    </p>`;
  }

  #blamed(name) {
    return this.problem !== null && String(this.problem.detail).includes(`query's ${name}`);
  }

  #input(name) {
    return (event) => this.#set({ [name]: event.target.value }, TYPED_MS);
  }

  #set(fields, after) {
    this.typed = { ...this.typed, ...fields };
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#tell(), after);
  }

  #tell() {
    clearTimeout(this.#timer);
    const filters = Object.fromEntries(FILTERS.map((name) => [name, (this.typed[name] ?? '').trim()]));
    this.#said = JSON.stringify(filters);
    this.dispatchEvent(new CustomEvent('filter', { detail: filters }));
  }

  /** Who has done something lately, to choose from. */
  async #loadActors() {
    if (this.actors !== null) {
      return;
    }
    this.actors = [];
    try {
      const from = new Date(Date.now() - DAYS * DAY_MS).toISOString().slice(0, 10);
      const { counts } = await get(`${of(this.environment)}/activity`, { from });
      this.actors = [...new Set(counts.map(({ actor }) => actor))].sort();
    } catch {
      this.actors = null; // a name can be typed as well
    }
  }
}

customElements.define('audit-filters', AuditFilters);
