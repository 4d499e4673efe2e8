// Where the events of a life stand on the ruler: 0 is before the first of them, 1 is now. Pure functions: no page, no network.

const LEAD = 0.03; // how much of a ruler of time lies before the first event

export class Scale {
  #marks;
  #byTime;
  #start;
  #end;

  /**
   * @param marks as the server tells them, oldest first, at least one
   * @param {'events' | 'time'} kind as much room for every event, or for every second
   * @param {number} now in milliseconds
   */
  constructor(marks, kind, now) {
    this.#marks = marks.map((mark) => ({ ...mark, start: Date.parse(mark.since), end: Date.parse(mark.until) }));
    this.last = marks.at(-1).last;
    /** the sequences at which one can stand, 0 included; null if there are too many events for one mark each */
    this.cuts = marks.every(({ kind: change }) => change) ? [0, ...marks.map(({ last }) => last)] : null;
    const first = this.#marks[0].start;
    this.#end = Math.max(now, this.#marks.at(-1).end);
    this.#start = first - LEAD * (this.#end - first);
    this.#byTime = kind === 'time' && this.#end > this.#start;
  }

  /** Where a sequence stands. */
  x(sequence) {
    if (sequence <= 0) {
      return 0;
    }
    return this.#byTime ? (this.time(sequence) - this.#start) / (this.#end - this.#start) : sequence / this.last;
  }

  /** The ledger time of an event, between the ends of a mark by its share of it. */
  time(sequence) {
    const { first, last, start, end } = this.#marks[this.#at((mark) => mark.last >= sequence)];
    return last === first ? end : start + ((sequence - first) / (last - first)) * (end - start);
  }

  /** The instant that a place of the ruler stands for. */
  instant(x) {
    return this.#byTime ? this.#start + x * (this.#end - this.#start) : this.time(Math.max(1, Math.round(x * this.last)));
  }

  /** The sequence at which one can stand that is nearest to a place. */
  nearest(x) {
    if (this.cuts) {
      const behind = this.#firstCut((cut) => this.x(cut) >= x);
      const [low, high] = [this.cuts[Math.max(0, behind - 1)], this.cuts[behind]];
      return x - this.x(low) < this.x(high) - x ? low : high;
    }
    if (!this.#byTime) {
      return Math.round(x * this.last);
    }
    const instant = this.instant(x);
    const { first, last, start, end } = this.#marks[this.#at((mark) => mark.end >= instant)];
    const share = end > start ? Math.min(1, Math.max(0, (instant - start) / (end - start))) : 1;
    return instant < this.#marks[0].start ? 0 : Math.round(first + share * (last - first));
  }

  /** So many cuts further on, or back; null if the cuts are not known. */
  step(sequence, by) {
    if (!this.cuts) {
      return null;
    }
    const at = this.#firstCut((cut) => cut >= sequence);
    return this.cuts[Math.min(this.cuts.length - 1, Math.max(0, at + by))];
  }

  /** The mark that holds a sequence. */
  mark(sequence) {
    return sequence <= 0 ? null : this.#marks[this.#at((mark) => mark.last >= sequence)];
  }

  #at(reached) {
    return search(this.#marks, reached);
  }

  #firstCut(reached) {
    return search(this.cuts, reached);
  }
}

/** The first index of a sorted array from which on something holds; the last index if it never does. */
function search(sorted, holds) {
  let [low, high] = [0, sorted.length - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (holds(sorted[middle])) {
      high = middle;
    } else {
      low = middle + 1;
    }
  }
  return low;
}
