// The past, as far as it was fetched: what was once so stays so, and need not be asked for again.

import { events, flags } from '../../api.js';

const MOST_FLAGS_KEPT = 60_000;
const MOST_CHANGES_TOLD = 20;

/** One environment's moments. */
export class Moments {
  #environment;
  #kept = new Map();
  #flags = 0;
  #last = new Map();

  constructor(environment) {
    this.#environment = environment;
  }

  /** A moment by its sequence, if it is known: {sequence, at, flags, changes, size, next}. */
  known(sequence) {
    return this.#kept.get(sequence);
  }

  /**
   * The moment that a T means: a sequence, a time or a span back from now.
   *
   * `changes` are the events that led to it, with `size` how many they were (more than are told, if they were very many);
   * `next` is the event behind it, or null if there is none by now.
   */
  async at(text, signal) {
    const wanted = /^\d+$/.test(text) ? Number(text) : null;
    const guess = wanted === null ? null : this.#around(wanted, signal);
    guess?.catch(() => {}); // told by the other request, or below
    const state = await flags(this.#environment, { at: text }, signal);
    const around = state.sequence === wanted ? await guess : await this.#around(state.sequence, signal);
    const moment = { sequence: state.sequence, at: state.at, flags: this.#shared(state.flags), ...around };
    this.#keep(moment);
    return moment;
  }

  async #around(sequence, signal) {
    const ask = (after, limit) => events(this.#environment, { after, limit }, signal).then((answer) => answer.events);
    if (sequence === 0) {
      const [next = null] = await ask(0, 1);
      return { changes: [], size: 0, next };
    }
    const [event, next = null] = await ask(sequence - 1, 2);
    const { size } = event.batch;
    const changes = size === 1 ? [event] : await ask(sequence - size, Math.min(size, MOST_CHANGES_TOLD));
    return { changes, size, next };
  }

  /** The moment before and the one behind; null where there is none. */
  neighbours({ sequence, size, next }) {
    return [sequence > 0 ? sequence - size : null, next ? sequence + next.batch.size : null];
  }

  /** A revision is the same for ever: one object for all moments saves room, and shows at once what did not change. */
  #shared(flags) {
    const shared = flags.map((flag) => {
      const last = this.#last.get(flag.key);
      return last?.revision === flag.revision ? last : flag;
    });
    this.#last = new Map(shared.map((flag) => [flag.key, flag]));
    return shared;
  }

  #keep(moment) {
    if (moment.next === null) {
      return; // what comes behind it is still to happen
    }
    this.#kept.set(moment.sequence, moment);
    this.#flags += moment.flags.length;
    for (const [oldest, { flags: some }] of this.#kept) {
      if (this.#flags <= MOST_FLAGS_KEPT || oldest === moment.sequence) {
        return;
      }
      this.#kept.delete(oldest);
      this.#flags -= some.length;
    }
  }
}

/** Fetches what was wanted last, one at a time, and gives up what has become stale. */
export class Latest {
  static #PATIENCE_MS = 120;

  #fetch;
  #running = null;
  #wanted = null;

  /** @param {function(wanted, AbortSignal): Promise} fetch */
  constructor(fetch) {
    this.#fetch = fetch;
  }

  want(wanted) {
    this.#wanted = { wanted };
    if (this.#running === null) {
      this.#run();
    } else if (performance.now() - this.#running.since > Latest.#PATIENCE_MS) {
      this.#running.stop.abort();
    }
  }

  stop() {
    this.#wanted = null;
    this.#running?.stop.abort();
  }

  async #run() {
    while (this.#wanted !== null) {
      const { wanted } = this.#wanted;
      this.#wanted = null;
      this.#running = { since: performance.now(), stop: new AbortController() };
      await this.#fetch(wanted, this.#running.stop.signal).catch(() => {}); // whoever fetches tells of problems
    }
    this.#running = null;
  }
}
