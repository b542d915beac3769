// A camera sees a code as long as it is held up: that is one scan, until the code has been away for a while.

const AWAY = 1_500; // ms

export class Glimpses {
  #seen = new Map();

  // Whether `code`, seen at `now` (ms), is a scan of its own.
  isNew(code, now) {
    const last = this.#seen.get(code) ?? -Infinity;
    this.#seen.set(code, now);
    return now - last > AWAY;
  }
}
