// <health-view>: how the parts of the system fare.

import { LitElement, html } from 'lit';

class HealthView extends LitElement {
  static properties = { context: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="page"><h1>Health</h1></div>`;
  }
}

customElements.define('health-view', HealthView);
