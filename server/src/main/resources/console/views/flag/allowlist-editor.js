// <allowlist-editor>: who is let in by name; many can be pasted at once.

import { LitElement, html, nothing } from 'lit';
import { repeat } from 'lit/directives/repeat.js';
import { count } from '../../words.js';
import { MOST_ENTRIES, entriesOf, entryId, parseEntries, same } from './draft.js';

const SHOWN = 120;

class AllowlistEditor extends LitElement {
  static properties = {
    flag: { attribute: false },
    draft: { attribute: false },
    readonly: { attribute: false },
    text: { state: true },
    kind: { state: true },
    filter: { state: true },
  };

  constructor() {
    super();
    this.text = '';
    this.kind = 'user';
    this.filter = '';
  }

  createRenderRoot() {
    return this;
  }

  render() {
    const there = entriesOf(this.flag.allowlist);
    const { added = [], removed = [] } = this.draft.allowlist ?? {};
    const gone = new Set(removed.map(entryId));
    const all = [...added.map((entry) => ({ entry, state: 'added' })), ...there.map((entry) => ({ entry, state: gone.has(entryId(entry)) ? 'removed' : '' }))];
    const found = all.filter(({ entry }) => words(entry).toLowerCase().includes(this.filter.toLowerCase()));
    return html`
      <div class="card-head">
        <h2>Allowlist</h2>
        <span class="quiet">${this.#sum()}</span>
        ${all.length > 12
          ? html`<input
              class="input small-input"
              type="search"
              placeholder="Find"
              aria-label="Find on the allowlist"
              .value=${this.filter}
              @input=${(event) => (this.filter = event.target.value)}
            />`
          : nothing}
      </div>
      ${all.length === 0
        ? html`<p class="quiet">Nobody is on it. ${this.readonly ? nothing : 'A user with an org lets the whole org in.'}</p>`
        : html`<ul class="entries" aria-label="Allowlist" tabindex=${this.readonly ? 0 : nothing}>
            ${repeat(
              found.slice(0, SHOWN),
              ({ entry, state }) => `${state === 'added'} ${entryId(entry)}`,
              (item) => this.#chip(item),
            )}
          </ul>`}
      ${found.length > SHOWN ? html`<p class="quiet">and ${count(found.length - SHOWN, 'more', 'more')}: find them by a part of their name.</p>` : nothing}
      ${this.readonly ? nothing : this.#adding(all.length)}
    `;
  }

  #sum() {
    const { users, orgs } = this.flag.allowlist;
    return [users.length > 0 && count(users.length, 'user'), orgs.length > 0 && count(orgs.length, 'org')].filter(Boolean).join(' · ');
  }

  #chip({ entry, state }) {
    const name = words(entry);
    return html`<li class="entry ${state}" data-entry=${name}>
      <span class="entry-kind" aria-hidden="true">${entry.user === undefined ? ORG : USER}</span>
      <span class="unseen">${entry.user === undefined ? 'org' : 'user'} ${state}</span>
      <span class="key">${entry.user ?? entry.org}</span>${entry.user !== undefined && entry.org ? html`<span class="entry-org">@${entry.org}</span>` : nothing}
      ${this.readonly
        ? nothing
        : html`<button type="button" class="x" aria-label="${state === '' ? 'Remove' : 'Keep as it was:'} ${name}" title=${state === '' ? 'Remove' : 'Keep as it was'} @click=${() => this.#toggle(entry, state)}>
            <svg viewBox="0 0 12 12" aria-hidden="true"><path d=${state === 'removed' ? 'M3 6a3 3 0 1 0 1-2.2M3.6 2v2h2' : 'm3 3 6 6M9 3 3 9'} /></svg>
          </button>`}
    </li>`;
  }

  #adding(size) {
    const entries = parseEntries(this.text, this.kind);
    const says = this.kind === 'user' ? 'Users, one a line or with commas: ada or ada@acme' : 'Orgs, one a line or with commas';
    return html`<form class="adding" @submit=${this.#add}>
      <div class="row">
        <select class="select narrow" aria-label="What is added" .value=${this.kind} @change=${(event) => (this.kind = event.target.value)}>
          <option value="user">Users</option>
          <option value="org">Orgs</option>
        </select>
        <textarea
          class="key"
          rows=${Math.min(6, Math.max(1, this.text.split('\n').length))}
          spellcheck="false"
          aria-label=${says}
          placeholder=${this.kind === 'user' ? 'ada@acme, grace@globex …' : 'acme, globex …'}
          .value=${this.text}
          @input=${(event) => (this.text = event.target.value)}
          @keydown=${(event) => event.key === 'Enter' && !event.shiftKey && this.#add(event)}
        ></textarea>
        <button type="submit" class="button add-entries" ?disabled=${entries.length === 0}>
          ${entries.length > 1 ? `Add ${entries.length}` : 'Add'}
        </button>
      </div>
      ${entries.length > 0 ? html`<p class="hint quiet">${this.#read(entries, size)}</p>` : nothing}
    </form>`;
  }

  /** How what was typed is understood, before it is added. */
  #read(entries, size) {
    if (size + entries.length > MOST_ENTRIES) {
      return html`<span class="refused">An allowlist has room for ${count(MOST_ENTRIES, 'entry', 'entries')}; this would be ${size + entries.length}.</span>`;
    }
    const [first] = entries;
    const one = first.user === undefined ? html`org <b>${first.org}</b>` : html`user <b>${first.user}</b>${first.org ? html`, which lets in all of org <b>${first.org}</b>` : nothing}`;
    return html`${one}${entries.length > 1 ? html` and ${count(entries.length - 1, 'more', 'more')}` : nothing}. Enter adds, Shift+Enter begins a line.`;
  }

  #add = (event) => {
    event.preventDefault();
    const { added = [], removed = [] } = this.draft.allowlist ?? {};
    const there = new Map(entriesOf(this.flag.allowlist).map((entry) => [entryId(entry), entry]));
    const entries = parseEntries(this.text, this.kind).filter((entry) => !same(there.get(entryId(entry)), entry));
    const typed = new Set(parseEntries(this.text, this.kind).map(entryId));
    const more = new Map([...added, ...entries].map((entry) => [entryId(entry), entry]));
    this.text = '';
    this.#tell([...more.values()], removed.filter((entry) => !typed.has(entryId(entry))));
  };

  #toggle(entry, state) {
    const { added = [], removed = [] } = this.draft.allowlist ?? {};
    const without = (list) => list.filter((each) => entryId(each) !== entryId(entry));
    if (state === 'added') {
      this.#tell(without(added), removed);
    } else {
      this.#tell(added, state === 'removed' ? without(removed) : [...removed, entry]);
    }
  }

  #tell(added, removed) {
    const value = added.length + removed.length > 0 ? { added, removed } : undefined;
    this.dispatchEvent(new CustomEvent('edit', { bubbles: true, detail: { field: 'allowlist', value } }));
  }
}

const USER = html`<svg viewBox="0 0 12 12"><circle cx="6" cy="4" r="2" /><path d="M2.5 10.5a3.5 3.5 0 0 1 7 0" /></svg>`;
const ORG = html`<svg viewBox="0 0 12 12"><path d="M2.5 10.5v-8h5v8M7.5 5h2v5.5M4.2 4.6h1.6M4.2 6.8h1.6" /></svg>`;

function words(entry) {
  return entry.user === undefined ? entry.org : entry.org ? `${entry.user}@${entry.org}` : entry.user;
}

customElements.define('allowlist-editor', AllowlistEditor);
