// <time-view>: every flag as it was.

import { LitElement, html } from 'lit';

class TimeView extends LitElement {
  static properties = { context: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="page"><h1>Time machine</h1></div>`;
  }
}

customElements.define('time-view', TimeView);
