// <flag-row>: one flag as a row of the tree.

import { LitElement, html, nothing } from 'lit';
import { isKilled } from './forest.js';
import { flagHref } from '../../router.js';
import { STAGES, actorName, count, isPlainBoolean, killScope, listed, percent, served, stageName } from '../../words.js';
import '../../parts/ago-time.js';

const GLOW_MS = 2_400;

class FlagRow extends LitElement {
  static properties = {
    row: { attribute: false },
    /** came into being while the page was looking */
    fresh: { attribute: false },
  };

  /** In the page's own tree, where its one style sheet applies. */
  createRenderRoot() {
    return this;
  }

  shouldUpdate(changes) {
    const before = changes.get('row');
    return before === undefined || told(before) !== told(this.row);
  }

  render() {
    const { flag } = this.row;
    return html`
      <div class="flag" role="rowheader">${this.#tree()}${this.#name()}</div>
      <div class="stage" role="gridcell">${this.#stage()}</div>
      <div class="allowed" role="gridcell">${this.#allowed()}</div>
      <div class="changed" role="gridcell">
        <p class="who">
          <span class="actor">${actorName(flag.changedBy)}</span>
          <ago-time time=${flag.changedAt}></ago-time>
        </p>
        <p class="why" title=${flag.reason}>${flag.reason}</p>
      </div>
      <div class="revision" role="gridcell" title="Revision ${flag.revision}, by event #${flag.sequence}">
        <span class="unseen">Revision</span><span aria-hidden="true">r</span>${flag.revision}
      </div>
    `;
  }

  #tree() {
    const { rails, children, expanded, flag } = this.row;
    return html`
      ${rails.map((rail) => html`<i class="rail ${rail}" aria-hidden="true"></i>`)}
      ${children > 0
        ? html`<button
            class="twist"
            type="button"
            tabindex="-1"
            aria-label="${expanded ? 'Fold' : 'Unfold'} ${flag.key}"
            @click=${() => this.dispatchEvent(new CustomEvent('fold', { bubbles: true, detail: flag.key }))}
          >
            <svg viewBox="0 0 12 12" aria-hidden="true"><path d="M4 2.5 8 6 4 9.5" /></svg>
          </button>`
        : html`<i class="leaf" aria-hidden="true"></i>`}
    `;
  }

  #name() {
    const { flag } = this.row;
    return html`
      <div class="name">
        <p class="title">
          <a class=${flag.title ? 'text' : 'text key'} href=${flagHref(flag.key)} tabindex="-1" title=${flag.description || nothing}>${flag.title || flag.key}</a>
          ${this.#state()}
        </p>
        <p class="sub">
          ${flag.title ? html`<span class="key">${flag.key}</span>` : nothing} ${this.#variants()} ${this.#needs()}
        </p>
      </div>
    `;
  }

  #state() {
    const { flag, closedBy } = this.row;
    if (flag.archived) {
      return html`<span class="pill archived">Archived</span>`;
    }
    const closed =
      closedBy.length === 0
        ? nothing
        : html`<span class="pill closed" title="Only admins get in while ${listed(closedBy)} is killed"
            >Closed by ${closedBy[0]}${closedBy.length > 1 ? ` +${closedBy.length - 1}` : ''}</span
          >`;
    return isKilled(flag)
      ? html`<span class="pill killed" title=${KILLED[flag.killSwitch] ?? nothing}>Killed · ${killScope(flag.killSwitch)}</span>
          ${closed}`
      : closed;
  }

  #variants() {
    const { flag } = this.row;
    if (isPlainBoolean(flag)) {
      return nothing;
    }
    return html`<span class="variants"
      >${served(flag).map(({ name, share, value }) => html`<span class="variant" title=${value}>${name}${share ? html` <b>${share}</b>` : nothing}</span>`)}
      else <span class="variant off" title=${JSON.stringify(flag.variants[flag.off])}>${flag.off}</span></span
    >`;
  }

  /** What the tree does not show: parents besides the first, and variants that a parent must serve. */
  #needs() {
    const needs = this.row.flag.parents
      .filter((parent, index) => index > 0 || parent.variants)
      .map(({ flag, variants }) => (variants ? `${flag} = ${variants.join(' or ')}` : flag));
    return needs.map((need) => html`<span class="needs">needs <span class="key">${need}</span></span>`);
  }

  #stage() {
    const { flag } = this.row;
    const reached = STAGES.indexOf(flag.stage);
    const partly = flag.stage === 'PERCENTAGE';
    return html`
      <p class="step">
        <span>${stageName(flag.stage)}<span class="unseen">, step ${reached + 1} of ${STAGES.length}</span></span>
        ${partly ? html`<span class="share"><b>${percent(flag.percentage)}</b> of ${flag.bucketBy === 'USER' ? 'users' : 'orgs'}</span>` : nothing}
      </p>
      <div class="ladder" aria-hidden="true">
        ${STAGES.map(
          (stage, step) =>
            html`<i class="rung ${step < reached || (step === reached && !partly) ? 'reached' : ''} ${partly && step === reached ? 'partly' : ''}"
              ><i></i
            ></i>`,
        )}
      </div>
    `;
  }

  #allowed() {
    const { users, orgs } = this.row.flag.allowlist;
    if (users.length + orgs.length === 0) {
      return html`<span class="none"><span aria-hidden="true">–</span><span class="unseen">Nobody on the allowlist</span></span>`;
    }
    const names = [...users.map(({ id, org }) => (org ? `${id} @ ${org}` : id)), ...orgs];
    const told = names.length > 12 ? [...names.slice(0, 12), `and ${names.length - 12} more`] : names;
    return html`<div title=${told.join('\n')}>
      ${users.length ? html`<p>${count(users.length, 'user')}</p>` : nothing}${orgs.length ? html`<p>${count(orgs.length, 'org')}</p>` : nothing}
    </div>`;
  }

  updated(changes) {
    const { row } = this;
    this.style.setProperty('--share', row.flag.percentage / 100);
    this.classList.toggle('is-killed', isKilled(row.flag));
    this.classList.toggle('is-closed', row.closedBy.length > 0);
    this.classList.toggle('is-archived', row.flag.archived);
    this.classList.toggle('is-context', !row.found);
    this.#glow(changes.get('row'));
  }

  /** Light falls for a moment on what has just changed. */
  #glow(before) {
    if (before === undefined) {
      if (this.fresh) {
        glow(this);
      }
      return;
    }
    const differs = (...fields) => fields.some((field) => JSON.stringify(before.flag[field]) !== JSON.stringify(this.row.flag[field]));
    const cells = {
      '.flag':
        differs('title', 'description', 'variants', 'on', 'off', 'parents', 'archived', 'killSwitch') ||
        before.closedBy.join() !== this.row.closedBy.join(),
      '.stage': differs('stage', 'percentage', 'bucketBy', 'seed'),
      '.allowed': differs('allowlist'),
      '.changed': differs('revision'),
    };
    Object.entries(cells).forEach(([cell, changed]) => changed && glow(this.querySelector(`:scope > ${cell}`)));
  }
}

const KILLED = {
  NEW_ACCESS: 'Only admins get in; those who were let in before may finish',
  ALL_ACCESS: 'Only admins get in; those who were let in before are stopped too',
};

/** Two rows that tell the same look the same; a flag is one and the same at a sequence. */
function told({ flag, ...row }) {
  return JSON.stringify([flag.environment, flag.key, flag.sequence, flag.changedAt, row]);
}

function glow(element) {
  const light = getComputedStyle(element).getPropertyValue('--glow');
  element.animate([{ backgroundColor: light }, { backgroundColor: light, offset: 0.35 }, {}], { duration: GLOW_MS, easing: 'ease-out' });
}

customElements.define('flag-row', FlagRow);
