// A USB scanner is a keyboard that types faster than hands and ends with Enter (or Tab). It is recognised by
// that rhythm anywhere on the page; what it typed into a field is taken out again, and its Enter presses nothing.
// A burst that no product has is left to a field that can make sense of it: the search box takes all of its text
// (a scanner may stumble), a money field takes a few quick digits (hands can be fast).

const PAUSE = 150; // ms without a key that end a burst
const HAND = 45; // ms between two keys, by the median: above this it is a hand
const SHORTEST = 4;
const CODE = 8; // digits of the shortest printed code: fewer are an amount

export class Rhythm {
  #keys = '';
  #gaps = [];
  #last = -Infinity;

  // Takes a printable key; true when it begins a new burst.
  key(char, time) {
    const gap = time - this.#last;
    const begins = gap > PAUSE;
    if (begins) this.#forget();
    else this.#gaps.push(gap);
    this.#keys += char;
    this.#last = time;
    return begins;
  }

  // The code, if what came until `time` was a scanner.
  code(time) {
    const gaps = [...this.#gaps].sort((a, b) => a - b);
    const quick = this.#keys.length >= SHORTEST && gaps[gaps.length >> 1] <= HAND;
    return quick && time - this.#last <= PAUSE ? this.#keys : null;
  }

  // The same, and begins afresh.
  end(time) {
    const code = this.code(time);
    this.#forget();
    this.#last = -Infinity;
    return code;
  }

  #forget() {
    this.#keys = '';
    this.#gaps = [];
  }
}

// Calls `scanned(code)`; `isCode(text)` tells whether a burst without Enter is a product's code.
export function listen(scanned, isCode) {
  const rhythm = new Rhythm();
  let field = null;
  let timer = 0;
  let swallow = -Infinity; // an Enter that comes after a burst was taken without it presses nothing either

  function taken(time) {
    const code = rhythm.end(time);
    if (code === null || (!isCode(code) && field?.keeps(code))) return false;
    field?.restore();
    scanned(code);
    return true;
  }

  function withoutEnter(time) {
    if (isCode(rhythm.code(time)) && taken(time)) swallow = time + 2 * PAUSE;
  }

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (event.key === 'Enter' || event.key === 'Tab') {
        clearTimeout(timer);
        const meant = event.timeStamp >= swallow;
        swallow = -Infinity;
        if (taken(event.timeStamp) || !meant) {
          event.preventDefault();
          event.stopImmediatePropagation();
        }
      } else if (event.key.length === 1 && !event.repeat) {
        if (rhythm.key(event.key, event.timeStamp)) field = remember(document.activeElement);
        clearTimeout(timer);
        timer = setTimeout(withoutEnter, PAUSE, event.timeStamp);
      }
    },
    true,
  );
}

function remember(element) {
  if (!(element instanceof HTMLInputElement) || element.type === 'radio') return null;
  const before = element.value;
  return {
    keeps: (keys) => element.id === 'find' || (element.inputMode === 'numeric' && /^\d+$/.test(keys) && keys.length < CODE),
    restore() {
      element.value = before;
      element.dispatchEvent(new Event('input', { bubbles: true }));
    },
  };
}
