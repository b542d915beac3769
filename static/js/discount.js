// The discount on the whole bill: its field, and the figures that lead from what is bought to the total.

import { $, el, say, write } from './dom.js';
import { grouped, readRupiah } from './money.js';

export class Discount {
  #field = $('discount');
  #set;

  // `set(rupiah)` is called with every change.
  constructor(set) {
    this.#set = set;
    this.#field.addEventListener('input', () => this.#read());
    this.#field.addEventListener('keydown', ({ key }) => key === 'Enter' && this.isRight && $('find').focus()); // to the next scan or F4
  }

  // False while something stands in the field that is no amount; it is shown then.
  get isRight() {
    if (!this.#field.validity.valid) this.#field.focus();
    return this.#field.validity.valid;
  }

  draw({ goods, subtotal, discount }, taken) {
    if (this.#field.validity.valid) write(this.#field, 'value', discount ? grouped(discount) : '');
    const row = (key, text) => [el('dt', {}, say(key)), el('dd', {}, text)];
    $('sums').replaceChildren(
      ...(goods > subtotal ? row('line_discounts', `−${grouped(goods - subtotal)}`) : []),
      ...(discount ? [...row('subtotal', grouped(subtotal)), ...row('discount', `−${grouped(discount)}`)] : []),
      ...(taken ? row('taken', grouped(taken)) : []),
    );
    $('sums').hidden = goods === subtotal && !discount && !taken;
  }

  clear() {
    this.#field.value = '';
    this.#read();
  }

  // It is rupiah: of `10%` nothing is taken rather than Rp10.
  #read() {
    const right = /^\s*(Rp)?[\d.\s]*$/i.test(this.#field.value);
    this.#field.setCustomValidity(right ? '' : say('bad_discount'));
    $('discount-error').textContent = this.#field.validationMessage;
    this.#set(right ? (readRupiah(this.#field.value) ?? 0) : 0);
  }
}
