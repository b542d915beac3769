// Carts set aside for buyers who went to fetch something more, several at a time. They have no number until paid,
// and live in this device's memory by register, in one transaction with the cart that takes their place.

import { received, totals, wallClock } from './cart.js';
import { $, el, say, write } from './dom.js';
import { quantityText, rupiah } from './money.js';
import { got, transact } from './store.js';

const MOST = 20;

export class Held {
  #database;
  #register;
  #cart;
  #put;
  #list = [];

  // `cart()` is the open one; `put(cart, text)` opens another in its place.
  constructor({ database, register, cart, put }) {
    this.#database = database;
    this.#register = register;
    this.#cart = cart;
    this.#put = put;
    $('hold').addEventListener('click', () => this.press());
    $('held-list').addEventListener('click', (event) => this.#take(event.target.closest('button')?.dataset.cart));
  }

  async load() {
    this.#list = (await transact(this.#database, ['state'], ({ state }) => got(state.get(this.#key)))) ?? [];
    this.draw();
  }

  // F8: sets the open cart aside, or shows those that wait when nothing is being bought.
  press() {
    if (document.querySelector('dialog[open]')) return null;
    if (!this.#cart().lines.length) return this.#list.length ? this.#show() : null;
    if (this.#list.length >= MOST) return this.#show();
    return this.#swap(null);
  }

  draw() {
    const buying = this.#cart().lines.length > 0;
    $('hold').disabled = !buying && !this.#list.length;
    write($('hold-text'), 'textContent', buying || !this.#list.length ? say('hold') : say('held', { count: this.#list.length }));
    write($('held-count'), 'textContent', buying && this.#list.length ? String(this.#list.length) : '');
  }

  get #key() {
    return `held:${this.#register.code}`;
  }

  #show() {
    $('held-list').replaceChildren(
      ...this.#list.map(({ cart, at }) => {
        const goods = cart.lines.map((line) => `${quantityText(line.quantity)} ${line.unit} ${line.name}`).join(', ');
        const taken = received(cart);
        return el(
          'button',
          { type: 'button', class: 'held-cart', 'data-cart': cart.id },
          el('strong', {}, rupiah(totals(cart).total)),
          el('span', {}, wallClock(at, this.#register.zone)),
          el('small', {}, taken ? `${say('taken')} ${rupiah(taken)} · ${goods}` : goods),
        );
      }),
    );
    $('held').showModal();
    $('held-list').querySelector('button').focus();
  }

  #take(id) {
    const chosen = this.#list.find(({ cart }) => cart.id === id);
    if (!chosen) return null;
    $('held').close();
    return this.#swap(chosen.cart);
  }

  // The open cart, if anything is in it, goes behind those that wait; `cart` (or a new one) comes in its place.
  async #swap(cart) {
    const open = this.#cart();
    const rest = this.#list.filter((each) => each.cart.id !== cart?.id);
    this.#list = open.lines.length ? [...rest, { cart: open, at: Date.now() }] : rest;
    const list = this.#list;
    this.#put(cart, cart ? say('resumed') : say('set_aside', { total: rupiah(totals(open).total) }));
    await transact(
      this.#database,
      ['state'],
      async ({ state }) => {
        state.put(list, this.#key);
        if (cart) state.put(cart, `cart:${this.#register.code}`);
        else state.delete(`cart:${this.#register.code}`);
      },
      { write: true, strict: true },
    );
  }
}
