// <ago-time time="2026-11-22T09:30:00.000Z">: how long ago that is, kept true; the exact time on hover.

import { ago, exactly } from '../words.js';

const EVERY_MS = 5_000;
const shown = new Set();

setInterval(() => shown.forEach((element) => element.tick()), EVERY_MS);

class AgoTime extends HTMLElement {
  static observedAttributes = ['time'];

  #time = document.createElement('time');

  connectedCallback() {
    this.append(this.#time);
    shown.add(this);
    this.#name();
  }

  disconnectedCallback() {
    shown.delete(this);
  }

  attributeChangedCallback() {
    if (this.isConnected) {
      this.#name();
    }
  }

  tick() {
    const text = ago(new Date(this.#time.dateTime));
    if (this.#time.textContent !== text) {
      this.#time.textContent = text;
    }
  }

  #name() {
    this.#time.dateTime = this.getAttribute('time');
    this.#time.title = exactly(new Date(this.#time.dateTime));
    this.tick();
  }
}

customElements.define('ago-time', AgoTime);
