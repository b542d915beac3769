// The lines of a nota that may come back: how many of each, never more than is left.

import { isDivisible } from './cart.js';
import { $, el, say } from './dom.js';
import { quantityLook } from './lines.js';
import { THOUSAND, grouped, plainQuantity, quantityText, readQuantity, rupiah } from './money.js';
import { linesBack } from './refund.js';

export class BackLines {
  #rows = [];
  #changed;
  #capped;

  // `changed()` after every change; `capped(sentence)` when more was asked for than is left, or nothing that can be.
  constructor({ changed, capped }) {
    this.#changed = changed;
    this.#capped = capped;
  }

  draw(sale, whole) {
    this.#rows = sale.lines.map((line) => this.#row(line, whole ? line.left : 0));
    $('back-lines').replaceChildren(...this.#rows.map((row) => row.item));
    this.#figures();
  }

  // The document's lines for what is chosen.
  get back() {
    return linesBack(this.#rows.map((row) => row.line), this.#rows.map((row) => row.now));
  }

  // What the queue shows of a refund that waits.
  cart(receipt) {
    const lines = this.#rows
      .filter((row) => row.now)
      .map(({ line, now }) => ({ product: line.product_id, name: line.name, unit: line.unit_of_measure, quantity: 0 - now }));
    return { refund: receipt, lines };
  }

  all() {
    for (const row of this.#rows) this.#set(row, row.line.left);
  }

  // One more of a scanned product; false when it is not on this nota or none is left.
  add(code, product) {
    const mine = this.#rows.filter(({ line }) => line.product === code || line.product_id === product);
    const row = mine.find(({ line, now }) => line.left > now);
    if (!row) return false;
    this.#set(row, Math.min(row.line.left, row.now + THOUSAND));
    row.item.scrollIntoView({ block: 'nearest' });
    return true;
  }

  focus() {
    this.#rows.find((row) => row.line.left > 0)?.field.focus();
  }

  // After everything was locked: what has nothing left stays so.
  restore() {
    for (const row of this.#rows) this.#steps(row);
  }

  #row(line, now) {
    const name = line.name;
    const divisible = isDivisible({ unit: line.unit_of_measure });
    const field = el('input', {
      class: 'line-field',
      inputmode: divisible ? 'decimal' : 'numeric',
      autocomplete: 'off',
      maxlength: 10,
      'aria-label': say('back_of_line', { name }),
    });
    const row = { line, field, now, divisible };
    const step = (text, label, by) =>
      el('button', { type: 'button', class: 'line-step', tabindex: -1, 'aria-label': say(label, { name }), onclick: () => this.#step(row, by) }, text);
    [row.less, row.plus, row.amount] = [step('−', 'less', -THOUSAND), step('+', 'plus', THOUSAND), el('output', { class: 'line-amount' })];
    const [left, unit] = [quantityText(line.left), line.unit_of_measure];
    const sold = say('back_sold', { quantity: quantityText(line.quantity), unit, price: grouped(line.unit_price) });
    const rest = line.left ? (line.returned ? ` · ${say('back_left', { left, unit })}` : '') : ` · ${say('back_none_left')}`;
    row.item = el(
      'li',
      { class: line.left ? null : 'gone-back' },
      el('span', { class: 'line-name' }, name, el('small', {}, sold + rest)),
      el('span', { class: 'line-quantity' }, row.less, field, el('small', {}, unit), row.plus),
      row.amount,
    );
    field.addEventListener('focus', () => field.select());
    field.addEventListener('input', () => this.#typed(row));
    field.addEventListener('blur', () => this.#write(row));
    return row;
  }

  #step(row, by) {
    const now = Math.max(0, Math.min(row.line.left, row.now + by));
    this.#set(row, now);
  }

  #typed(row) {
    const typed = row.field.value.trim() === '' ? 0 : readQuantity(row.field.value, row.divisible);
    const [name, unit] = [row.line.name, row.line.unit_of_measure];
    row.now = Math.min(typed ?? 0, row.line.left);
    this.#figures();
    if (typed === null) this.#capped(say('bad_quantity', { text: row.field.value }));
    else if (typed > row.line.left) this.#capped(say('back_at_most', { name, unit, left: quantityText(row.line.left) }));
    else this.#capped('');
  }

  #set(row, now) {
    row.now = now;
    this.#write(row);
    this.#capped('');
    this.#figures();
  }

  #write(row) {
    row.field.value = plainQuantity(row.now);
    row.field.className = quantityLook(row.field.value);
  }

  #figures() {
    const lines = this.#rows.map((row) => row.line);
    this.#rows.forEach((row, i) => {
      const [only] = linesBack(lines, this.#rows.map((each, j) => (i === j ? each.now : 0)));
      row.amount.textContent = row.now ? rupiah(0 - only.amount) : '';
      if (document.activeElement !== row.field) this.#write(row);
      this.#steps(row);
    });
    this.#changed();
  }

  #steps(row) {
    row.field.disabled = row.line.left === 0;
    row.less.disabled = row.now === 0;
    row.plus.disabled = row.now >= row.line.left;
  }
}
