// <sign-in>: shown where nothing can be shown, or above what was shown, until somebody is signed in.

import { LitElement, html, nothing } from 'lit';
import { signInWays } from '../api.js';
import { go } from '../router.js';
import { keepToken } from '../session.js';

class SignIn extends LitElement {
  static properties = {
    ways: { state: true },
    problem: { state: true },
  };

  constructor() {
    super();
    this.ways = null;
    this.problem = '';
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    if (location.pathname === '/sign-in' && location.search) {
      this.#finish();
    } else {
      this.#ask();
    }
  }

  /** Back from the provider. */
  async #finish() {
    try {
      const { finish } = await import('../oidc.js');
      go(await finish(), { replace: true });
      if (window.opener) {
        window.close(); // the window that opened this one goes on where it was
      }
    } catch (error) {
      this.problem = error.message;
      this.#ask();
    }
  }

  async #ask() {
    try {
      this.ways = (await signInWays()) ?? { mode: 'local' };
    } catch {
      setTimeout(() => this.isConnected && this.#ask(), 2_000);
    }
  }

  render() {
    if (this.ways === null) {
      return nothing;
    }
    return html`<section class="blank" aria-labelledby="sign-in-title">
      <svg class="emblem" viewBox="0 0 64 48" aria-hidden="true">
        <path class="pole" d="M14 6v38" />
        <path class="cloth" d="M14 8h34l-7 8 7 8H14z" />
        <path class="rule" d="M24 34h30M24 41h20" />
      </svg>
      <h1 id="sign-in-title">Sign in</h1>
      ${this.ways.mode === 'oidc' ? this.#provider() : this.#local()}
    </section>`;
  }

  #local() {
    return html`
      <p>Open the address that <code>./ledger up</code> printed, or paste a token that this prints:</p>
      <pre><code>./ledger token</code></pre>
      <form class="row" novalidate @submit=${this.#pasted}>
        <label class="unseen" for="token">Token</label>
        <input id="token" class="input key" type="password" autocomplete="off" placeholder="eyJ…" required aria-describedby="token-problem" />
        <button type="submit" class="button main">Sign in</button>
      </form>
      <p id="token-problem" class="field-problem" role="alert">${this.problem}</p>
    `;
  }

  #provider() {
    return html`
      <p>${new URL(this.ways.issuer).host} knows you, and tells this page who you are.</p>
      <button type="button" class="button main" @click=${this.#leave}>Sign in</button>
      <p class="field-problem" role="alert">${this.problem}</p>
    `;
  }

  #pasted = (event) => {
    event.preventDefault();
    const token = this.querySelector('#token').value.trim().replace(/^.*#token=/, '');
    if (!/^[\w-]+\.[\w-]+\.[\w-]+$/.test(token)) {
      this.problem = 'That is no token: three parts with dots between them are expected.';
      return;
    }
    this.problem = '';
    keepToken(token, { lasting: true });
  };

  /** In a window of its own where this one shows something, so that nothing typed is lost. */
  #leave = async () => {
    if (this.classList.contains('over') && window.open('/sign-in', 'flag-ledger-sign-in', 'popup,width=520,height=680')) {
      return;
    }
    try {
      const { signInAt } = await import('../oidc.js');
      await signInAt(this.ways);
    } catch (error) {
      this.problem = error.message;
    }
  };
}

customElements.define('sign-in', SignIn);
