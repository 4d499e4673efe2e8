// <about-editor>: what a flag is for and whose it is, for people.

import { LitElement, html } from 'lit';

class AboutEditor extends LitElement {
  static properties = {
    flag: { attribute: false },
    draft: { attribute: false },
    readonly: { attribute: false },
  };

  createRenderRoot() {
    return this;
  }

  render() {
    const of = { ...this.flag, ...this.draft.about };
    const field = (name, label, hint = '') => html`<p class="field">
      <label for="about-${name}">${label}</label>
      <input id="about-${name}" class="input" autocomplete="off" placeholder=${hint} .value=${of[name]} ?disabled=${this.readonly} @input=${(event) => this.#tell(name, event.target.value)} />
    </p>`;
    return html`
      <div class="card-head"><h2>About</h2></div>
      <div class="about">
        ${field('title', 'Title')} ${field('owner', 'Owner', 'a team or a person')}
        <p class="field whole">
          <label for="about-description">Description</label>
          <textarea id="about-description" rows="2" .value=${of.description} ?disabled=${this.readonly} @input=${(event) => this.#tell('description', event.target.value)}></textarea>
        </p>
        <p class="field">
          <label for="about-tags">Tags, with commas between them</label>
          <input
            id="about-tags"
            class="input"
            autocomplete="off"
            .value=${of.tags.join(', ')}
            ?disabled=${this.readonly}
            @change=${(event) => this.#tell('tags', [...new Set(event.target.value.split(',').map((tag) => tag.trim()).filter(Boolean))])}
          />
        </p>
        ${field('ticket', 'Ticket', 'a link or a number')}
      </div>
    `;
  }

  #tell(name, value) {
    this.dispatchEvent(new CustomEvent('edit', { bubbles: true, detail: { field: 'about', value: { ...this.draft.about, [name]: value } } }));
  }
}

customElements.define('about-editor', AboutEditor);
