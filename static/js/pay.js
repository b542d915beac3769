// The payment dialog: cash with change and the likely notes, or a reference of what was paid elsewhere.

import { QRIS_LIMIT, likelyNotes, settle } from './cart.js';
import { $, el, say } from './dom.js';
import { grouped, readRupiah, rupiah } from './money.js';

export class PayDialog {
  #paid;
  #total = 0;
  #busy = false;
  #dialog = $('pay');

  // `paid(payments)` is called once per confirmation; a promise, during which nothing can be pressed again.
  constructor(paid) {
    this.#paid = paid;
    $('pay-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#confirm();
    });
    $('pay-form').addEventListener('change', (event) => event.target.name === 'method' && this.#draw(true));
    $('pay-amount').addEventListener('input', () => this.#typed());
    $('pay-notes').addEventListener('click', (event) => this.#note(event.target.closest('button')));
    $('pay-amount').addEventListener('focus', () => $('pay-amount').select());
    $('pay-reference').addEventListener('input', () => this.complain(''));
    this.#dialog.addEventListener('cancel', (event) => this.#busy && event.preventDefault());
  }

  get isOpen() {
    return this.#dialog.open;
  }

  open(method, total) {
    if (this.#busy) return;
    this.#total = total;
    if (!this.isOpen) {
      $('pay-amount').value = '';
      $('pay-reference').value = '';
      this.#dialog.showModal();
    }
    $('pay-form').elements.method.value = method;
    this.#draw(true);
  }

  // The cart changed behind the dialog (a scan).
  update(total) {
    this.#total = total;
    if (this.isOpen) this.#draw(false);
  }

  close() {
    this.#dialog.close();
  }

  get #method() {
    return $('pay-form').elements.method.value;
  }

  // What is being handed over, as `settle` takes it; an empty amount is the exact one.
  get #tender() {
    if (this.#method !== 'cash') {
      return { method: this.#method, tendered: this.#total, reference: $('pay-reference').value.trim() };
    }
    return { method: 'cash', tendered: readRupiah($('pay-amount').value) ?? this.#total };
  }

  #draw(focus) {
    const cash = this.#method === 'cash';
    $('pay-total').textContent = rupiah(this.#total);
    $('pay-cash').hidden = !cash;
    $('pay-other').hidden = cash;
    $('pay-notes').replaceChildren(
      el('button', { type: 'button', 'data-amount': this.#total, class: 'exact' }, say('exact', { amount: rupiah(this.#total) })),
      ...likelyNotes(this.#total).map((amount) => el('button', { type: 'button', 'data-amount': amount }, rupiah(amount))),
    );
    this.complain('');
    this.#figures();
    if (!focus) return;
    if (!cash) $('pay-reference').focus();
    else if (matchMedia('(pointer: fine)').matches) $('pay-amount').focus();
    else $('pay-go').focus(); // a thumb takes the notes; the phone's keyboard would cover them
  }

  #figures() {
    const { change, due } = settle(this.#total, [this.#tender]);
    const typed = readRupiah($('pay-amount').value) !== null;
    $('pay-change-label').textContent = due > 0 ? say('short') : say('change');
    $('pay-change').textContent = rupiah(due > 0 ? due : change);
    $('pay-change').classList.toggle('money-minus', due > 0);
    for (const button of $('pay-notes').children) {
      button.setAttribute('aria-pressed', String(typed && Number(button.dataset.amount) === this.#tender.tendered));
    }
    if (!this.#busy) $('pay-go').textContent = this.#label(typed);
  }

  #label(typed) {
    if (!this.#total) return say('free');
    if (this.#method !== 'cash') return say('take_paid', { amount: rupiah(this.#total) });
    return typed && this.#tender.tendered !== this.#total
      ? say('take', { amount: rupiah(this.#tender.tendered) })
      : say('take_exact');
  }

  #typed() {
    const amount = readRupiah($('pay-amount').value);
    $('pay-amount').value = amount === null ? '' : grouped(amount);
    this.complain('');
    this.#figures();
  }

  #note(button) {
    if (!button) return;
    $('pay-amount').value = grouped(button.dataset.amount);
    this.#typed();
    $('pay-go').focus();
  }

  // Says beside the button what is wrong.
  complain(text) {
    $('pay-error').textContent = text;
  }

  async #confirm() {
    if (this.#busy || !this.isOpen) return;
    const tender = this.#tender;
    const { payments, due } = settle(this.#total, [tender]);
    if (due > 0) return this.complain(say('missing', { amount: rupiah(due) }));
    if (tender.method !== 'cash' && this.#total && !tender.reference) {
      this.complain(say('need_reference'));
      return $('pay-reference').focus();
    }
    if (tender.method === 'qris' && this.#total > QRIS_LIMIT) {
      return this.complain(say('qris_limit', { amount: rupiah(QRIS_LIMIT) }));
    }
    this.#lock(true);
    try {
      const problem = await this.#paid(payments);
      this.#lock(false);
      if (!problem) return this.close();
      this.complain(problem);
      return $('pay-go').focus();
    } finally {
      this.#lock(false);
    }
  }

  #lock(busy) {
    this.#busy = busy;
    for (const control of $('pay-form').elements) control.disabled = busy;
    if (busy) $('pay-go').textContent = say('saving');
    else this.#figures();
  }
}
