// After payment: the change in the largest type, the receipt, and the way to the next buyer.

import { totals, wallClock } from './cart.js';
import { $, el, say } from './dom.js';
import { givenBack } from './exchange.js';
import { grouped, quantityText, rupiah } from './money.js';
import { moved } from './state.js';

const DELIBERATE = 700; // ms: the second half of a double Enter must not hide the change that is due

export class Paid {
  #next;
  #recorded;
  #told;
  #since = 0;
  #refused = false;
  #id = null;

  // `mend(id)` brings the cart of a refused sale back; `print(id)` and `pdf(id)` put it on paper, `recorded(id)` says
  // that the server has it; `told()` comes after the server's word on the sale that is shown.
  constructor({ next, print, pdf, recorded, mend, told }) {
    this.#told = told;
    this.#next = next;
    this.#recorded = recorded;
    $('next').addEventListener('click', () => this.leave());
    $('mend').addEventListener('click', () => mend(this.#id));
    $('print').addEventListener('click', () => print(this.#id));
    $('pdf').addEventListener('click', () => pdf(this.#id));
  }

  get id() {
    return this.isShown ? this.#id : null;
  }

  get isShown() {
    return !$('paid').hidden;
  }

  // `outcome` is what became of the sale ({kind, answer|error}), or null while the server has not answered.
  show({ document: sale, cart }, register, outcome) {
    const [payment] = sale.payments;
    const change = sale.payments.reduce((sum, each) => sum + each.change, 0) + givenBack(cart);
    const owed = sale.payments.find((each) => each.method === 'owed');
    const cash = change > 0 || payment?.method === 'cash';
    this.#id = sale.id;
    this.#since = performance.now();
    $('paid-label').dataset.text = $('paid-label').textContent = say(cash ? 'change' : owed ? 'still_owed' : 'cashless');
    $('paid-giant').textContent = rupiah(cash ? change : (owed?.tendered ?? sale.total));
    $('paid-giant').classList.toggle('owed', !cash && Boolean(owed)); // what is still to come is nothing to give out
    $('paid-giant').classList.toggle('long', $('paid-giant').textContent.length > 9);
    $('paid-sums').replaceChildren(
      ...sum(say('total'), rupiah(sale.total)),
      ...(cart.exchange ? sum(say('exchange_credit', cart.exchange), rupiah(cart.exchange.amount)) : []),
      ...handedOver(sale, cart).flatMap((each) => sum(methodName(each.method), rupiah(each.tendered), each.reference)),
    );
    slip(sale, cart, register);
    $('print-state').replaceChildren();
    $('till').hidden = true;
    $('paid').hidden = false;
    this.outcome(sale.id, outcome);
    this.focus();
    $('paid').classList.add('fresh'); // the second half of a double click meets nothing
    setTimeout(() => $('paid').classList.remove('fresh'), DELIBERATE);
  }

  focus() {
    $(this.#refused ? 'mend' : 'next').focus();
  }

  // The server's word on the sale that is shown.
  outcome(id, outcome) {
    if (id !== this.#id) return;
    const receipt = outcome?.answer?.receipt;
    this.#refused = outcome?.kind === 'refused';
    $('paid-label').textContent = this.#refused ? say('not_recorded') : $('paid-label').dataset.text;
    $('paid-giant').hidden = this.#refused; // a refused sale must not look like a paid one
    $('mend').hidden = !this.#refused;
    $('next').classList.toggle('btn-primary', !this.#refused);
    $('next').classList.toggle('btn-outline-primary', this.#refused);
    $('slip-number').textContent = receipt ?? say(this.#refused ? 'refused' : 'pending_short');
    const wrong = outcome?.answer?.flags?.some((flag) => flag.startsWith('clock_'));
    $('paid-alarm').hidden = Boolean(receipt) && !wrong;
    $('paid-alarm').className = this.#refused ? 'till-alarm alarm' : 'till-alarm warn';
    $('paid-alarm').textContent =
      this.#refused ? say('refused_now', { reason: outcome.error.message }) : say(wrong ? 'clock_wrong' : 'pending');
    $('print').disabled = this.#refused;
    $('pdf').disabled = !receipt;
    if (receipt && this.isShown) this.#recorded(id);
    this.#told();
    moved();
    if (this.#refused && this.isShown) this.focus();
  }

  // To the next buyer; an Enter right after the payment's own is not meant.
  leave(force = false) {
    if (!this.isShown || (!force && performance.now() - this.#since < DELIBERATE)) return;
    $('paid').hidden = true;
    $('till').hidden = false;
    this.#next();
    moved();
  }
}

function methodName(method) {
  return document.querySelector(`[name=method][value=${method}] + span`).textContent;
}

// What the buyer gave: what came back in an exchange is paid in as cash on paper only.
function handedOver(sale, cart) {
  const cash = sale.payments.find((each) => each.method === 'cash');
  const credit = Math.min(cart.exchange?.amount ?? 0, sale.total);
  if (!cash || !credit) return sale.payments;
  const given = sale.payments.map((each) => (each === cash ? { ...cash, tendered: cash.tendered - credit } : each));
  return given.filter((each) => each.tendered);
}

function sum(label, amount, note) {
  return [el('dt', {}, label, note ? el('small', {}, ` ${note}`) : null), el('dd', {}, amount)]; // amounts under each other
}

// `40`, `−20`: as it stands among the slip's figures, where only a loss has a sign.
function column(amount) {
  return amount < 0 ? `−${grouped(-amount)}` : grouped(amount);
}

function slip(sale, cart, register) {
  const row = (left, right, kind) => el('p', { class: kind }, el('span', {}, left), el('span', {}, right));
  const { amounts, off: less, subtotal } = totals({ ...cart, discount: 0 });
  const off = subtotal - (sale.total - sale.rounding);
  const day = sale.sold_at.slice(0, 10).split('-').reverse().join('/');
  const time = wallClock(Date.parse(sale.sold_at), register.zone);
  const parts = [
    el('h3', {}, register.gallery),
    row(el('strong', { id: 'slip-number' }), `${day} ${time}`),
    el(
      'div',
      { class: 'slip-lines' },
      ...cart.lines.flatMap((line, i) => [
        el('p', {}, line.name),
        row(`${quantityText(line.quantity)} ${line.unit} × ${grouped(line.price)}${line.rate ? ` · ${say(line.rate)}` : ''}`, grouped(amounts[i] + less[i]), 'slip-of'),
        less[i] ? row(say('discount'), `−${grouped(less[i])}`, 'slip-of') : '',
      ]),
    ),
    off ? row(say('discount'), `−${grouped(off)}`) : null,
    sale.rounding ? row(say('rounding'), column(sale.rounding)) : null,
    row(say('total'), rupiah(sale.total), 'slip-total'),
    ...sale.payments.map((each) => row(methodName(each.method), grouped(each.tendered))),
    ...sale.payments.filter((each) => each.change).map((each) => row(say('change'), grouped(each.change))),
  ];
  $('slip').replaceChildren(...parts.filter(Boolean));
}
