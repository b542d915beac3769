// What was bid for a piece at an auction: asked when it goes into the cart, from its starting price up.

import { keep } from './basket.js';
import { fetchDialogs } from './dialogs.js';
import { $, say } from './dom.js';
import { grouped, readRupiah, rupiah } from './money.js';
import { till } from './state.js';

let dialog = null;

export async function ask(line) {
  await fetchDialogs();
  dialog ??= new Bid();
  if (till.cart.lines.includes(line)) dialog.ask(line);
}

class Bid {
  #dialog = $('bid');
  #field = $('bid-field');
  #line = null;

  constructor() {
    this.#dialog.addEventListener('close', () => till.shelf.rest());
    this.#dialog.addEventListener('keydown', (event) => event.currentTarget.open && /^F\d+$/.test(event.key) && event.stopPropagation());
    this.#field.addEventListener('input', () => {
      const typed = readRupiah(this.#field.value);
      this.#field.value = typed === null ? '' : grouped(typed);
      $('bid-error').textContent = '';
    });
    $('bid-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#apply();
    });
  }

  ask(line) {
    if (this.#dialog.open) return;
    this.#line = line;
    $('bid-title').textContent = line.name;
    $('bid-about').textContent = say('bid_from', { amount: rupiah(line.prices.price) });
    this.#field.value = line.bid > line.prices.price ? grouped(line.bid) : '';
    this.#field.placeholder = grouped(line.prices.price);
    $('bid-error').textContent = '';
    this.#dialog.showModal();
    this.#field.focus();
    this.#field.select();
  }

  #apply() {
    const { price } = this.#line.prices;
    const bid = readRupiah(this.#field.value) ?? price;
    if (bid < price) {
      $('bid-error').textContent = say('bid_least', { amount: rupiah(price) });
      return this.#field.focus();
    }
    this.#line.bid = bid;
    this.#dialog.close();
    return keep();
  }
}
