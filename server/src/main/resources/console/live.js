// One environment, followed: its flags, its last events and how well it is connected.

import { ApiError, events, flags } from './api.js';
import { follow } from './feed.js';

const EVENTS_KEPT = 30;
const EVENTS_AT_FIRST = 20;
const OFFLINE_AFTER_MS = 6_000;
const LONGEST_PAUSE_MS = 15_000;
const LONGEST_WAIT_MS = 5_000;

/**
 * Holds what is known of an environment and tells its listener whenever that changes. The feed says that something happened;
 * the flags themselves are always fetched, at least as new as what the feed told, so the page never folds events itself.
 */
export class LiveEnvironment {
  /** null until they are known */
  flags = null;
  sequence = 0;
  /** newest first; null until they are known */
  events = null;
  /** connecting, live, reconnecting or offline */
  connection = 'connecting';
  /** when the connection was lost */
  lostAt = null;
  /** why the flags can't be had; null when they can */
  problem = null;

  #changed;
  #feed = null;
  #head = -1; // unknown
  #wanted = 0;
  #loading = false;
  #failures = 0;
  #timers = new Map();
  #waiting = new Set();
  #stop = new AbortController();

  /** @param before the same environment as it was followed until now, to be shown until there is something newer */
  constructor(name, changed, before) {
    this.name = name;
    this.#changed = changed;
    this.flags = before?.flags ?? null;
    this.sequence = before?.sequence ?? 0;
    this.events = before?.events ?? null;
  }

  /** Gives its connection up, of which a browser has few for all its windows; nothing is lost, for {@link resume} gets what was missed. */
  pause() {
    this.#feed?.abort();
    this.#feed = null;
  }

  resume() {
    if (this.#feed === null && !this.stopped) {
      this.#listen(this.#head < 0 ? undefined : this.#head);
    }
  }

  get stopped() {
    return this.#stop.signal.aborted;
  }

  start() {
    this.#lost('connecting');
    this.#listen();
    this.#load();
  }

  /** Waits until the flags are as they should be: at most some seconds, and then goes on with what there is. */
  until(reached) {
    return new Promise((resolve) => {
      const giveUp = setTimeout(() => {
        this.#waiting.delete(check);
        resolve();
      }, LONGEST_WAIT_MS);
      const check = () => {
        if (this.flags !== null && reached(this.flags)) {
          clearTimeout(giveUp);
          this.#waiting.delete(check);
          resolve();
        }
      };
      this.#waiting.add(check);
      check();
    });
  }

  stop() {
    this.#stop.abort();
    this.#feed?.abort();
    this.#timers.forEach((timer) => clearTimeout(timer));
  }

  #listen(after) {
    this.#feed?.abort();
    const feed = new AbortController();
    this.#feed = feed;
    follow(
      this.name,
      after,
      {
        message: ({ event, data }) => {
          if (event === 'head') {
            this.#headed(JSON.parse(data).sequence);
          } else if (event === 'change') {
            this.#happened(JSON.parse(data));
          }
        },
        lost: () => this.#lost('reconnecting'),
      },
      feed.signal,
    );
  }

  /** The feed is there, for the first time or again: all that may have been missed meanwhile is fetched. */
  #headed(sequence) {
    const anotherLedger = sequence < this.#head;
    const known = this.#head < 0 && this.flags !== null && this.sequence >= sequence;
    this.#head = sequence;
    this.#cancel('offline');
    this.connection = 'live';
    this.lostAt = null;
    this.#changed();
    if (anotherLedger) {
      this.events = null;
      this.#wanted = sequence;
      this.#listen(sequence);
      return;
    }
    this.#wanted = Math.max(this.#wanted, sequence);
    if (!known) {
      this.#load();
    }
    this.#loadEvents(sequence);
  }

  #happened(event) {
    this.#head = Math.max(this.#head, event.sequence);
    this.#wanted = Math.max(this.#wanted, event.sequence);
    if (this.events !== null) {
      this.#remember([event]);
    }
    this.#changed();
    this.#load();
  }

  #lost(connection) {
    if (this.connection === 'offline') {
      return;
    }
    this.connection = connection;
    this.lostAt ??= new Date();
    if (!this.#timers.has('offline')) {
      this.#later('offline', OFFLINE_AFTER_MS, () => {
        this.connection = 'offline';
        this.#changed();
      });
    }
    this.#changed();
  }

  /** One request at a time: what comes while it is under way is fetched by one more. */
  async #load() {
    if (this.#loading) {
      return;
    }
    this.#loading = true;
    this.#cancel('load');
    try {
      let wanted;
      do {
        wanted = this.#wanted;
        const answer = await flags(this.name, { after: wanted }, this.#stop.signal);
        this.flags = answer.flags;
        this.sequence = answer.sequence;
        this.problem = null;
        this.#failures = 0;
        this.#changed();
        this.#waiting.forEach((check) => check());
      } while (this.#wanted > Math.max(wanted, this.sequence));
    } catch (error) {
      this.#failed(error);
    } finally {
      this.#loading = false;
    }
  }

  #failed(error) {
    if (this.#stop.signal.aborted) {
      return;
    }
    this.problem = error instanceof ApiError ? error : new ApiError(0, 'The flags can’t be shown', error.message);
    this.#later('load', Math.min(LONGEST_PAUSE_MS, 1_000 * 2 ** this.#failures++), () => this.#load());
    this.#changed();
  }

  async #loadEvents(head) {
    this.#cancel('events');
    try {
      const answer = await events(this.name, { after: Math.max(0, head - EVENTS_AT_FIRST), limit: EVENTS_KEPT }, this.#stop.signal);
      this.#remember(answer.events);
      this.#changed();
    } catch (error) {
      if (error.status === 404) {
        this.events = []; // the environment has no event yet
        this.#changed();
      } else if (!this.#stop.signal.aborted) {
        this.#later('events', 3_000, () => this.#loadEvents(this.#head));
      }
    }
  }

  #remember(more) {
    const known = new Map([...(this.events ?? []), ...more].map((event) => [event.sequence, event]));
    this.events = [...known.values()].sort((a, b) => b.sequence - a.sequence).slice(0, EVENTS_KEPT);
  }

  #later(name, milliseconds, act) {
    this.#cancel(name);
    this.#timers.set(
      name,
      setTimeout(() => {
        this.#timers.delete(name);
        act();
      }, milliseconds),
    );
  }

  #cancel(name) {
    clearTimeout(this.#timers.get(name));
    this.#timers.delete(name);
  }
}
