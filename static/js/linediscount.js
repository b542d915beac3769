// The discount of one line, typed in rupiah or in percent; percent is rupiah at once.

import { keep } from './basket.js';
import { totals } from './cart.js';
import { fetchDialogs } from './dialogs.js';
import { $, say } from './dom.js';
import { gross, grouped, percent, quantityText, readRupiah, rupiah } from './money.js';
import { till } from './state.js';

const RUPIAH = /^\s*(Rp)?[\d.\s]*$/i;
const PERCENT = /^\s*(\d{1,3})\s*%?\s*$/;

let dialog = null;

// Asks for the discount of a line of the open cart.
export async function discount(line) {
  await fetchDialogs();
  dialog ??= new LineDiscount();
  if (till.cart.lines.includes(line)) dialog.ask(line);
}

class LineDiscount {
  #dialog = $('line-off');
  #form = $('line-off-form');
  #field = $('line-off-field');
  #line = null;

  constructor() {
    this.#dialog.addEventListener('close', () => till.shelf.rest());
    this.#dialog.addEventListener('keydown', (event) => event.currentTarget.open && /^F\d+$/.test(event.key) && event.stopPropagation());
    this.#form.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#apply();
    });
    this.#form.addEventListener('input', () => this.#draw());
    $('line-off-quick').addEventListener('click', (event) => {
      const share = event.target.closest('button')?.dataset.percent;
      if (share === undefined) return;
      this.#write(share === '0' ? '' : share, 'percent');
      this.#draw();
      $('line-off-go').focus();
    });
  }

  ask(line) {
    if (this.#dialog.open) return;
    this.#line = line;
    $('line-off-title').textContent = say('discount_of', { name: line.name });
    const facts = { quantity: quantityText(line.quantity), unit: line.unit, price: grouped(line.price) };
    $('line-off-about').textContent = `${say('back_sold', facts)} = ${rupiah(this.#worth)}`;
    const [off] = totals({ lines: [line], discount: 0 }).off;
    this.#write(off ? grouped(off) : '', 'rupiah');
    this.#draw();
    this.#dialog.showModal();
    this.#field.focus();
    this.#field.select();
  }

  get #worth() {
    return gross(this.#line.quantity, this.#line.price);
  }

  #write(text, how) {
    this.#field.value = text;
    this.#form.elements.how.value = how;
  }

  // Rupiah, or null for what is none; a percent sign says what is meant.
  get #typed() {
    const text = this.#field.value;
    if (text.includes('%')) this.#form.elements.how.value = 'percent';
    if (!text.trim()) return 0;
    if (this.#form.elements.how.value === 'percent') {
      const share = Number(PERCENT.exec(text)?.[1] ?? NaN);
      return share <= 100 ? percent(this.#worth, share) : null;
    }
    return RUPIAH.test(text) ? (readRupiah(text) ?? 0) : null;
  }

  #draw() {
    const typed = this.#typed;
    const isRight = typed !== null && typed <= this.#worth;
    $('line-off-error').textContent = isRight ? '' : typed === null ? say('line_off_bad') : say('line_off_most', { amount: rupiah(this.#worth) });
    $('line-off-amount').textContent = isRight && typed ? `−${rupiah(typed)}` : '';
    $('line-off-left').textContent = isRight ? rupiah(this.#worth - typed) : '';
    return isRight ? typed : null;
  }

  #apply() {
    const typed = this.#draw();
    if (typed === null) return this.#field.focus();
    this.#line.discount = typed;
    this.#dialog.close();
    return keep();
  }
}
