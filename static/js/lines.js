// The lines of the cart on the screen. Rows are kept by product, so that a scan never takes a field away from
// under somebody's hands.

import { isDivisible } from './cart.js';
import { $, el, say, write } from './dom.js';
import { THOUSAND, grouped, plainQuantity, readQuantity, rupiah } from './money.js';

const LONELY = 150; // ms: a D that belongs to a scanned code asks for nothing
const REST = 100; // ms after a line in which the row of the next one is made
const BRIGHT = 900; // ms

// Why a typed quantity cannot be sold.
export function whyNot(name, unit, typed, only) {
  if (only) return say('only_one', { name });
  const divisible = isDivisible({ unit });
  const inParts = divisible ? /^\d+[.,]\d{4,}$/ : /[.,]/;
  if (!inParts.test(typed)) return say('bad_quantity', { text: typed });
  return say(divisible ? 'three_decimals' : 'whole_only', { name, unit });
}

// The look of a field that holds so many characters, so that all of them are seen.
export function quantityLook({ length }) {
  return `line-field ${length > 8 ? 'longest' : length > 6 ? 'longer' : length > 5 ? 'long' : ''}`;
}

function amountLook(amount) {
  return amount >= 1e9 ? 'longest' : amount >= 1e8 ? 'longer' : amount >= 1e7 ? 'long' : amount >= 1e6 ? 'wide' : '';
}

export class Lines {
  #rows = new Map();
  #next = null; // a row that waits, laid out but not seen: to make one is most of what a new line costs
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
    this.#prepare();
  }

  draw(cart, { amounts, off }) {
    for (const [product, row] of this.#rows) {
      if (!cart.lines.some((line) => line.product === product)) {
        row.item.remove();
        this.#rows.delete(product);
      }
    }
    cart.lines.forEach((line, i) => {
      const row = this.#rows.get(line.product) ?? this.#begin(line);
      row.line = line;
      if (document.activeElement !== row.field || !row.typing) write(row.field, 'value', plainQuantity(line.quantity));
      write(row.field, 'className', quantityLook(row.field.value));
      write(row.rate, 'textContent', line.rate ? say(line.rate) : '');
      write(row.price, 'textContent', say('each', { price: grouped(line.price) }));
      if (row.drawn !== `${amounts[i]} ${off[i]}`) {
        row.drawn = `${amounts[i]} ${off[i]}`;
        row.amount.className = `line-amount ${amountLook(amounts[i])}`;
        row.amount.replaceChildren(rupiah(amounts[i]), off[i] ? el('small', {}, `−${grouped(off[i])}`) : '');
      }
      write(row.problem, 'textContent', line.gone ? say('gone') : '');
      row.item.classList.toggle('gone', Boolean(line.gone));
    });
    $('lines').classList.toggle('bare', !cart.lines.length);
  }

  clear() {
    for (const row of this.#rows.values()) row.item.remove();
    this.#rows.clear();
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

  #prepare() {
    if (this.#next) return;
    this.#next = this.#row();
    $('lines').append(this.#next.item);
  }

  // The row of a line that has none.
  #begin(line) {
    this.#prepare();
    const row = this.#next;
    this.#next = null;
    setTimeout(() => this.#prepare(), REST);
    const { name } = line;
    row.name.nodeValue = name;
    row.maker.nodeValue = ` · ${line.maker} `;
    row.unit.textContent = line.unit;
    row.field.inputMode = isDivisible(line) ? 'decimal' : 'numeric';
    row.amount.title = `${say('discount_of', { name })} (D)`;
    for (const [element, label] of row.labels) element.ariaLabel = say(label, { name });
    row.item.className = 'line';
    this.#rows.set(line.product, row);
    return row;
  }

  #row() {
    const field = el('input', { class: quantityLook(''), autocomplete: 'off', maxlength: 10 });
    const row = { line: null, field, typing: false, before: 0, name: new Text(), maker: new Text() };
    const step = (by) => () => {
      const quantity = row.line.quantity + by * THOUSAND;
      if (quantity > 0 && this.#set(row.line, quantity, plainQuantity(quantity))) this.#less(row.line, quantity - by * THOUSAND);
    };
    const button = (look, text, act) => el('button', { type: 'button', class: look, onclick: act }, text);
    const less = button('line-step', '−', step(-1));
    const plus = button('line-step', '+', step(1));
    const remove = button('till-x', '✕', () => this.#remove(row.line));
    less.tabIndex = plus.tabIndex = -1;
    row.labels = [[less, 'less'], [field, 'quantity_of'], [plus, 'plus'], [remove, 'remove']];
    row.price = el('span');
    row.rate = el('span', { class: 'tag line-rate' });
    row.problem = el('span', { class: 'line-problem' });
    row.unit = el('small');
    row.amount = button('line-amount', '', () => this.#discount(row.line));
    row.item = el(
      'li',
      { class: 'next' },
      el('span', { class: 'line-name' }, row.name, el('small', {}, row.price, ' ', row.rate, row.maker, row.problem)),
      el('span', { class: 'line-quantity' }, less, field, row.unit, plus),
      row.amount,
      remove,
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
