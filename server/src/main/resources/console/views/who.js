// <who-view>: every flag’s answer for one subject and why, now or then, and when they had access.

import { LitElement, html, nothing } from 'lit';
import { flags as flagsOf, of, send } from '../api.js';
import { problemView } from '../parts/problem-view.js';
import { go, href } from '../router.js';
import { styles } from '../styles.js';
import { count } from '../words.js';
import { rowsOf } from './flags/forest.js';
import { Latest } from './time/moments.js';
import { when } from './time/when.js';
import { decisionList } from './who/decision-list.js';
import './who/access-timeline.js';

const TYPED_MS = 200;
const SUGGESTED = 6;
const FIELDS = ['user', 'org', 'admin', 'at', 'nobody'];

await Promise.all([styles('/css/along-time.css'), styles('/css/who.css')]);

class WhoView extends LitElement {
  static properties = {
    context: { attribute: false },
    user: { state: true },
    org: { state: true },
    admin: { state: true },
    at: { state: true },
    now: { state: true },
    then: { state: true },
    problem: { state: true },
    thenProblem: { state: true },
  };

  #environment = null;
  #asked = '';
  #written = null;
  #typing = 0;
  #latest = new Latest((wanted, signal) => this.#load(wanted, signal));

  constructor() {
    super();
    Object.assign(this, { user: '', org: '', admin: false, at: '' });
    this.#forget();
  }

  createRenderRoot() {
    return this;
  }

  get shortcuts() {
    return [{ key: '/', says: 'Type a user', act: () => this.querySelector('#who-user')?.focus() }];
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    clearTimeout(this.#typing);
    this.#latest.stop();
    this.#asked = '';
  }

  #forget() {
    this.now = null;
    this.then = null;
    this.problem = null;
    this.thenProblem = null;
  }

  willUpdate() {
    const { environment, query, live } = this.context;
    if (environment !== this.#environment) {
      this.#environment = environment;
      this.#asked = '';
      this.#forget();
    }
    const said = FIELDS.map((field) => query.get(field) ?? '').join('\n');
    if (said !== this.#written) {
      this.#written = said;
      clearTimeout(this.#typing);
      this.user = query.get('user') ?? '';
      this.org = query.get('org') ?? '';
      this.admin = query.get('admin') === 'true';
      this.at = query.get('at') ?? '';
    }
    if (environment === null || !live?.flags || !this.isConnected || !this.#asksSomething()) {
      return;
    }
    const asked = [environment, said, live.sequence].join('\n');
    if (asked !== this.#asked) {
      this.#asked = asked;
      this.#latest.want({ environment, asked, sequence: live.sequence, flags: live.flags, subject: this.#said(), at: query.get('at') ?? '' });
    }
  }

  /** Who is asked about, as the address says. */
  #said() {
    const { query } = this.context;
    return { user: query.get('user') || undefined, org: query.get('org') || undefined, admin: query.get('admin') === 'true' };
  }

  #asksSomething() {
    const { user, org, admin } = this.#said();
    return Boolean(user || org || admin || this.context.query.get('nobody'));
  }

  async #load({ environment, asked, sequence, flags, subject, at }, signal) {
    const context = { targetingKey: subject.user, orgId: subject.org, admin: subject.admin };
    const path = `${of(environment)}/evaluations?after=${sequence}`;
    const then = at ? Promise.all([send(path, { context, at }, signal), flagsOf(environment, { at }, signal)]) : Promise.resolve(null);
    const past = then.then(
      (answers) => answers && { ...cut(answers[0], answers[1].flags), problem: null },
      (problem) => ({ problem }),
    );
    try {
      const now = cut(await send(path, { context }, signal), flags);
      const before = await past;
      if (asked === this.#asked) {
        this.now = now;
        this.problem = null;
        this.then = before?.problem ? null : before;
        this.thenProblem = before?.problem ?? null;
      }
    } catch (error) {
      if (!signal.aborted && asked === this.#asked) {
        this.problem = error;
      }
    }
  }

  render() {
    return html`<div class="page who-page">
      <div class="heading"><h1>Who gets it?</h1></div>
      ${this.#form()} ${this.#body()}
    </div>`;
  }

  #form() {
    const text = (name, label, placeholder, more = {}) => html`<p class="field ${name}">
      <label for="who-${name}">${label}</label>
      <input
        id="who-${name}"
        class="input"
        placeholder=${placeholder}
        autocomplete="off"
        autocapitalize="off"
        spellcheck="false"
        aria-invalid=${more.problem ? 'true' : 'false'}
        aria-describedby=${more.problem ? `who-${name}-problem` : nothing}
        .value=${this[name]}
        @input=${(event) => this.#typed({ [name]: event.target.value })}
      />
      ${more.problem ? html`<span id="who-${name}-problem" class="field-problem" role="alert">${more.problem.detail || more.problem.title}</span>` : nothing}
    </p>`;
    return html`<form class="sheet who-form" role="search" aria-label="Who is asked about" @submit=${(event) => (event.preventDefault(), this.#tell())}>
      ${text('user', 'User', 'ada')} ${text('org', 'Org', 'acme')}
      <label class="check"><input id="who-admin" type="checkbox" .checked=${this.admin} @change=${(event) => this.#typed({ admin: event.target.checked })} /> Admin</label>
      ${text('at', 'Then, to compare with now', '#42, 2026-01-31T15:00, 3h', { problem: this.thenProblem })}
    </form>`;
  }

  #typed(fields) {
    Object.assign(this, fields);
    clearTimeout(this.#typing);
    this.#typing = setTimeout(() => this.#tell(), TYPED_MS);
  }

  /** The address holds what is asked, so that the answer can be shared. */
  #tell(more = {}) {
    clearTimeout(this.#typing);
    const at = this.at.trim().replace(/^#/, '');
    const flag = this.context.query.get('flag') ?? '';
    const query = { user: this.user, org: this.org, admin: this.admin ? 'true' : '', at, flag, ...more };
    this.#written = FIELDS.map((field) => query[field] ?? '').join('\n');
    go(href('/who', query), { replace: true });
  }

  #body() {
    const { live, problem } = this.context;
    if (!live?.flags) {
      return live?.problem || problem ? html`<div class="sheet"><div class="blank" role="alert">${problemView(live?.problem ?? problem)}</div></div>` : waiting();
    }
    if (live.flags.length === 0) {
      return html`<div class="sheet"><div class="blank"><h2>There are no flags in ${live.name} yet</h2><p>Once there are, each will say here whom it lets in, and why.</p></div></div>`;
    }
    if (!this.#asksSomething()) {
      return this.#nobodyYet(live.flags);
    }
    if (this.problem) {
      return html`<div class="sheet"><div class="blank" role="alert">
        ${problemView(this.problem)}
        <button type="button" class="button" @click=${() => ((this.#asked = ''), this.requestUpdate())}>Try again</button>
      </div></div>`;
    }
    return this.now === null ? waiting() : this.#answers(live);
  }

  #nobodyYet(flags) {
    const users = new Map(flags.flatMap(({ allowlist }) => allowlist.users).map((user) => [JSON.stringify(user), user]));
    const orgs = new Set(flags.flatMap(({ allowlist }) => allowlist.orgs));
    const some = [...[...users.values()].map(({ id, org }) => ({ user: id, org })), ...[...orgs].map((org) => ({ org }))].slice(0, SUGGESTED);
    return html`<div class="sheet"><div class="blank">
      <h2>Type a user, an org, or both</h2>
      <p>Every flag then says whether it lets them in, and why.</p>
      ${some.length > 0
        ? html`<p class="suggested">
            ${some.map(({ user, org }) => html`<a class="button small" href=${href('/who', { user, org })}>${[user, org].filter(Boolean).join(' @ ')}</a>`)}
            <a class="button small" href=${href('/who', { nobody: 'yes' })}>Somebody unknown</a>
          </p>`
        : nothing}
    </div></div>`;
  }

  #answers(live) {
    const flags = new Map([...(this.then?.flags ?? []), ...this.now.flags]);
    const order = rowsOf([...flags.values()]).map(({ flag, depth }) => ({ key: flag.key, title: flag.title, depth }));
    const cuts = [
      ...(this.then ? [{ ...this.then, title: this.then.sequence === 0 ? 'Then: before the first event' : `Then: #${this.then.sequence}, ${when(Date.parse(this.then.at))}` }] : []),
      { ...this.now, title: `Now: #${this.now.sequence}` },
    ];
    const open = [...this.now.decisions.values()].filter(({ granted }) => granted).length;
    const asked = this.context.query.get('flag');
    const picked = flags.has(asked) ? asked : null;
    const pick = (key) => this.#tell({ flag: key === picked ? '' : key, nobody: this.context.query.get('nobody') ?? '' });
    return html`<section class="who-answers" aria-labelledby="answers-title">
      <h2 id="answers-title" class="section">${this.#name()} <span class="summary">gets ${open} of ${count(this.now.decisions.size, 'flag')} now</span></h2>
      <div class="sheet">${decisionList(cuts, order, picked, pick, (key) => this.#timeline(key, live))}</div>
    </section>`;
  }

  #timeline(flag, live) {
    return html`<access-timeline
      .environment=${this.#environment}
      .flag=${flag}
      .subject=${this.#said()}
      .sequence=${live.sequence}
      .at=${this.then?.sequence ?? null}
    ></access-timeline>`;
  }

  #name() {
    const { user, org, admin } = this.#said();
    const name = user && org ? `${user} @ ${org}` : (user ?? (org ? `org ${org}` : admin ? 'an admin' : 'somebody unknown'));
    return admin && (user || org) ? `${name}, admin,` : name;
  }
}

function cut({ decisions, sequence, at }, flags) {
  return {
    sequence,
    at,
    decisions: new Map(decisions.map((decision) => [decision.flag, decision])),
    flags: new Map(flags.map((flag) => [flag.key, flag])),
  };
}

function waiting() {
  return html`<div class="sheet waiting" role="status">
    <span class="unseen">The answers are being fetched</span>
    ${[34, 22, 40, 28].map((width) => html`<div class="ghost" aria-hidden="true"><svg class="bone" width="${width}%" height="12"></svg><svg class="bone" width="62%" height="12"></svg></div>`)}
  </div>`;
}

customElements.define('who-view', WhoView);
