// <flag-view>: one flag, and all that can be done with it.

import { LitElement, html } from 'lit';

class FlagView extends LitElement {
  static properties = { context: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="page"><h1>One flag</h1></div>`;
  }
}

customElements.define('flag-view', FlagView);
