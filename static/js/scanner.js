// A USB scanner is a keyboard that types faster than hands and ends with Enter (or Tab). It is recognised by
// that rhythm anywhere on the page; what it typed into a field is taken out again, and its Enter presses nothing.
// A burst that no product has is left to a field that can make sense of it: the search box takes all of its text
// (a scanner may stumble), a money field takes a few quick digits (hands can be fast).
// To put a key into a field is what costs a browser most of a scan, so the second and all further quick keys are
// withheld from it. They go in at once, where they would have stood, as soon as anything tells that it was a hand.

const PAUSE = 150; // ms without a key that end a burst
const HAND = 45; // ms between two keys, by the median: above this it is a hand
const WAIT = 60; // ms that quick keys are withheld from a field
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

  // Whether the newest key came as soon after the one before it as a scanner's does.
  get isQuick() {
    return this.#gaps.at(-1) <= HAND;
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

// Keys on their way into the field that has the focus.
class Withheld {
  #field = null;
  #text = '';
  #timer = 0;

  // Keeps the key of this event back; false where there is no field to hold it back from.
  take(event) {
    const field = document.activeElement;
    if (!(field instanceof HTMLInputElement) || field.selectionStart === null || field.readOnly) return false;
    if (field !== this.#field) this.release();
    this.#field = field;
    this.#text += event.key;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.release(), WAIT);
    event.preventDefault();
    return true;
  }

  release() {
    const [field, text] = [this.#field, this.#text];
    this.drop();
    if (!text) return;
    const { selectionStart, selectionEnd, value, maxLength } = field;
    const room = maxLength < 0 ? text.length : maxLength - value.length + selectionEnd - selectionStart;
    field.setRangeText(text.slice(0, Math.max(0, room)), selectionStart, selectionEnd, 'end');
    field.dispatchEvent(new Event('input', { bubbles: true }));
  }

  drop() {
    clearTimeout(this.#timer);
    this.#field = null;
    this.#text = '';
  }
}

// Calls `scanned(code)`; `isCode(text)` tells whether a burst without Enter is a product's code.
export function listen(scanned, isCode) {
  const rhythm = new Rhythm();
  const withheld = new Withheld();
  let field = null;
  let timer = 0;
  let swallow = -Infinity; // an Enter that comes after a burst was taken without it presses nothing either

  function taken(time) {
    const code = rhythm.end(time);
    if (code === null || (!isCode(code) && field?.keeps(code))) return false;
    withheld.drop();
    field?.restore();
    scanned(code);
    return true;
  }

  function withoutEnter(time) {
    if (isCode(rhythm.code(time)) && taken(time)) swallow = time + 2 * PAUSE;
  }

  function enter(event) {
    clearTimeout(timer);
    const meant = event.timeStamp >= swallow;
    swallow = -Infinity;
    if (!taken(event.timeStamp) && meant) return withheld.release();
    event.preventDefault();
    return event.stopImmediatePropagation();
  }

  function key(event) {
    const begins = rhythm.key(event.key, event.timeStamp);
    if (!rhythm.isQuick) withheld.release();
    if (begins) field = remember(landing(event.key));
    clearTimeout(timer);
    timer = setTimeout(withoutEnter, PAUSE, event.timeStamp);
  }

  // Comes after everybody else has seen the key: one that they made use of is not for a field.
  function withhold(event) {
    if (isText(event) && rhythm.isQuick && (event.defaultPrevented || !withheld.take(event))) withheld.release();
  }

  function seen(event) {
    if (!isCommand(event) && ['Enter', 'Tab'].includes(event.key)) enter(event);
    else if (isText(event)) key(event);
    else if (!['Shift', 'CapsLock'].includes(event.key)) withheld.release();
  }

  window.addEventListener('keydown', seen, true);
  window.addEventListener('keydown', withhold);
  for (const other of ['beforeinput', 'pointerdown', 'blur']) window.addEventListener(other, () => withheld.release(), true);
}

function isCommand(event) {
  return event.ctrlKey || event.altKey || event.metaKey || event.isComposing;
}

function isText(event) {
  return event.key.length === 1 && !event.repeat && !isCommand(event);
}

// Where a first key goes: a digit that a button has no use for goes to the field its dialog waits for it in.
function landing(key) {
  const useless = /^\d$/.test(key) && document.activeElement.tagName === 'BUTTON';
  const dialog = useless && document.querySelector('dialog[open][data-digits]');
  if (dialog) document.getElementById(dialog.dataset.digits).select();
  return document.activeElement;
}

function remember(element) {
  if (!(element instanceof HTMLInputElement) || element.type === 'radio') return null;
  const before = element.value;
  return {
    keeps: (keys) => element.id === 'find' || (element.inputMode === 'numeric' && /^\d+$/.test(keys) && keys.length < CODE),
    restore() {
      if (element.value === before) return;
      element.value = before;
      element.dispatchEvent(new Event('input', { bubbles: true }));
    },
  };
}
