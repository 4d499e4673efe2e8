// <time-ruler>: the whole life of an environment with a mark at each change, and where one stands in it.

import { LitElement, html, nothing, svg } from 'lit';
import { actorName, count } from '../../words.js';
import { tickWords, when } from './when.js';

const PAGE = 10;

class TimeRuler extends LitElement {
  static properties = {
    marks: { attribute: false },
    scale: { attribute: false },
    /** where one stands: a sequence */
    position: { attribute: false },
    /** another moment that it is compared with, or null */
    other: { attribute: false },
    /** the moment in words */
    told: { attribute: false },
    hovered: { state: true },
  };

  #drags = false;

  constructor() {
    super();
    this.other = null;
    this.hovered = null;
    this.told = '';
  }

  createRenderRoot() {
    return this;
  }

  render() {
    const { scale, position } = this;
    return html`
      <div
        class="track"
        role="slider"
        tabindex="0"
        aria-label="Moment"
        aria-valuemin="0"
        aria-valuemax=${scale.last}
        aria-valuenow=${position}
        aria-valuetext=${this.told}
        @keydown=${this.#keyed}
        @pointerdown=${this.#grab}
        @pointermove=${this.#drag}
        @pointerup=${this.#leave}
        @pointercancel=${this.#leave}
        @pointerleave=${() => (this.hovered = null)}
      >
        <svg class="marks" aria-hidden="true">${this.#marks()}</svg>
        <i class="passed" aria-hidden="true"></i>
        ${this.other === null ? nothing : html`<i class="other" aria-hidden="true" title="The moment it is compared with">#${this.other}</i>`}
        <i class="thumb" aria-hidden="true"></i>
        ${this.hovered === null ? nothing : html`<span class="tip" aria-hidden="true">${this.#tip()}</span>`}
      </div>
      <p class="ticks" aria-hidden="true">${tickWords(scale).map((words) => html`<span>${words}</span>`)}</p>
    `;
  }

  #drawn = null;
  #lines = nothing;

  /** Made anew only for other marks or another scale, as there may be hundreds. */
  #marks() {
    if (this.#drawn !== this.scale) {
      this.#drawn = this.scale;
      this.#lines = this.marks.map((mark) => {
        const x = `${(100 * this.scale.x(mark.last)).toFixed(3)}%`;
        return mark.kills > 0
          ? svg`<line class="kill" x1=${x} x2=${x} y1="2" y2="26" />`
          : svg`<line class=${mark.kind === 'FlagCreated' ? 'birth' : ''} x1=${x} x2=${x} y1="10" y2="26" />`;
      });
    }
    return this.#lines;
  }

  #tip() {
    const mark = this.scale.mark(this.hovered);
    if (mark === null) {
      return 'Before the first event';
    }
    const kills = mark.kills > 0 ? `, ${count(mark.kills, 'kill')}` : '';
    return html`<b>${mark.kind ? `#${mark.last}` : `#${mark.first} – #${mark.last}`}</b> ${when(Date.parse(mark.until))}<br />
      ${mark.kind
        ? html`${actorName({ id: mark.actor })}: ${mark.flag}${mark.last > mark.first ? ` and ${mark.last - mark.first} more` : nothing}<br /><span class="why"
              >${mark.reason}</span
            >`
        : `${count(mark.last - mark.first + 1, 'event')}${kills}`}`;
  }

  updated() {
    const place = (selector, x) => this.querySelector(selector)?.style.setProperty('left', `${100 * x}%`);
    const x = this.scale.x(this.position);
    place('.thumb', x);
    this.querySelector('.passed').style.setProperty('width', `${100 * x}%`);
    if (this.other !== null) {
      place('.other', this.scale.x(this.other));
    }
    if (this.hovered !== null) {
      place('.tip', Math.min(0.86, Math.max(0.14, this.scale.x(this.hovered))));
    }
  }

  #keyed = (event) => {
    if (event.altKey || event.ctrlKey || event.metaKey) {
      return;
    }
    const by = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1, PageUp: PAGE, PageDown: -PAGE, Home: -Infinity, End: Infinity }[event.key];
    if (by !== undefined) {
      event.preventDefault();
      this.dispatchEvent(new CustomEvent('step', { detail: by }));
    }
  };

  #grab = (event) => {
    if (event.button !== 0) {
      return;
    }
    this.#drags = true;
    event.currentTarget.setPointerCapture(event.pointerId);
    event.currentTarget.focus({ preventScroll: true });
    this.#move(event);
  };

  #drag = (event) => {
    if (this.#drags) {
      this.#move(event);
    }
    this.hovered = this.scale.nearest(this.#share(event));
  };

  #leave = (event) => {
    this.#drags = false;
    if (event.pointerType !== 'mouse') {
      this.hovered = null;
    }
  };

  #move(event) {
    this.dispatchEvent(new CustomEvent('move', { detail: this.scale.nearest(this.#share(event)) }));
  }

  #share(event) {
    const { left, width } = this.querySelector('.track').getBoundingClientRect();
    return Math.min(1, Math.max(0, (event.clientX - left) / width));
  }
}

customElements.define('time-ruler', TimeRuler);
