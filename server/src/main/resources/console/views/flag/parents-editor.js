// <parents-editor>: which flags must let somebody in first, what they do to this one now, and which flags stand below it.

import { LitElement, html, nothing } from 'lit';
import { flagHref } from '../../router.js';
import { percent, stageName } from '../../words.js';
import { isKilled } from '../flags/forest.js';

class ParentsEditor extends LitElement {
  static properties = {
    flag: { attribute: false },
    flags: { attribute: false },
    draft: { attribute: false },
    readonly: { attribute: false },
  };

  createRenderRoot() {
    return this;
  }

  render() {
    const { key } = this.flag;
    const parents = this.draft.parents ?? this.flag.parents;
    const children = this.flags.filter((flag) => flag.parents.some((parent) => parent.flag === key));
    return html`
      <div class="card-head"><h2>Parents</h2></div>
      ${parents.length === 0
        ? html`<p class="quiet">It stands by itself: no other flag must let somebody in first.</p>`
        : html`<ul class="parents">
            ${parents.map((parent) => this.#parent(parent, parents))}
          </ul>`}
      ${this.readonly ? nothing : this.#adding(parents)}
      ${children.length > 0
        ? html`<h3>Below it</h3>
            <p class="children">${children.map((child) => html`<a class="key" href=${flagHref(child.key)}>${child.key}</a> `)}</p>`
        : nothing}
    `;
  }

  #parent(parent, parents) {
    const flag = this.flags.find(({ key }) => key === parent.flag);
    return html`<li class="parent" data-parent=${parent.flag}>
      <div>
        <a class="key" href=${flagHref(parent.flag)}>${parent.flag}</a>
        <span class="quiet ${flag && isKilled(flag) ? 'closes' : ''}">${effect(flag)}</span>
      </div>
      ${flag && !this.readonly
        ? html`<details class="must" ?open=${parent.variants !== undefined}>
            <summary>${parent.variants ? `must serve ${parent.variants.join(' or ')}` : 'serving any variant'}</summary>
            <span class="row">
              ${Object.keys(flag.variants).map(
                (name) => html`<label class="check"
                  ><input
                    type="checkbox"
                    .checked=${parent.variants?.includes(name) ?? false}
                    @change=${(event) => this.#must(parents, parent, name, event.target.checked)}
                  />
                  ${name}</label
                >`,
              )}
            </span>
          </details>`
        : parent.variants
          ? html`<span class="quiet">must serve ${parent.variants.join(' or ')}</span>`
          : nothing}
      ${this.readonly
        ? nothing
        : html`<button type="button" class="x" aria-label="Remove parent ${parent.flag}" title="Remove" @click=${() => this.#tell(parents.filter((each) => each !== parent))}>
            <svg viewBox="0 0 12 12" aria-hidden="true"><path d="m3 3 6 6M9 3 3 9" /></svg>
          </button>`}
    </li>`;
  }

  #must(parents, parent, name, wanted) {
    const named = new Set(parent.variants ?? []);
    named[wanted ? 'add' : 'delete'](name);
    const changed = named.size > 0 ? { flag: parent.flag, variants: [...named].sort() } : { flag: parent.flag };
    this.#tell(parents.map((each) => (each === parent ? changed : each)));
  }

  /** Only those that can be: no cycle, nothing archived. */
  #adding(parents) {
    const below = descendants(this.flag.key, this.flags);
    const could = this.flags.filter(({ key, archived }) => !archived && !below.has(key) && !parents.some(({ flag }) => flag === key));
    if (could.length === 0) {
      return nothing;
    }
    const id = `parents-of-${this.flag.key}`;
    return html`<form class="row adding-parent" @submit=${(event) => this.#add(event, parents, could)}>
      <input class="input key" list=${id} placeholder="Another flag" aria-label="Add a parent: the key of a flag" autocomplete="off" spellcheck="false" />
      <datalist id=${id}>${could.slice(0, 500).map(({ key, title }) => html`<option value=${key}>${title}</option>`)}</datalist>
      <button type="submit" class="button">Add</button>
      <span class="field-problem" role="alert"></span>
    </form>`;
  }

  #add(event, parents, could) {
    event.preventDefault();
    const field = event.target.querySelector('input');
    const key = field.value.trim();
    const told = event.target.querySelector('[role=alert]');
    if (!could.some((flag) => flag.key === key)) {
      told.textContent = key === '' ? '' : `${key} can’t be a parent of it: there is no such flag, or it stands below or is archived.`;
      return;
    }
    told.textContent = '';
    field.value = '';
    this.#tell([...parents, { flag: key }]);
  }

  #tell(parents) {
    this.dispatchEvent(new CustomEvent('edit', { bubbles: true, detail: { field: 'parents', value: parents } }));
  }
}

function effect(flag) {
  if (!flag) {
    return 'is not there';
  }
  if (isKilled(flag)) {
    return 'is killed, so only admins get in here';
  }
  return flag.stage === 'PERCENTAGE'
    ? `lets ${percent(flag.percentage)} of ${flag.bucketBy === 'USER' ? 'users' : 'orgs'} in`
    : { ADMIN_ONLY: 'lets only admins in', ALLOWLIST: 'lets its allowlist in', GENERALLY_AVAILABLE: 'lets everybody in' }[flag.stage] ?? stageName(flag.stage);
}

/** The flag itself and all that stand below it. */
export function descendants(key, flags) {
  const below = new Set([key]);
  for (let size = 0; size !== below.size; ) {
    size = below.size;
    flags.filter((flag) => flag.parents.some((parent) => below.has(parent.flag))).forEach((flag) => below.add(flag.key));
  }
  return below;
}

customElements.define('parents-editor', ParentsEditor);
