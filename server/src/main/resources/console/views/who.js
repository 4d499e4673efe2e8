// <who-view>: every flag’s decision for one subject, and why.

import { LitElement, html } from 'lit';

class WhoView extends LitElement {
  static properties = { context: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="page"><h1>Who gets it?</h1></div>`;
  }
}

customElements.define('who-view', WhoView);
