// A USB scanner is a keyboard that types faster than hands and ends with Enter (or Tab). It is recognised by
// that rhythm anywhere on the page; what it typed into a field is taken out again, and its Enter presses nothing.

const PAUSE = 80; // ms without a key that end a burst
const HAND = 45; // ms between keys on average: above this it is a hand
const SHORTEST = 4;

export class Rhythm {
  #keys = '';
  #first = 0;
  #last = -Infinity;

  // Takes a printable key; true when it begins a new burst.
  key(char, time) {
    const begins = time - this.#last > PAUSE;
    if (begins) {
      this.#keys = '';
      this.#first = time;
    }
    this.#keys += char;
    this.#last = time;
    return begins;
  }

  // The code, if what came until `time` was a scanner; begins afresh.
  end(time) {
    const code = this.#keys;
    const quick = code.length >= SHORTEST && this.#last - this.#first <= HAND * (code.length - 1);
    const found = quick && time - this.#last <= PAUSE ? code : null;
    this.#keys = '';
    this.#last = -Infinity;
    return found;
  }
}

// Calls `scanned(code)`; `isCode(text)` tells whether a burst without Enter is a product's code.
export function listen(scanned, isCode) {
  const rhythm = new Rhythm();
  let field = null;
  let timer = 0;
  let swallow = -Infinity; // an Enter that comes after a burst was taken without it presses nothing either

  function finish(time) {
    clearTimeout(timer);
    const code = rhythm.end(time);
    if (code !== null) {
      field?.restore();
      scanned(code);
    }
    return code !== null;
  }

  window.addEventListener(
    'keydown',
    (event) => {
      if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
      if (event.key === 'Enter' || event.key === 'Tab') {
        if (finish(event.timeStamp) || event.timeStamp < swallow) {
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

  function withoutEnter(time) {
    const code = rhythm.end(time);
    if (code !== null && isCode(code)) {
      swallow = time + 4 * PAUSE;
      field?.restore();
      scanned(code);
    }
  }
}

function remember(element) {
  if (!(element instanceof HTMLInputElement) || element.type === 'radio' || element.type === 'checkbox') return null;
  const before = element.value;
  return {
    restore() {
      element.value = before;
      element.dispatchEvent(new Event('input', { bubbles: true }));
    },
  };
}
