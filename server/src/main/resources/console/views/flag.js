// <flag-view>: one flag, and all that can be done with it. What is edited is a draft until it is saved with a reason.

import { LitElement, html, nothing } from 'lit';
import { flagHistory } from '../api.js';
import { notice } from '../notices.js';
import { href } from '../router.js';
import { styles } from '../styles.js';
import { actorName, count } from '../words.js';
import { archive, kill, restore, revive } from './flag/acts.js';
import { changesOf, emptyDraft, isTouched } from './flag/draft.js';
import { meanwhile, review } from './flag/review.js';
import { closersOf, isKilled } from './flags/forest.js';
import './flag/about-editor.js';
import './flag/allowlist-editor.js';
import './flag/flag-history.js';
import './flag/kill-card.js';
import './flag/parents-editor.js';
import './flag/stage-editor.js';
import './flag/variants-editor.js';
import '../parts/ago-time.js';

await styles('/css/flag.css');

class FlagView extends LitElement {
  static properties = {
    context: { attribute: false },
    revisions: { state: true },
    problem: { state: true },
  };

  #drafts = new Map(); // by environment and key: one may go away and come back
  #known = ''; // whose history is known, and up to which revision
  #under = null;

  constructor() {
    super();
    this.revisions = null;
    this.problem = null;
    this.addEventListener('edit', (event) => this.#edit(event.detail));
    this.addEventListener('restore', ({ detail }) => restore(this.context.environment, this.#flag(), detail.revision, detail.sequence));
  }

  createRenderRoot() {
    return this;
  }

  get shortcuts() {
    const flag = this.#flag();
    if (!flag) {
      return [];
    }
    const { environment, live, may } = this.context;
    return [
      ...(may('killer') && !isKilled(flag) && !flag.archived ? [{ key: 'k', says: 'Kill it', act: () => kill(environment, flag, live.flags) }] : []),
      ...(this.#readonly(flag)
        ? []
        : [
            { key: 's', says: 'Review and save what was edited', act: () => this.#touched() && this.#review() },
            { key: 'n', says: 'The next stage', act: () => this.querySelector('.next-step')?.click() },
            { key: 'a', says: 'Add to the allowlist', act: () => this.querySelector('allowlist-editor textarea')?.focus() },
          ]),
    ];
  }

  #flag() {
    return this.context.live?.flags?.find(({ key }) => key === this.context.params.key);
  }

  #id() {
    return `${this.context.environment} ${this.context.params.key}`;
  }

  #draft() {
    return this.#drafts.get(this.#id()) ?? emptyDraft(this.#flag());
  }

  #touched() {
    const flag = this.#flag();
    return flag !== undefined && isTouched(this.#drafts.get(this.#id()), flag);
  }

  #readonly(flag) {
    return !this.context.may('editor') || flag.archived;
  }

  #edit({ field, value, review: now }) {
    const flag = this.#flag();
    const draft = this.#touched() ? { ...this.#draft() } : emptyDraft(flag);
    if (value === undefined) {
      delete draft[field];
    } else {
      draft[field] = value;
    }
    this.#drafts.set(this.#id(), draft);
    this.requestUpdate();
    if (now && this.#touched()) {
      this.#review();
    }
  }

  async #review() {
    const id = this.#id();
    const written = await review({
      environment: this.context.environment,
      flag: () => this.#flag(),
      draft: () => this.#draft(),
      rebase: (events) => this.#rebase(events),
    });
    if (written) {
      this.#drafts.delete(id);
      this.requestUpdate();
    }
  }

  /** Puts the draft on the newest revision: one that holds all these events. */
  async #rebase(events) {
    const newest = Math.max(this.#flag().revision, ...events.map(({ revision }) => revision));
    await this.context.live.until((flags) => (flags.find(({ key }) => key === this.context.params.key)?.revision ?? 0) >= newest);
    this.#drafts.set(this.#id(), { ...this.#draft(), revision: this.#flag().revision });
    this.requestUpdate();
  }

  willUpdate() {
    const flag = this.#flag();
    const known = flag ? `${this.#id()} ${flag.revision}` : '';
    if (known !== this.#known) {
      const another = !this.#known.startsWith(`${this.#id()} `);
      this.#known = known;
      if (another) {
        this.revisions = null;
      }
      if (flag) {
        this.#loadHistory(flag);
      }
    }
  }

  async #loadHistory(flag) {
    this.#under?.abort();
    const under = new AbortController();
    this.#under = under;
    try {
      const answer = await flagHistory(this.context.environment, flag.key, { after: flag.sequence }, under.signal);
      this.revisions = answer.revisions;
      this.problem = null;
    } catch (error) {
      if (!under.signal.aborted) {
        this.problem = error;
        setTimeout(() => under.signal.aborted || this.#loadHistory(flag), 3_000);
      }
    }
  }

  render() {
    const { live, environment, may, problem } = this.context;
    const flag = this.#flag();
    if (!flag) {
      return html`<div class="page"><div class="sheet">${live?.flags ? this.#missing() : this.#waiting(live?.problem ?? problem)}</div></div>`;
    }
    const draft = this.#draft();
    const readonly = this.#readonly(flag);
    const closedBy = closersOf(new Map(live.flags.map((each) => [each.key, each])))(flag);
    return html`<div class="page flag-page">
      ${this.#heading(flag, closedBy)} ${this.#told(flag)}
      <div class="flag-columns">
        <div class="flag-main">
          <section class="card"><stage-editor .environment=${environment} .flag=${flag} .draft=${draft} .changes=${changesOf(draft, flag)} .readonly=${readonly}></stage-editor></section>
          <section class="card"><allowlist-editor .flag=${flag} .draft=${draft} .readonly=${readonly}></allowlist-editor></section>
          <section class="card"><variants-editor .flag=${flag} .draft=${draft} .readonly=${readonly}></variants-editor></section>
          <section class="card"><parents-editor .flag=${flag} .flags=${live.flags} .draft=${draft} .readonly=${readonly}></parents-editor></section>
          <section class="card"><about-editor .flag=${flag} .draft=${draft} .readonly=${readonly}></about-editor></section>
        </div>
        <div class="flag-side">
          ${flag.archived
            ? nothing
            : html`<section class="card ${isKilled(flag) ? 'is-engaged' : ''}">
                <kill-card
                  .environment=${environment}
                  .flag=${flag}
                  .flags=${live.flags}
                  .killedBy=${this.#killedBy()}
                  .closedBy=${closedBy}
                  .mayKill=${may('killer')}
                  .mayRelease=${may('editor')}
                ></kill-card>
              </section>`}
          <section class="card"><flag-history .flag=${flag} .pointed=${Number(this.context.query.get('revision')) || null} .revisions=${this.revisions} .problem=${this.problem} .readonly=${!may('editor')}></flag-history></section>
          ${may('editor') && !flag.archived
            ? html`<p class="archive"><button type="button" class="button small quiet" @click=${() => archive(environment, flag, live.flags)}>Archive this flag…</button></p>`
            : nothing}
        </div>
      </div>
      ${this.#saving(flag, draft)}
    </div>`;
  }

  #heading(flag, closedBy) {
    return html`<header class="flag-heading">
      <p class="crumbs"><a href=${href('/flags')}>Flags</a> <span aria-hidden="true">/</span> <span class="key">${flag.key}</span></p>
      <div class="flag-title">
        <h1>${flag.title || flag.key}</h1>
        ${isKilled(flag) ? html`<span class="pill killed">Killed</span>` : nothing}
        ${closedBy.length > 0 ? html`<span class="pill closed">Closed by ${closedBy[0]}${closedBy.length > 1 ? ` +${closedBy.length - 1}` : ''}</span>` : nothing}
        ${flag.archived ? html`<span class="pill">Archived</span>` : nothing}
        <button type="button" class="button small quiet" @click=${() => this.#copy(flag.key)}>Copy the key</button>
      </div>
      <p class="quiet">r${flag.revision}, <ago-time time=${flag.changedAt}></ago-time> by ${actorName(flag.changedBy)}: ${flag.reason}</p>
    </header>`;
  }

  async #copy(key) {
    try {
      await navigator.clipboard.writeText(key);
      notice(`${key} is copied`);
    } catch {
      notice('The browser does not let this page copy', { kind: 'problem', detail: key });
    }
  }

  /** What stands above all else: why nothing can be changed, and what others changed while one was editing. */
  #told(flag) {
    const { environment, may } = this.context;
    if (flag.archived) {
      return html`<div class="banner">
        <p><b>Archived.</b> It answers <code>${flag.off}</code> to everybody.</p>
        ${may('editor') ? html`<button type="button" class="button small" @click=${() => revive(environment, flag)}>Revive…</button>` : nothing}
      </div>`;
    }
    if (!may('editor')) {
      return html`<div class="banner">
        <p><b>You may look, but not change it.</b> That takes the role editor in ${environment}${may('killer') ? '; you may engage the kill switch' : ''}.</p>
      </div>`;
    }
    const draft = this.#draft();
    if (!this.#touched() || draft.revision === flag.revision) {
      return nothing;
    }
    const events = (this.revisions ?? []).map(({ event }) => event).filter(({ revision }) => revision > draft.revision);
    return html`<div class="banner conflict" role="alert">
      <div>${meanwhile(events)}</div>
      <button type="button" class="button small rebase" @click=${() => this.#rebase(events)}>Put my changes on top</button>
    </div>`;
  }

  #killedBy() {
    return this.revisions?.findLast(({ event }) => event.change.type === 'KillSwitchEngaged')?.event ?? null;
  }

  #saving(flag, draft) {
    if (!this.#touched()) {
      return nothing;
    }
    return html`<div class="saving" role="region" aria-label="Changes that are not saved">
      <p><b>${count(changesOf(draft, flag).length, 'change')}</b> not saved</p>
      <button type="button" class="button quiet" @click=${this.#discard}>Discard</button>
      <button type="button" class="button main save" @click=${() => this.#review()}>Review and save…</button>
    </div>`;
  }

  #discard = () => {
    const id = this.#id();
    const draft = this.#drafts.get(id);
    this.#drafts.delete(id);
    this.requestUpdate();
    notice('Discarded', {
      action: {
        label: 'Bring it back',
        act: () => {
          this.#drafts.set(id, draft);
          this.requestUpdate();
        },
      },
    });
  };

  #missing() {
    const { environment, params } = this.context;
    return html`<div class="blank" role="alert">
      <h1>There is no flag ${params.key} in ${environment}</h1>
      <p>Was it another environment? Here are <a href=${href('/flags')}>the flags</a> of this one.</p>
    </div>`;
  }

  #waiting(problem) {
    return problem
      ? html`<div class="blank" role="alert">
          <h1>${problem.title ?? 'The flag can’t be shown'}</h1>
          <p>${problem.detail}</p>
          <p class="hint">This page tries again by itself.</p>
        </div>`
      : html`<div class="waiting blank" role="status"><span class="unseen">The flag is being fetched</span><p class="bone"></p><p class="bone short"></p></div>`;
  }
}

customElements.define('flag-view', FlagView);
