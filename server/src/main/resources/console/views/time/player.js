// Walks through the whole life by itself, event by event, or in strides where that would take too long.

const STEP_MS = 650;
const LONGEST_STEPS = 80;

export class Player {
  /** how many cuts a step takes */
  stride = 1;

  #step;
  #timer = 0;

  constructor(step) {
    this.#step = step;
  }

  /** @param {number} cuts how many there are to walk through */
  start(cuts) {
    this.stop();
    this.stride = Math.max(1, Math.ceil(cuts / LONGEST_STEPS));
    this.#timer = setInterval(this.#step, STEP_MS);
  }

  stop() {
    clearInterval(this.#timer);
  }
}
