// <variants-editor>: what is served, to how many of those who have access, and to those who have not.

import { LitElement, html, nothing } from 'lit';
import { percent } from '../../words.js';
import { same } from './draft.js';

const NAME = /^[A-Za-z0-9._-]{1,64}$/;

class VariantsEditor extends LitElement {
  static properties = {
    flag: { attribute: false },
    draft: { attribute: false },
    readonly: { attribute: false },
    rows: { state: true },
    off: { state: true },
  };

  #from = null;

  constructor() {
    super();
    this.rows = null;
    this.off = null;
  }

  createRenderRoot() {
    return this;
  }

  /** What is typed is kept as text, for it is often not a value yet; it begins anew where the flag or the draft is another. */
  willUpdate() {
    const of = this.draft.variants ?? { variants: this.flag.variants, off: this.flag.off, on: this.flag.on };
    if (!same(of, this.#from)) {
      this.#from = of;
      const weights = new Map(of.on.map(({ variant, weight }) => [variant, weight]));
      this.off = of.off;
      this.rows = Object.entries(of.variants).map(([name, value]) => ({ name, text: textOf(value, this.flag.type), weight: weights.get(name) ?? 0 }));
    }
  }

  render() {
    const sum = this.rows.reduce((total, { weight }) => total + weight, 0);
    const problem = this.#problem();
    return html`
      <div class="card-head">
        <h2>Variants</h2>
        <span class="quiet">${this.flag.type.toLowerCase()}</span>
      </div>
      <table class="variants-table">
        <thead>
          <tr>
            <th scope="col">Name</th>
            <th scope="col">Value</th>
            <th scope="col">Weight with access</th>
            <th scope="col">Without</th>
            ${this.readonly ? nothing : html`<th scope="col"><span class="unseen">Remove</span></th>`}
          </tr>
        </thead>
        <tbody>
          ${this.rows.map((row, at) => this.#row(row, at, sum))}
        </tbody>
      </table>
      ${this.readonly || this.flag.type === 'BOOLEAN'
        ? nothing
        : html`<button type="button" class="button small quiet" @click=${() => this.#set([...this.rows, { name: '', text: textOf(EMPTY[this.flag.type], this.flag.type), weight: 0 }])}>
            Add a variant
          </button>`}
      ${problem ? html`<p class="field-problem" role="alert">${problem}</p>` : nothing}
    `;
  }

  #row({ name, text, weight }, at, sum) {
    const boolean = this.flag.type === 'BOOLEAN';
    return html`<tr data-variant=${name}>
      <td>
        <input class="input key" aria-label="Name of variant ${at + 1}" .value=${name} ?disabled=${this.readonly} spellcheck="false" @input=${(event) => this.#change(at, { name: event.target.value.trim() })} />
      </td>
      <td>
        ${boolean
          ? html`<code>${text}</code>`
          : html`<input class="input key" aria-label="Value of ${name}" .value=${text} ?disabled=${this.readonly} spellcheck="false" @input=${(event) => this.#change(at, { text: event.target.value })} />`}
      </td>
      <td>
        <span class="weight">
          <input
            class="input"
            type="number"
            min="0"
            step="1"
            aria-label="Weight of ${name}"
            .value=${String(weight)}
            ?disabled=${this.readonly}
            @input=${(event) => this.#change(at, { weight: Math.max(0, Math.trunc(Number(event.target.value))) })}
          />
          <span class="quiet">${weight > 0 && sum > 0 ? percent(Math.round((1_000 * weight) / sum) / 10) : 'not served'}</span>
        </span>
      </td>
      <td class="middle">
        <input type="radio" name="off-${this.flag.key}" aria-label="${name} is served without access" .checked=${this.off === name} ?disabled=${this.readonly} @change=${() => this.#set(this.rows, name)} />
      </td>
      ${this.readonly
        ? nothing
        : html`<td class="middle">
            <button type="button" class="x" aria-label="Remove variant ${name}" ?disabled=${this.rows.length <= 2} @click=${() => this.#set(this.rows.filter((_, index) => index !== at))}>
              <svg viewBox="0 0 12 12" aria-hidden="true"><path d="m3 3 6 6M9 3 3 9" /></svg>
            </button>
          </td>`}
    </tr>`;
  }

  #change(at, change) {
    const renamed = 'name' in change && this.off === this.rows[at].name;
    this.#set(
      this.rows.map((row, index) => (index === at ? { ...row, ...change } : row)),
      renamed ? change.name : this.off,
    );
  }

  #set(rows, off = this.off) {
    this.rows = rows;
    this.off = off;
    const value = this.#problem() ? undefined : this.#value();
    if (value !== undefined) {
      this.#from = value;
      this.dispatchEvent(new CustomEvent('edit', { bubbles: true, detail: { field: 'variants', value } }));
    }
  }

  #value() {
    return {
      variants: Object.fromEntries(this.rows.map(({ name, text }) => [name, valueOf(text, this.flag.type)])),
      off: this.off,
      on: this.rows.filter(({ weight }) => weight > 0).map(({ name, weight }) => ({ variant: name, weight })),
    };
  }

  #problem() {
    const names = this.rows.map(({ name }) => name);
    const bad = this.rows.find(({ name }) => !NAME.test(name));
    if (bad) {
      return `A variant’s name has 1 to 64 letters, digits, dots, dashes and underscores; “${bad.name}” has not.`;
    }
    if (new Set(names).size < names.length) {
      return 'Two variants have the same name.';
    }
    if (!names.includes(this.off)) {
      return 'One variant must be served without access.';
    }
    if (this.rows.every(({ weight }) => weight === 0)) {
      return 'At least one variant needs a weight.';
    }
    for (const { name, text } of this.rows) {
      if (valueOf(text, this.flag.type) === undefined) {
        return `The value of ${name} is no ${this.flag.type.toLowerCase()}.`;
      }
    }
    return '';
  }
}

const EMPTY = { STRING: '', INTEGER: 0, DOUBLE: 0, OBJECT: {} };

export function textOf(value, type) {
  return type === 'STRING' ? value : JSON.stringify(value);
}

/** undefined if the text is no value of that type. */
export function valueOf(text, type) {
  if (type === 'STRING') {
    return text;
  }
  try {
    const value = JSON.parse(text);
    const fits = {
      BOOLEAN: typeof value === 'boolean',
      INTEGER: Number.isInteger(value),
      DOUBLE: typeof value === 'number',
      OBJECT: value !== null && typeof value === 'object' && !Array.isArray(value),
    };
    return fits[type] ? value : undefined;
  } catch {
    return undefined;
  }
}

customElements.define('variants-editor', VariantsEditor);
