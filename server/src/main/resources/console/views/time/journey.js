// Where one is in time, and how one gets elsewhere: at once where that was fetched before, else as soon as it is there.

import { Latest, Moments } from './moments.js';

const AHEAD_AFTER_MS = 60;

export class Journey {
  /** where one wants to be: a sequence, 'now', or a T that is not known yet */
  wanted = null;
  /** where one is; null until something is known */
  moment = null;
  /** why one can't get there; null when nothing is wrong */
  problem = null;

  #moments;
  #changed;
  #latest = new Latest((wanted, signal) => this.#load(wanted, signal));
  #timer = 0;

  /** @param {function()} changed told whenever one of the above is another */
  constructor(environment, changed) {
    this.#moments = new Moments(environment);
    this.#changed = changed;
  }

  stop() {
    this.#latest.stop();
    clearTimeout(this.#timer);
  }

  go(wanted) {
    this.wanted = wanted;
    this.problem = null;
    const known = this.#moments.known(wanted);
    if (known) {
      this.#latest.stop();
      this.#arrived(known);
    } else {
      this.#latest.want(wanted);
      this.#changed();
    }
  }

  /** Tries once more what went wrong. */
  again() {
    this.go(this.wanted ?? 'now');
  }

  /** The sequence of the moment before the one where one is, or of the one behind it; null if there is none. */
  beside(by) {
    const [before, behind] = this.#moments.neighbours(this.moment);
    return by < 0 ? before : behind;
  }

  async #load(wanted, signal) {
    try {
      const moment = this.#moments.known(Number(wanted)) ?? (await this.#moments.at(String(wanted), signal));
      if (this.wanted === wanted && wanted !== 'now') {
        this.wanted = moment.sequence;
      }
      this.#arrived(moment);
    } catch (error) {
      if (!signal.aborted) {
        this.problem = error;
        this.#changed();
      }
    }
  }

  #arrived(moment) {
    this.moment = moment;
    this.problem = null;
    this.#changed();
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#lookAhead(moment), AHEAD_AFTER_MS);
  }

  /** What one may want next is fetched while one looks. */
  #lookAhead(moment) {
    this.#moments
      .neighbours(moment)
      .filter((sequence) => sequence !== null && !this.#moments.known(sequence))
      .forEach((sequence) => this.#moments.at(String(sequence)).catch(() => {})); // it will be told when it is wanted
  }
}
