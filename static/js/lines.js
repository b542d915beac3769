// The lines of the cart on the screen. Rows are kept by product, so that a scan never takes a field away from
// under somebody's hands.

import { isDivisible } from './cart.js';
import { $, el, say } from './dom.js';
import { THOUSAND, grouped, plainQuantity, readQuantity, rupiah } from './money.js';

const LONELY = 150; // ms: a D that belongs to a scanned code asks for nothing
const BRIGHT = 900; // ms

// Why a typed quantity cannot be sold.
export function whyNot(name, unit, typed, only) {
  if (only) return say('only_one', { name });
  const divisible = isDivisible({ unit });
  const inParts = divisible ? /^\d+[.,]\d{4,}$/ : /[.,]/;
  if (!inParts.test(typed)) return say('bad_quantity', { text: typed });
  return say(divisible ? 'three_decimals' : 'whole_only', { name, unit });
}

export class Lines {
  #rows = new Map();
  #set;
  #less;
  #remove;
  #discount;
  #leave;
  #lonely = 0;
  #bright = null; // the row that was added to last
  #fading = 0;

  // `set(line, thousandths or null, typed)` changes a quantity, or says why not and returns false; `less(line, before)`
  // follows when it is settled; `discount(line)` asks for one; `leave()` goes back to the search.
  constructor({ set, less, remove, discount, leave }) {
    this.#set = set;
    this.#less = less;
    this.#remove = remove;
    this.#discount = discount;
    this.#leave = leave;
  }

  draw(cart, { amounts, off }) {
    for (const [product, row] of this.#rows) {
      if (!cart.lines.some((line) => line.product === product)) {
        row.item.remove();
        this.#rows.delete(product);
      }
    }
    cart.lines.forEach((line, i) => {
      let row = this.#rows.get(line.product);
      if (!row) {
        row = this.#row(line);
        this.#rows.set(line.product, row);
        $('lines').append(row.item);
      }
      row.line = line;
      if (document.activeElement !== row.field || !row.typing) write(row.field, 'value', plainQuantity(line.quantity));
      write(row.rate, 'textContent', line.rate ? say(line.rate) : '');
      write(row.price, 'textContent', say('each', { price: grouped(line.price) }));
      if (row.drawn !== `${amounts[i]} ${off[i]}`) {
        row.drawn = `${amounts[i]} ${off[i]}`;
        row.amount.className = `line-amount ${amounts[i] >= 1e9 ? 'longer' : amounts[i] >= 1e7 ? 'long' : ''}`;
        row.amount.replaceChildren(rupiah(amounts[i]), off[i] ? el('small', {}, `−${grouped(off[i])}`) : '');
      }
      write(row.problem, 'textContent', line.gone ? say('gone') : '');
      row.item.classList.toggle('gone', Boolean(line.gone));
    });
  }

  clear() {
    this.#rows.clear();
    $('lines').replaceChildren();
  }

  // Shows which line was just added to. An animation would cost the next scan of a slow machine its own picture.
  flash(line) {
    const { item } = this.#rows.get(line.product);
    clearTimeout(this.#fading);
    this.#bright?.classList.remove('flash');
    this.#bright = item;
    item.classList.add('flash');
    this.#fading = setTimeout(() => item.classList.remove('flash'), BRIGHT);
    requestAnimationFrame(() => item.scrollIntoView({ block: 'nearest' })); // the page is laid out there anyway
  }

  edit(line) {
    const { field } = this.#rows.get(line.product);
    field.focus();
    field.select();
  }

  // Takes what is being typed now; false when it is no quantity.
  settle() {
    const row = [...this.#rows.values()].find((each) => each.typing);
    return !row || this.#commit(row);
  }

  last() {
    const row = [...this.#rows.values()].at(-1);
    if (row) this.edit(row.line);
  }

  #row(line) {
    const name = line.name;
    const divisible = isDivisible(line);
    const field = el('input', {
      class: 'line-field',
      inputmode: divisible ? 'decimal' : 'numeric',
      autocomplete: 'off',
      maxlength: 10,
      'aria-label': say('quantity_of', { name }),
    });
    const row = { line, field, typing: false, before: line.quantity };
    const step = (by) => () => {
      const quantity = row.line.quantity + by * THOUSAND;
      if (quantity > 0 && this.#set(row.line, quantity, plainQuantity(quantity))) this.#less(row.line, quantity - by * THOUSAND);
    };
    const button = (text, label, act) =>
      el('button', { type: 'button', class: 'line-step', tabindex: -1, 'aria-label': say(label, { name }), onclick: act }, text);
    row.price = el('span', {});
    row.rate = el('span', { class: 'tag line-rate' });
    row.problem = el('span', { class: 'line-problem' });
    row.amount = el('button', { type: 'button', class: 'line-amount', title: `${say('discount_of', { name })} (D)`, onclick: () => this.#discount(row.line) });
    row.item = el(
      'li',
      {},
      el('span', { class: 'line-name' }, name, el('small', {}, row.price, ' ', row.rate, ` · ${line.maker} `, row.problem)),
      el(
        'span',
        { class: 'line-quantity' },
        button('−', 'less', step(-1)),
        field,
        el('small', {}, line.unit),
        button('+', 'plus', step(1)),
      ),
      row.amount,
      el(
        'button',
        { type: 'button', class: 'till-x', 'aria-label': say('remove', { name }), onclick: () => this.#remove(row.line) },
        '✕',
      ),
    );
    field.addEventListener('input', () => this.#typed(row));
    field.addEventListener('focus', () => {
      row.before = row.line.quantity;
      field.select();
    });
    field.addEventListener('blur', () => this.#commit(row));
    field.addEventListener('keydown', (event) => this.#key(event, row));
    return row;
  }

  // What is typed counts at once; as long as it is no quantity, the one before does.
  #typed(row) {
    row.typing = true;
    const quantity = readQuantity(row.field.value, isDivisible(row.line)) || row.before;
    if (quantity !== row.line.quantity) this.#set(row.line, quantity, row.field.value);
  }

  #commit(row) {
    if (!row.typing) return true;
    row.typing = false;
    const text = row.field.value;
    const typed = readQuantity(text, isDivisible(row.line));
    const { before } = row;
    row.before = row.line.quantity;
    row.field.value = plainQuantity(row.line.quantity);
    if (typed === row.line.quantity) {
      this.#less(row.line, before);
      return true;
    }
    return typed === 0 ? this.#remove(row.line) : this.#set(row.line, typed, text);
  }

  #key(event, row) {
    clearTimeout(this.#lonely);
    if (event.key === 'Enter' || event.key === 'Escape') {
      event.preventDefault();
      event.stopPropagation();
      if (event.key === 'Escape' && row.typing) {
        row.typing = false;
        this.#set(row.line, row.before);
      }
      this.#leave();
    } else if (event.key === 'ArrowUp' || event.key === 'ArrowDown') {
      event.preventDefault();
      const rows = [...this.#rows.values()];
      const next = rows[rows.indexOf(row) + (event.key === 'ArrowUp' ? -1 : 1)];
      if (next) this.edit(next.line);
      else if (event.key === 'ArrowDown') this.#leave();
    } else if (event.key === 'Delete' && event.ctrlKey) {
      event.preventDefault();
      this.#remove(row.line);
    } else if (/^[d%]$/i.test(event.key)) {
      event.preventDefault();
      const ask = () => document.activeElement === row.field && this.#commit(row) && this.#discount(row.line);
      this.#lonely = setTimeout(ask, LONELY);
    }
  }
}

// What stands there already is left alone: a browser lays out again whatever is written.
function write(element, property, text) {
  if (element[property] !== text) element[property] = text;
}
