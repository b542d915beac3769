// The discount on the whole bill: its field, and the figures that lead from what is bought to the total.

import { $, el, say, write } from './dom.js';
import { grouped, readDiscount } from './money.js';

export class Discount {
  #field = $('discount');
  #worth = 0; // what percent are taken of
  #set;

  // `set(rupiah)` is called with every change.
  constructor(set) {
    this.#set = set;
    this.#field.addEventListener('input', () => this.#read());
    this.#field.addEventListener('keydown', ({ key }) => key === 'Enter' && this.isRight && $('find').focus()); // to the next scan or F4
    $('discount-percent').addEventListener('click', () => import('./linediscount.js').then(({ billDiscount }) => billDiscount()));
  }

  // False while something stands in the field that is no amount; it is shown then.
  get isRight() {
    if (!this.#field.validity.valid) this.#field.focus();
    return this.#field.validity.valid;
  }

  draw({ goods, subtotal, discount }, taken) {
    this.#worth = subtotal;
    write($('discount-percent'), 'disabled', !subtotal);
    if (this.#field.validity.valid) write(this.#field, 'value', discount ? grouped(discount) : '');
    const row = (key, text) => [el('dt', {}, say(key)), el('dd', {}, text)];
    $('sums').replaceChildren(
      ...(goods > subtotal ? row('line_discounts', `−${grouped(goods - subtotal)}`) : []),
      ...(discount ? [...row('subtotal', grouped(subtotal)), ...row('discount', `−${grouped(discount)}`)] : []),
      ...(taken ? row('taken', grouped(taken)) : []),
    );
    $('sums').hidden = goods === subtotal && !discount && !taken;
  }

  put(amount) {
    this.#field.value = grouped(amount);
    this.#read();
  }

  // Percent are rupiah at once, of what is in the cart now: `10%` of nothing is a mistake.
  #read() {
    const text = this.#field.value;
    const typed = readDiscount(text, this.#worth);
    const early = text.includes('%') && !this.#worth;
    this.#field.setCustomValidity(early ? say('percent_first') : typed === null ? say('bad_discount') : '');
    $('discount-error').textContent = this.#field.validationMessage;
    this.#set(typed ?? 0);
  }
}
