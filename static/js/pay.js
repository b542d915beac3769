// The payment dialog: one tender or several, cash with change and the likely notes, or a reference of what was paid
// elsewhere. A tender that is short is taken and the rest stays due; two of a kind are two. What was taken is kept in
// the cart, so that it waits and comes back with it.

import { QRIS_LIMIT, cashRounding, downPayment, likelyNotes, settle } from './cart.js';
import { $, el, say } from './dom.js';
import { grouped, readRupiah, rupiah } from './money.js';
import { moved, till } from './state.js';

export class PayDialog {
  #paid;
  #step;
  #later;
  #down;
  #take;
  #bill = 0; // what the goods come to
  #busy = false;
  #dialog = $('pay');

  // `paid(payments, rounding)` is called once per confirmation; a promise, during which nothing can be pressed again.
  // `step()` is what cash is rounded to, 0 for not at all; `later()` whether some of it may stay owed, `down()`
  // which percentage is the usual down payment then; `take(tenders)` keeps what was handed over in parts.
  constructor(paid, step, later, down, take) {
    this.#paid = paid;
    this.#take = take;
    this.#later = later;
    this.#down = down;
    this.#step = step;
    $('pay-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#confirm();
    });
    $('pay-form').addEventListener('change', (event) => event.target.name === 'method' && this.#draw(true));
    for (const id of ['pay-amount', 'pay-part']) {
      $(id).addEventListener('input', () => this.#typed($(id)));
      $(id).addEventListener('focus', () => $(id).select());
    }
    $('pay-notes').addEventListener('click', (event) => this.#note(event.target.closest('button')));
    $('pay-reference').addEventListener('input', () => {
      this.complain('');
      moved();
    });
    this.#dialog.addEventListener('close', moved);
    $('pay-taken').addEventListener('click', (event) => this.#giveBack(event.target.closest('button')));
    this.#dialog.addEventListener('cancel', (event) => this.#busy && event.preventDefault());
  }

  get isOpen() {
    return this.#dialog.open;
  }

  // What is being asked for: the tender, the whole bill, what was taken of it and is still due. Null when closed.
  get asked() {
    if (!this.isOpen) return null;
    const taken = this.#taken.reduce((sum, tender) => sum + tender.tendered, 0);
    return { ...this.#tender, bill: this.#bill + this.#rounding, taken, due: this.#due };
  }

  open(method, bill) {
    if (this.#busy) return;
    this.#bill = bill;
    if (!this.isOpen) {
      this.#empty();
      this.#dialog.showModal();
    }
    $('pay-owed').hidden = !this.#later();
    $('pay-form').elements.method.value = method;
    this.#draw(true);
  }

  // The cart changed behind the dialog (a scan).
  update(bill) {
    this.#bill = bill;
    if (this.isOpen) this.#draw(false);
  }

  close() {
    this.#dialog.close();
  }

  get #method() {
    return $('pay-form').elements.method.value;
  }

  // Tenders handed over already, as `settle` takes them.
  get #taken() {
    return till.cart.taken ?? [];
  }

  get #before() {
    return settle(this.#bill, this.#taken).due;
  }

  // Only a bill that ends in cash is rounded, so that all of its cash is: the rest of a part may be paid to the rupiah.
  get #rounding() {
    if (this.#method !== 'cash' || this.#before <= 0) return 0;
    const before = this.#taken.reduce((sum, { method, tendered }) => sum + (method === 'cash' ? tendered : 0), 0);
    return cashRounding(this.#before + before, this.#step());
  }

  get #due() {
    return this.#before + this.#rounding;
  }

  // What is being handed over, as `settle` takes it; an empty amount is all that is due.
  get #tender() {
    const cash = this.#method === 'cash';
    const tendered = readRupiah($(cash ? 'pay-amount' : 'pay-part').value) ?? this.#due;
    return { method: this.#method, tendered, reference: cash ? '' : $('pay-reference').value.trim() };
  }

  // What is due after it; of a part that is short nothing is rounded yet.
  #short(tender) {
    const { due } = settle(this.#due, [tender]);
    return due > 0 ? settle(this.#before, [tender]).due || due : 0;
  }

  #empty() {
    for (const id of ['pay-amount', 'pay-part', 'pay-reference']) $(id).value = '';
  }

  #draw(focus) {
    const cash = this.#method === 'cash';
    const due = this.#due;
    $('pay-total').textContent = rupiah(this.#bill + this.#rounding);
    $('pay-rounding').textContent = this.#rounding ? say('rounded', { amount: withSign(this.#rounding) }) : '';
    $('pay-cash').hidden = !cash;
    $('pay-other').hidden = cash;
    $('pay-reference-label').textContent = say(this.#method === 'owed' ? 'who_pays' : 'which_proof');
    $('pay-proof').hidden = this.#method === 'owed';
    $('pay-part').placeholder = grouped(due);
    const down = this.#later() && !this.#taken.length ? downPayment(due, this.#down()) : 0;
    const notes = likelyNotes(due);
    $('pay-notes').classList.toggle('long', Math.max(due, ...notes) >= 1_000_000);
    $('pay-notes').replaceChildren(
      el('button', { type: 'button', 'data-amount': due, class: 'exact' }, say('exact', { amount: rupiah(due) })),
      ...(down ? [el('button', { type: 'button', 'data-amount': down, class: 'exact' }, `${say('down')} ${rupiah(down)}`)] : []),
      ...notes.map((amount) => el('button', { type: 'button', 'data-amount': amount }, rupiah(amount))),
    );
    this.#drawTaken();
    this.complain(this.#method === 'qris' && due > QRIS_LIMIT ? say('qris_limit', { amount: rupiah(QRIS_LIMIT) }) : '');
    this.#figures();
    $('pay').dataset.digits = cash ? 'pay-amount' : 'pay-reference';
    if (!focus) return;
    const typed = matchMedia('(pointer: fine)').matches || !['cash', 'qris'].includes(this.#method);
    $(typed ? $('pay').dataset.digits : 'pay-go').focus(); // a phone's keyboard covers notes and codes
  }

  #drawTaken() {
    const row = ({ method, tendered, reference }, i) =>
      el(
        'li',
        {},
        el('span', {}, this.#nameOf(method), reference ? el('small', {}, ` ${reference}`) : null),
        el('strong', {}, rupiah(tendered)),
        el('button', { type: 'button', class: 'till-x', 'data-index': i, 'aria-label': say('give_back') }, '✕'),
      );
    $('pay-taken').replaceChildren(...this.#taken.map(row));
  }

  #figures() {
    const tender = this.#tender;
    const { change } = settle(this.#due, [tender]);
    const due = this.#short(tender);
    const typed = readRupiah($('pay-amount').value) !== null;
    $('pay-change-label').textContent = due > 0 ? say('short') : say('change');
    $('pay-change').textContent = rupiah(due > 0 ? due : change);
    $('pay-change').classList.toggle('money-minus', due > 0);
    for (const button of $('pay-notes').children) {
      button.setAttribute('aria-pressed', String(typed && Number(button.dataset.amount) === tender.tendered));
    }
    if (!this.#busy) $('pay-go').textContent = this.#label(tender, due);
    moved();
  }

  #label({ method, tendered }, due) {
    if (!this.#bill) return say('free');
    if (!this.#due) return say('take_done');
    if (due > 0) return say('take_part', { amount: rupiah(tendered), due: rupiah(due) });
    if (method === 'owed') return say('leave_owed', { amount: rupiah(tendered) });
    if (method !== 'cash') return say('take_paid', { amount: rupiah(tendered) });
    return tendered === this.#due ? say('take_exact') : say('take', { amount: rupiah(tendered) });
  }

  #typed(field) {
    const amount = readRupiah(field.value);
    field.value = amount === null ? '' : grouped(amount);
    this.complain('');
    this.#figures();
  }

  #note(button) {
    if (!button) return;
    $('pay-amount').value = grouped(button.dataset.amount);
    this.#typed($('pay-amount'));
    $('pay-go').focus();
  }

  #giveBack(button) {
    if (!button || this.#busy) return;
    this.#take(this.#taken.filter((_, i) => i !== Number(button.dataset.index)));
    this.#draw(true);
  }

  #nameOf(method) {
    return document.querySelector(`[name=method][value=${method}] + span`).textContent;
  }

  // Says beside the button what is wrong.
  complain(text) {
    $('pay-error').textContent = text;
  }

  #wrong({ method, tendered, reference }) {
    if (this.#due < 0) return say('too_much', { amount: rupiah(this.#bill) });
    if (this.#due && !tendered) return say('missing', { amount: rupiah(this.#due) });
    if (method === 'cash') return '';
    if (this.#due && !reference) return say(method === 'owed' ? 'need_payer' : 'need_reference');
    if (tendered > this.#due) return say('too_much', { amount: rupiah(this.#due) });
    return method === 'qris' && tendered > QRIS_LIMIT ? say('qris_limit', { amount: rupiah(QRIS_LIMIT) }) : '';
  }

  async #confirm() {
    if (this.#busy || !this.isOpen) return;
    const tender = this.#tender;
    const wrong = this.#wrong(tender);
    this.complain(wrong);
    if (wrong) return tender.method !== 'cash' && !tender.reference && $('pay-reference').focus();
    if (this.#short(tender) > 0) return this.#takePart(tender);
    const rounding = this.#rounding;
    const { payments } = settle(this.#bill + rounding, [...this.#taken, tender]);
    this.#lock(true);
    try {
      const problem = await this.#paid(payments, rounding);
      this.#lock(false);
      if (!problem) return this.close();
      this.complain(problem);
      return $('pay-go').focus();
    } finally {
      this.#lock(false);
    }
  }

  // The rest is still due, most likely paid in another way.
  #takePart(tender) {
    this.#take([...this.#taken, tender]);
    this.#empty();
    $('pay-form').elements.method.value = tender.method === 'cash' ? (this.#later() ? 'owed' : 'qris') : 'cash';
    this.#draw(true);
  }

  #lock(busy) {
    this.#busy = busy;
    for (const control of $('pay-form').elements) control.disabled = busy;
    if (busy) $('pay-go').textContent = say('saving');
    else this.#figures();
  }
}

// `+Rp40`, `−Rp20`: what is added to a bill or taken off it.
export function withSign(amount) {
  return amount > 0 ? `+${rupiah(amount)}` : `−${rupiah(-amount)}`;
}
