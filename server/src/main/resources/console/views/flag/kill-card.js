// <kill-card>: the kill switch. Two clicks and a reason.

import { LitElement, html, nothing } from 'lit';
import { killScope } from '../../words.js';
import { isKilled } from '../flags/forest.js';
import { kill, release } from './acts.js';
import '../../parts/ago-time.js';

const MEANS = {
  NEW_ACCESS: 'Only admins get in. Those who were let in before may finish.',
  ALL_ACCESS: 'Only admins get in. Those who were let in before are stopped too.',
};

class KillCard extends LitElement {
  static properties = {
    environment: { attribute: false },
    flag: { attribute: false },
    flags: { attribute: false },
    /** the event that engaged it, once the history is known */
    killedBy: { attribute: false },
    mayKill: { attribute: false },
    mayRelease: { attribute: false },
    /** keys of killed flags above */
    closedBy: { attribute: false },
  };

  createRenderRoot() {
    return this;
  }

  render() {
    const { flag } = this;
    return isKilled(flag) ? this.#killed(flag) : this.#released();
  }

  #released() {
    return html`<div class="kill-box">
      <div class="card-head"><h2>Kill switch</h2></div>
      <p class="quiet">${this.closedBy.length > 0 ? `Not engaged; but ${this.closedBy.join(' and ')} is killed, which closes this one as well.` : 'Closes it at once for everybody but admins, and changes nothing else.'}</p>
      ${this.mayKill
        ? html`<button type="button" class="button red big kill-button" @click=${() => kill(this.environment, this.flag, this.flags)}>Kill ${this.flag.title || this.flag.key}…</button>`
        : html`<p class="quiet">You may not engage it: that takes the role killer.</p>`}
    </div>`;
  }

  #killed(flag) {
    const by = this.killedBy;
    return html`<div class="kill-box engaged">
      <div class="card-head"><h2>Killed · ${killScope(flag.killSwitch)}</h2></div>
      <p>${MEANS[flag.killSwitch]}</p>
      ${by ? html`<p class="quiet">${by.actor.id}, <ago-time time=${by.ledgerTime}></ago-time>: ${by.reason}</p>` : nothing}
      ${this.mayRelease
        ? html`<button type="button" class="button big release-button" @click=${() => release(this.environment, flag)}>Release…</button>`
        : html`<p class="quiet">You may not release it: that takes the role editor.</p>`}
      ${this.mayKill && flag.killSwitch === 'NEW_ACCESS'
        ? html`<button type="button" class="button red" @click=${() => kill(this.environment, flag, this.flags)}>Stop those inside too…</button>`
        : nothing}
    </div>`;
  }
}

customElements.define('kill-card', KillCard);
