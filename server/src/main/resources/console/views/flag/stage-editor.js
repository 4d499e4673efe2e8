// <stage-editor>: the four stages as a ladder, the next step as a button, and the percentage as a slider.

import { LitElement, html, nothing } from 'lit';
import { live } from 'lit/directives/live.js';
import { STAGES, percent, stageName } from '../../words.js';
import { applied } from './draft.js';
import './impact-view.js';

const MEANS = {
  ADMIN_ONLY: 'Only admins',
  ALLOWLIST: 'and those on the list',
  PERCENTAGE: 'and a share of all',
  GENERALLY_AVAILABLE: 'Everybody',
};
const FIRST_SHARE = 5;
const STEPS = [1, 5, 10, 25, 50, 100];

class StageEditor extends LitElement {
  static properties = {
    environment: { attribute: false },
    flag: { attribute: false },
    draft: { attribute: false },
    changes: { attribute: false },
    readonly: { attribute: false },
  };

  createRenderRoot() {
    return this;
  }

  render() {
    const { flag } = this;
    const wanted = applied(this.draft, flag);
    const at = STAGES.indexOf(wanted.stage);
    return html`
      <div class="card-head">
        <h2 id="stage-title">Stage</h2>
        ${this.readonly ? nothing : this.#next(wanted)}
      </div>
      <div class="stages" role="radiogroup" aria-labelledby="stage-title" @keydown=${this.#keyed}>
        ${STAGES.map(
          (stage, step) => html`<button
            type="button"
            role="radio"
            class="stage-step ${step <= at ? 'reached' : ''} ${stage === flag.stage && stage !== wanted.stage ? 'was' : ''}"
            aria-checked=${stage === wanted.stage}
            tabindex=${stage === wanted.stage ? 0 : -1}
            data-stage=${stage}
            ?disabled=${this.readonly}
            @click=${() => this.#move(stage)}
          >
            <i class="bar-part" aria-hidden="true"></i>
            <span class="stage-name">${stageName(stage)}</span>
            <span class="stage-means">${MEANS[stage]}${stage === flag.stage && stage !== wanted.stage ? html` · <b>now</b>` : nothing}</span>
          </button>`,
        )}
      </div>
      ${wanted.stage === 'PERCENTAGE' ? this.#share(wanted) : nothing}
      <impact-view .environment=${this.environment} .flag=${flag} .changes=${this.changes}></impact-view>
    `;
  }

  /** The one step that is obvious. */
  #next(wanted) {
    const next = STAGES[STAGES.indexOf(this.flag.stage) + 1];
    if (next === undefined || wanted.stage !== this.flag.stage) {
      return nothing;
    }
    const says = { ALLOWLIST: 'Open to the allowlist…', PERCENTAGE: 'Open to a percentage…', GENERALLY_AVAILABLE: 'Open to everybody…' }[next];
    return html`<button type="button" class="button main next-step" @click=${() => this.#move(next, next !== 'PERCENTAGE')}>${says}</button>`;
  }

  #move(stage, review = false) {
    const { flag } = this;
    const percentage = stage === 'PERCENTAGE' ? (flag.stage === 'PERCENTAGE' ? flag.percentage : (this.draft.stage?.percentage ?? FIRST_SHARE)) : undefined;
    this.#tell({ to: stage, percentage }, review);
    if (stage === 'PERCENTAGE') {
      this.updateComplete.then(() => this.querySelector('#share')?.focus());
    }
  }

  #tell(stage, review = false) {
    this.dispatchEvent(new CustomEvent('edit', { bubbles: true, detail: { field: 'stage', value: stage, review } }));
  }

  #share(wanted) {
    const { percentage } = wanted;
    const unit = this.flag.bucketBy === 'USER' ? 'users' : 'orgs';
    const was = this.flag.stage === 'PERCENTAGE' && this.flag.percentage !== percentage ? this.flag.percentage : null;
    return html`<div class="share-editor">
      <div class="slider">
        <input
          id="share"
          type="range"
          min="0"
          max="100"
          step="1"
          aria-label="Percentage of ${unit}"
          .value=${live(String(percentage))}
          ?disabled=${this.readonly}
          @input=${(event) => this.#percent(Number(event.target.value))}
        />
        <div class="steps" role="group" aria-label="Usual percentages">
          ${STEPS.map(
            (step) => html`<button type="button" class="chip" aria-pressed=${percentage === step} ?disabled=${this.readonly} @click=${() => this.#percent(step)}>
              ${percent(step)}
            </button>`,
          )}
        </div>
      </div>
      <label class="share-number">
        <span class="unseen">Percentage of ${unit}, to three decimals</span>
        <input
          class="input"
          type="number"
          min="0"
          max="100"
          step="0.001"
          .value=${live(String(percentage))}
          ?disabled=${this.readonly}
          @change=${(event) => this.#percent(Math.min(100, Math.max(0, Math.round(Number(event.target.value) * 1_000) / 1_000)))}
        />
        <span>% of ${unit}</span>
        ${was === null ? nothing : html`<span class="quiet was-share">now ${percent(was)}</span>`}
      </label>
    </div>`;
  }

  #percent(percentage) {
    this.#tell({ to: 'PERCENTAGE', percentage });
  }

  /** A group of radio buttons is walked by arrows; nothing is chosen before Enter or Space. */
  #keyed(event) {
    const step = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 }[event.key];
    const buttons = [...event.currentTarget.querySelectorAll('.stage-step')];
    const at = buttons.indexOf(event.target);
    if (step && at >= 0) {
      event.preventDefault();
      buttons.at((at + step) % buttons.length).focus();
    }
  }
}

customElements.define('stage-editor', StageEditor);
