// After payment: the change in the largest type, the receipt, and the way to the next buyer.

import { totals, wallClock } from './cart.js';
import { $, el, say } from './dom.js';
import { givenBack } from './exchange.js';
import { grouped, quantityText, rupiah } from './money.js';

const DELIBERATE = 700; // ms: the second half of a double Enter must not hide the change that is due

export class Paid {
  #next;
  #printed;
  #told;
  #since = 0;
  #refused = false;
  #id = null;

  // `mend(id)` brings the cart of a refused sale back.
  // `told()` after the server's word on the sale that is shown.
  constructor({ next, printed, mend, told }) {
    this.#told = told;
    this.#next = next;
    this.#printed = printed;
    $('next').addEventListener('click', () => this.leave());
    $('mend').addEventListener('click', () => mend(this.#id));
    $('print').addEventListener('click', () => this.#printed(this.#id));
  }

  get isShown() {
    return !$('paid').hidden;
  }

  // `outcome` is what became of the sale ({kind, answer|error}), or null while the server has not answered.
  show({ document: sale, cart }, register, outcome) {
    const [payment] = sale.payments;
    const change = sale.payments.reduce((sum, each) => sum + each.change, 0) + givenBack(cart);
    const cash = payment?.method === 'cash';
    this.#id = sale.id;
    this.#since = performance.now();
    $('paid-label').dataset.text = $('paid-label').textContent = cash ? say('change') : say('cashless');
    $('paid-giant').textContent = rupiah(cash ? change : sale.total);
    $('paid-sums').replaceChildren(
      ...sum(say('total'), rupiah(sale.total)),
      ...(cart.exchange ? sum(say('exchange_credit', cart.exchange), rupiah(cart.exchange.amount)) : []),
      ...sale.payments.flatMap((each) => sum(methodName(each.method), rupiah(each.tendered), each.reference)),
    );
    slip(sale, cart, register);
    this.outcome(sale.id, outcome, register);
    $('till').hidden = true;
    $('paid').hidden = false;
    this.focus();
    $('paid').classList.add('fresh'); // the second half of a double click meets nothing
    setTimeout(() => $('paid').classList.remove('fresh'), DELIBERATE);
  }

  focus() {
    $(this.#refused ? 'mend' : 'next').focus();
  }

  // The server's word on the sale that is shown.
  outcome(id, outcome, register) {
    if (id !== this.#id) return;
    const receipt = outcome?.answer?.receipt;
    this.#refused = outcome?.kind === 'refused';
    $('paid-label').textContent = this.#refused ? say('not_recorded') : $('paid-label').dataset.text;
    $('paid-giant').hidden = this.#refused; // a refused sale must not look like a paid one
    $('mend').hidden = !this.#refused;
    $('next').classList.toggle('btn-primary', !this.#refused);
    $('next').classList.toggle('btn-outline-primary', this.#refused);
    $('slip-number').textContent = receipt ?? say(this.#refused ? 'refused' : 'pending_short');
    $('paid-alarm').hidden = Boolean(receipt);
    $('paid-alarm').className = this.#refused ? 'till-alarm alarm' : 'till-alarm warn';
    $('paid-alarm').textContent =
      this.#refused ? say('refused_now', { reason: outcome.error.message }) : say('pending');
    for (const kind of ['print', 'pdf']) this.link($(kind), kind, receipt, register);
    this.#told();
    if (this.#refused && this.isShown) this.focus();
  }

  // Points a link at the receipt on paper, once the server has given it its number.
  link(element, kind, receipt, register) {
    element.classList.toggle('disabled', !receipt);
    if (!receipt) return element.removeAttribute('href');
    const pattern = $('till').dataset[kind];
    element.href = pattern.replace('RECEIPT', receipt).replace('WIDTH', register.paper_width ?? 58);
    return null;
  }

  // To the next buyer; an Enter right after the payment's own is not meant.
  leave(force = false) {
    if (!this.isShown || (!force && performance.now() - this.#since < DELIBERATE)) return;
    $('paid').hidden = true;
    $('till').hidden = false;
    this.#next();
  }
}

function methodName(method) {
  return document.querySelector(`[name=method][value=${method}] + span`).textContent;
}

function sum(label, amount, note) {
  return [el('dt', {}, label), el('dd', {}, amount, note ? el('small', {}, ` ${note}`) : null)];
}

function slip(sale, cart, register) {
  const row = (left, right, kind) => el('p', { class: kind }, el('span', {}, left), el('span', {}, right));
  const { amounts, subtotal } = totals({ ...cart, discount: 0 });
  const off = subtotal - sale.total;
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
        row(`${quantityText(line.quantity)} ${line.unit} × ${grouped(line.price)}`, grouped(amounts[i]), 'slip-of'),
      ]),
    ),
    off ? row(say('discount'), `−${grouped(off)}`) : null,
    row(say('total'), rupiah(sale.total), 'slip-total'),
    ...sale.payments.map((each) => row(methodName(each.method), grouped(each.tendered))),
    ...sale.payments.filter((each) => each.change).map((each) => row(say('change'), grouped(each.change))),
  ];
  $('slip').replaceChildren(...parts.filter(Boolean));
}
