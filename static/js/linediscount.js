// A discount of one line or of the whole bill, typed in rupiah or in percent; percent is rupiah at once.

import { keep } from './basket.js';
import { totals } from './cart.js';
import { fetchDialogs } from './dialogs.js';
import { $, say } from './dom.js';
import { gross, grouped, quantityText, readDiscount, rupiah } from './money.js';
import { till } from './state.js';

let dialog = null;

// Asks for the discount of a line of the open cart.
export async function discount(line) {
  await fetchDialogs();
  const facts = { quantity: quantityText(line.quantity), unit: line.unit, price: grouped(line.price) };
  const worth = () => gross(line.quantity, line.price);
  const [now] = totals({ lines: [line], discount: 0 }).off;
  const about = `${say('back_sold', facts)} = ${rupiah(worth())}`;
  const give = (amount) => {
    line.discount = amount;
    return keep();
  };
  if (till.cart.lines.includes(line)) ask({ title: say('discount_of', { name: line.name }), about, worth, now, most: 'line_off_most', give });
}

// The same of the bill, off what its lines come to.
export async function billDiscount() {
  await fetchDialogs();
  const worth = () => totals(till.cart).subtotal;
  const about = `${say('subtotal')} ${rupiah(worth())}`;
  const give = (amount) => till.discount.put(amount);
  if (worth()) ask({ title: say('bill_off'), about, worth, now: totals(till.cart).discount, most: 'bill_off_most', give });
}

function ask(of) {
  dialog ??= new DiscountDialog();
  dialog.ask(of);
}

class DiscountDialog {
  #dialog = $('line-off');
  #form = $('line-off-form');
  #field = $('line-off-field');
  #of = null; // what is asked about: {title, about, worth(), now, most, give(rupiah)}

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

  ask(of) {
    if (this.#dialog.open) return;
    this.#of = of;
    $('line-off-title').textContent = of.title;
    $('line-off-about').textContent = of.about;
    this.#write(of.now ? grouped(of.now) : '', 'rupiah');
    this.#draw();
    this.#dialog.showModal();
    this.#field.focus();
    this.#field.select();
  }

  #write(text, how) {
    this.#field.value = text;
    this.#form.elements.how.value = how;
  }

  // Rupiah, or null for what is none; a percent sign says what is meant.
  get #typed() {
    const text = this.#field.value;
    if (text.includes('%')) this.#form.elements.how.value = 'percent';
    return readDiscount(text, this.#of.worth(), this.#form.elements.how.value === 'percent');
  }

  #draw() {
    const [typed, worth] = [this.#typed, this.#of.worth()];
    const isRight = typed !== null && typed <= worth;
    $('line-off-error').textContent = isRight ? '' : typed === null ? say('bad_discount') : say(this.#of.most, { amount: rupiah(worth) });
    $('line-off-amount').textContent = isRight && typed ? `−${rupiah(typed)}` : '';
    $('line-off-left').textContent = isRight ? rupiah(worth - typed) : '';
    return isRight ? typed : null;
  }

  #apply() {
    const typed = this.#draw();
    if (typed === null) return this.#field.focus();
    this.#dialog.close();
    return this.#of.give(typed);
  }
}
