// <flag-chart>: how far one flag was open over the whole life, below the ruler and as long as it.

import { LitElement, html, nothing } from 'lit';
import { get, of } from '../../api.js';
import { problemView } from '../../parts/problem-view.js';
import { killScope, percent, stageName } from '../../words.js';
import { plot } from './plot.js';
import { when } from './when.js';

class FlagChart extends LitElement {
  static properties = {
    environment: { attribute: false },
    flag: { attribute: false },
    scale: { attribute: false },
    position: { attribute: false },
    /** up to where the flag's life must be known */
    sequence: { attribute: false },
    points: { state: true },
    problem: { state: true },
  };

  #plot = null;
  #stop = new AbortController();
  #resized = new ResizeObserver(() => this.#plot?.resize());
  #dark = matchMedia('(prefers-color-scheme: dark)');
  #chosen = new MutationObserver(() => this.#redraw());

  constructor() {
    super();
    this.points = null;
    this.problem = null;
  }

  createRenderRoot() {
    return this;
  }

  connectedCallback() {
    super.connectedCallback();
    this.#dark.addEventListener('change', this.#redraw);
    this.#chosen.observe(document.documentElement, { attributes: true, attributeFilter: ['class'] });
    this.requestUpdate();
  }

  disconnectedCallback() {
    super.disconnectedCallback();
    this.#dark.removeEventListener('change', this.#redraw);
    this.#chosen.disconnect();
    this.#resized.disconnect();
    this.#stop.abort();
    this.#plot?.destroy();
    this.#plot = null;
  }

  willUpdate(changes) {
    if (this.flag && (changes.has('flag') || changes.has('environment') || changes.has('sequence'))) {
      this.#load(changes.has('flag') || changes.has('environment'));
    }
  }

  async #load(another) {
    this.#stop.abort();
    this.#stop = new AbortController();
    const { signal } = this.#stop;
    if (another) {
      this.points = null;
    }
    try {
      const answer = await get(`${of(this.environment)}/flags/${encodeURIComponent(this.flag)}/series`, { after: this.sequence }, signal);
      this.points = answer.points;
      this.problem = null;
    } catch (error) {
      if (!signal.aborted) {
        this.problem = error;
      }
    }
  }

  render() {
    return html`
      <div class="canvas" role="img" aria-label=${this.#summary()}><i class="hand" aria-hidden="true"></i></div>
      ${this.problem ? problemView(this.problem) : nothing} ${this.points === null ? nothing : this.#table()}
    `;
  }

  #summary() {
    const last = this.points?.at(-1);
    return last ? `Percentage and stage of ${this.flag} over time; at last ${words(last)}` : `Percentage and stage of ${this.flag} over time`;
  }

  /** The same to be read, and by the keyboard. */
  #table() {
    return html`<details class="as-table">
      <summary>As a table</summary>
      <ol>
        ${this.points.map(
          (point) => html`<li>
            <button type="button" class="link" @click=${() => this.#go(point.sequence)}>#${point.sequence}</button>
            <time datetime=${point.at}>${when(Date.parse(point.at))}</time> <span>${words(point)}</span>
          </li>`,
        )}
      </ol>
    </details>`;
  }

  async updated(changes) {
    const canvas = this.querySelector('.canvas');
    if (this.#plot === null && this.points !== null) {
      await this.#draw(canvas);
    } else if (this.#plot && (changes.has('points') || changes.has('scale')) && this.points) {
      this.#plot.set(this.points, this.scale);
    }
    this.querySelector('.hand').style.setProperty('--at', this.scale.x(this.position));
  }

  #drawing = false;

  async #draw(canvas) {
    if (this.#drawing) {
      return;
    }
    this.#drawing = true;
    try {
      const drawn = await plot(canvas, (x) => this.#go(this.scale.nearest(x)));
      if (!this.isConnected) {
        drawn.destroy();
        return;
      }
      this.#plot = drawn;
      this.#plot.set(this.points ?? [], this.scale);
      this.#resized.observe(canvas);
    } catch (error) {
      this.problem = error;
    } finally {
      this.#drawing = false;
    }
  }

  #redraw = () => {
    this.#plot?.destroy();
    this.#plot = null;
    this.requestUpdate();
  };

  #go(sequence) {
    this.dispatchEvent(new CustomEvent('move', { detail: sequence }));
  }
}

function words({ stage, percentage, killSwitch, archived }) {
  const open = stage === 'PERCENTAGE' ? percent(percentage) : stageName(stage);
  return [open, killSwitch === 'RELEASED' ? '' : `killed for ${killScope(killSwitch)}`, archived ? 'archived' : ''].filter(Boolean).join(', ');
}

customElements.define('flag-chart', FlagChart);
