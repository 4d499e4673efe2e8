// <audit-view>: who changed what, when and why.

import { LitElement, html } from 'lit';

class AuditView extends LitElement {
  static properties = { context: { attribute: false } };

  createRenderRoot() {
    return this;
  }

  render() {
    return html`<div class="page"><h1>Audit</h1></div>`;
  }
}

customElements.define('audit-view', AuditView);
