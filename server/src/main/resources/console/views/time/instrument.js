// <time-instrument>: the ruler, the chart below it, and what led to the moment.

import { LitElement, html, nothing } from 'lit';
import { thisEvent } from './this-event.js';
import { when } from './when.js';
import './flag-chart.js';
import './ruler.js';

class TimeInstrument extends LitElement {
  static properties = {
    environment: { attribute: false },
    marks: { attribute: false },
    scale: { attribute: false },
    moment: { attribute: false },
    position: { attribute: false },
    other: { attribute: false },
    /** the flag whose life is drawn; null if there is none */
    flag: { attribute: false },
    /** the flags as they are now */
    flags: { attribute: false },
    playing: { attribute: false },
    byTime: { attribute: false },
  };

  createRenderRoot() {
    return this;
  }

  render() {
    const { scale, position, flag } = this;
    return html`<section class="sheet instrument" aria-label="The life of ${this.environment}">
      <div class="ruler-row">
        ${this.#button('One event back', '[', 'M9 2.5 4.5 7 9 11.5', position <= 0, () => this.#tell('step', -1))}
        <time-ruler
          .marks=${this.marks}
          .scale=${scale}
          .position=${position}
          .other=${this.other}
          .told=${this.#told()}
          @move=${(event) => this.#tell('move', event.detail)}
          @step=${(event) => this.#tell('step', event.detail)}
        ></time-ruler>
        <span class="ruler-end">
          ${this.#button('One event on', ']', 'M5 2.5 9.5 7 5 11.5', position >= scale.last, () => this.#tell('step', 1))}
          <button type="button" class="button small icon" aria-label=${this.playing ? 'Stop' : 'Play'} title=${this.playing ? 'Stop  p' : 'Play  p'} @click=${() => this.#tell('play')}>
            <svg viewBox="0 0 14 14" aria-hidden="true"><path class="full" d=${this.playing ? 'M3.5 3h2.6v8H3.5zM7.9 3h2.6v8H7.9z' : 'M4 2.5 11 7l-7 4.5z'} /></svg>
          </button>
        </span>
      </div>
      ${flag === null
        ? nothing
        : html`<flag-chart
            .environment=${this.environment}
            .flag=${flag}
            .scale=${scale}
            .position=${position}
            .sequence=${scale.last}
            @move=${(event) => this.#tell('move', event.detail)}
          ></flag-chart>`}
      <div class="instrument-foot">
        <div>${thisEvent(this.moment, this.flags)}</div>
        <div class="controls">${flag === null ? nothing : this.#flagChoice()} ${this.#scaleChoice()}</div>
      </div>
    </section>`;
  }

  #button(label, key, path, disabled, act) {
    return html`<button type="button" class="button small icon" aria-label=${label} title="${label}  ${key}" ?disabled=${disabled} @click=${act}>
      <svg viewBox="0 0 14 14" aria-hidden="true"><path d=${path} /></svg>
    </button>`;
  }

  #told() {
    const { moment } = this;
    const last = moment.changes.at(-1);
    return last ? `#${moment.sequence}, ${when(Date.parse(moment.at))}: ${last.actor.id}, ${last.flag}, ${last.reason}` : 'Before the first event';
  }

  #flagChoice() {
    const keys = new Set([this.flag, ...this.moment.flags.map(({ key }) => key), ...this.flags.map(({ key }) => key)]);
    return html`<label class="choice-of">
      <span>Drawn</span>
      <select class="select" @change=${(event) => this.#tell('draw', event.target.value)}>
        ${[...keys].sort().map((key) => html`<option value=${key} .selected=${key === this.flag}>${key}</option>`)}
      </select>
      <span class="legend" aria-hidden="true"><i class="percentage"></i>percentage <i class="stage"></i>stage <i class="shut"></i>killed</span>
    </label>`;
  }

  #scaleChoice() {
    const option = (byTime, says) =>
      html`<label><input type="radio" name="scale" .checked=${this.byTime === byTime} @change=${() => this.#tell('scale', byTime)} /><span>${says}</span></label>`;
    return html`<fieldset class="segments"><legend class="unseen">The ruler’s scale</legend>${option(false, 'By event')}${option(true, 'By time')}</fieldset>`;
  }

  #tell(what, detail) {
    this.dispatchEvent(new CustomEvent(what, { detail }));
  }
}

customElements.define('time-instrument', TimeInstrument);
