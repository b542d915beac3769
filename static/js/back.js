// The dialog of what comes back: find a nota, choose what is returned, have it approved, give the money back.

import { ask, post } from './api.js';
import { stamp, wallClock } from './cart.js';
import { BackLines } from './backlines.js';
import { refundsHere, saleHere } from './device.js';
import { $, say } from './dom.js';
import { exchangeOf } from './exchange.js';
import { grouped, rupiah } from './money.js';
import { NotStored } from './outbox.js';
import { withSign } from './pay.js';
import { QUICK, drawRecent, methodName, recent } from './recent.js';
import { receiptIn } from './receiptno.js';
import { givenFor, lessRefunds, owedOf, payBack, refundDocument, saleOf, worth } from './refund.js';
import { marks } from './shift.js';
import { buzz, chirp } from './sound.js';
import { uuid7 } from './uuid.js';

const PATIENCE = 2_500; // ms that a buyer waits for the server before the till goes on without it
const PANES = ['back-list', 'back-sale', 'back-done'];

export class BackDialog {
  #till;
  #dialog = $('back');
  #lines = new BackLines({ changed: () => this.#figures(), capped: (text) => this.#complain(text) });
  #sale = null;
  #void = false;
  #id = '';
  #approval = null; // {id} once it is given, so that a second try need not ask again
  #alone = false; // the server is out of reach and the cashier was told: the next press goes on without approval
  #busy = false;
  #kept = null; // id of the refund that was made
  #swap;

  // `till` is what the parts share; `left()` is called when the dialog is closed; `swap(exchange)` sets what comes
  // back against the next goods, or says why not.
  constructor(till, { left, swap }) {
    this.#till = till;
    this.#swap = swap;
    this.#dialog.addEventListener('close', left);
    this.#dialog.addEventListener('cancel', (event) => this.#busy && event.preventDefault());
    this.#dialog.addEventListener('keydown', (event) => event.currentTarget.open && /^F\d+$/.test(event.key) && event.stopPropagation());
    $('back-find').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#typed();
    });
    $('back-sale').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#confirm();
    });
    $('back-sale').addEventListener('change', () => this.#figures());
    $('back-all').addEventListener('click', () => this.#lines.all());
    $('back-swap').addEventListener('click', () => this.#confirm(true));
    $('back-up').addEventListener('click', () => this.open());
    $('back-print').addEventListener('click', () => this.#till.printing.print(this.#kept));
    $('back-end').addEventListener('click', () => this.#dialog.close());
    $('back-reasons').addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button) $('back-reason').value = button.textContent;
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  // The newest notas, and a field for any other.
  async open() {
    if (this.#busy) return;
    this.#show('back-list', say('back'));
    $('back-receipt').value = '';
    $('back-find-error').textContent = '';
    if (matchMedia('(pointer: fine)').matches) $('back-receipt').focus();
    await this.#drawRecent();
  }

  async #drawRecent() {
    const { sales, reached } = await recent(this.#till.database, this.#till.register.code);
    $('back-offline').hidden = reached;
    drawRecent(sales, this.#till.register.zone, {
      back: (sale) => this.load(sale),
      void: (sale) => this.load(sale, true),
      link: (element, kind, receipt) => this.#link(element, kind, receipt),
    });
  }

  // Scanned goods of the nota that is open count as coming back; false when nothing is open and the till may have them.
  scanned(code) {
    if (!this.isOpen) return false;
    if (!$('back-sale').hidden && this.#lines.add(code, this.#till.catalog.byCode.get(code)?.id)) chirp();
    else buzz();
    return true;
  }

  #typed() {
    const receipt = receiptIn($('back-receipt').value, this.#till.register.code);
    if (receipt) return this.load({ receipt });
    $('back-find-error').textContent = say('back_no_receipt');
    return $('back-receipt').focus();
  }

  // Opens a sale by its receipt number, or by its id when only this device has it; `whole` to undo all of it.
  async load({ receipt, id }, whole = false) {
    if (this.#busy) return;
    if (!this.isOpen) this.#show('back-list', say('back'));
    this.#lock(true);
    const { sale, remembered, problem } = await this.#find(receipt, id).finally(() => this.#lock(false));
    const why = problem ?? this.#whyNot(sale);
    if (!why) return this.#choose(sale, whole, remembered);
    buzz();
    this.#show('back-list', say('back'));
    $('back-find-error').textContent = why;
    $('back-receipt').value = receipt ?? '';
    return this.#drawRecent();
  }

  async #find(receipt, id) {
    const { database, register } = this.#till;
    const path = `/api/sales/${encodeURIComponent(receipt)}`;
    const answer = receipt ? await ask(path, { signal: AbortSignal.timeout(QUICK) }).catch(() => null) : null;
    if (answer?.status === 200) {
      return { sale: lessRefunds(answer.body, await refundsHere(database, answer.body.id, true)) };
    }
    const record = await saleHere(database, { receipt, id });
    if (!record) {
      const reached = answer?.body?.error && answer.status !== 401;
      return { problem: reached ? answer.body.error.message : say('back_unknown', { receipt }) };
    }
    const place = this.#till.catalog.register(record.register) ?? register;
    return {
      sale: lessRefunds(saleOf(record, place), await refundsHere(database, record.id, false)),
      remembered: !answer && !record.queue,
    };
  }

  #whyNot(sale) {
    if (sale.refund_of) return say('back_is_refund', { receipt: sale.receipt });
    if (sale.unit !== this.#till.register.unit) return say('back_other_unit', { unit: sale.unit });
    return sale.lines.some((line) => line.left > 0) ? '' : say('back_nothing_left', { receipt: sale.receipt });
  }

  #choose(sale, whole, remembered) {
    this.#sale = sale;
    this.#void = whole;
    this.#id = uuid7();
    this.#approval = null;
    this.#alone = false;
    this.#show('back-sale', say(whole ? 'void_of' : 'back_of', { receipt: sale.receipt }));
    const [date, time] = [sale.sold_at.slice(0, 10).split('-').reverse().join('/'), wallClock(Date.parse(sale.sold_at), sale.zone)];
    $('back-about').textContent = say('back_about', { date, time, gallery: sale.gallery, total: rupiah(sale.total) });
    $('back-known').hidden = !remembered;
    $('back-reason').value = whole ? say('void_reason') : '';
    $('back-pin').value = '';
    $('back-approval').hidden = this.#approves;
    $('back-all').hidden = whole;
    $('back-swap').hidden = whole || owedOf(sale) > 0;
    this.#drawWays();
    this.#lines.draw(sale, whole);
    this.#complain('');
    if (!whole) return this.#lines.focus();
    return (this.#approves ? $('back-go') : $('back-username').value ? $('back-pin') : $('back-username')).focus();
  }

  #drawWays() {
    const others = this.#sale.paid.filter(({ method, amount, returned }) => !['cash', 'owed'].includes(method) && amount > returned);
    $('back-how').hidden = others.length === 0;
    $('back-as-paid').textContent = say('back_as_paid', { methods: others.map(({ method }) => methodName(method)).join(', ') });
    $('back-sale').elements.how.value = 'cash';
  }

  get #approves() {
    return this.#till.person.role === 'staff';
  }

  #figures() {
    const lines = this.#sale ? this.#lines.back : [];
    const given = lines.length ? givenFor(this.#sale, lines, this.#step(this.#asPaid)) : 0;
    const amount = rupiah(lines.length ? Math.max(0, given - owedOf(this.#sale)) : 0);
    const rounded = given - worth(lines);
    $('back-total').textContent = amount;
    $('back-rounding').textContent = rounded ? say('rounded', { amount: withSign(rounded) }) : '';
    if (this.#busy) return;
    const key = this.#alone ? 'back_go_unapproved' : this.#void ? 'void_go' : 'back_go';
    $('back-go').textContent = say(key, { amount });
    $('back-go').disabled = $('back-swap').disabled = this.#lines.back.length === 0;
  }

  get #asPaid() {
    return $('back-sale').elements.how.value === 'paid';
  }

  // What cash that goes back is rounded to: as when it was paid, but where something else than cash settles a part.
  #step(settled) {
    return settled || owedOf(this.#sale) ? 0 : this.#till.register.rounding_step;
  }

  #missing() {
    if (!this.#lines.back.length) return [say('back_choose'), null];
    if (!$('back-reason').value.trim()) return [say('back_why'), $('back-reason')];
    if (this.#approves || this.#alone || this.#approval) return null;
    const empty = [$('back-username'), $('back-pin')].find((field) => !field.value.trim());
    return empty ? [say('back_who'), empty] : null;
  }

  async #confirm(swaps = false) {
    if (this.#busy) return;
    const missing = this.#missing();
    if (missing) {
      this.#complain(missing[0]);
      missing[1]?.focus();
      return;
    }
    this.#lock(true);
    try {
      const problem = (await this.#approve()) ?? (await (swaps ? this.#exchange() : this.#keep()));
      this.#lock(false);
      if (problem) this.#complain(problem);
      const asksForPin = problem && !this.#approves && !this.#alone && !this.#approval;
      if (this.isOpen) $(problem ? (asksForPin ? 'back-pin' : 'back-go') : 'back-end').focus();
    } finally {
      this.#lock(false);
    }
  }

  // A sentence when it is not approved (yet), else null.
  async #approve() {
    if (this.#approves || this.#alone || this.#approval) return null;
    const asked = {
      act: 'refund',
      register: this.#till.register.code,
      username: $('back-username').value.trim(),
      pin: $('back-pin').value.trim(),
      reason: $('back-reason').value.trim(),
    };
    const answer = await post('/api/approvals', asked).catch(() => null);
    if (answer?.status === 201) {
      this.#approval = answer.body;
      return null;
    }
    $('back-pin').value = '';
    if (answer?.body?.error && answer.status < 500 && answer.status !== 401) return answer.body.error.message;
    this.#alone = true;
    return say('back_unapproved');
  }

  #document(asPaid, step) {
    const { register, catalog } = this.#till;
    const lines = this.#lines.back;
    const refund = refundDocument(this.#sale, lines, {
      id: this.#id,
      register: register.code,
      soldAt: stamp(Date.now(), register.zone),
      version: catalog.version,
      payments: payBack(this.#sale.paid, givenFor(this.#sale, lines, step), asPaid),
      step,
      reason: $('back-reason').value.trim(),
      approval: this.#approval?.id,
    });
    return { ...refund, ...marks() };
  }

  // Nothing is kept yet: what comes back waits in the cart until the other goods are paid.
  #exchange() {
    const { receipt } = this.#sale;
    const problem = this.#swap(exchangeOf(this.#document(false, 0), this.#lines.cart(receipt), receipt));
    if (!problem) this.#dialog.close();
    return problem;
  }

  // Keeps and sends the refund; a sentence when it did not become one.
  async #keep() {
    const { outbox } = this.#till;
    const document = this.#document(this.#asPaid, this.#step(this.#asPaid));
    try {
      const kept = await outbox.add(document, this.#lines.cart(this.#sale.receipt));
      const outcome = await outbox.outcome(document.id, PATIENCE);
      if (outcome?.kind !== 'refused') return this.#done(kept.document, outcome?.answer);
      await outbox.takeBack(document.id); // nobody was given anything: it is as if it had not been
      return this.#refused(outcome.error);
    } catch (error) {
      if (error instanceof NotStored) return say('not_stored');
      throw error;
    }
  }

  // Somebody else returned it a moment ago: what is left now is shown, and the reason stays.
  async #refused({ message, fields = {} }) {
    Object.assign(this.#sale, (await this.#find(this.#sale.receipt, this.#sale.id)).sale);
    this.#id = uuid7();
    this.#approval = null;
    this.#lines.draw(this.#sale, this.#void);
    return say('back_refused', { reason: [message, ...Object.values(fields)].join(' ') });
  }

  #done(document, answer) {
    const cash = document.payments.reduce((sum, each) => sum + each.change, 0);
    this.#show('back-done', say(this.#void ? 'void_of' : 'back_of', { receipt: this.#sale.receipt }));
    $('back-done-label').textContent = say('back_give');
    const given = document.payments.filter(({ method }) => method !== 'owed');
    $('back-giant').textContent = rupiah(given.reduce((sum, each) => sum + each.change - each.tendered, 0));
    const ways = document.payments.map(({ method, tendered, change }) => `${methodName(method)} ${grouped(change - tendered)}`);
    const text = answer ? say('back_done', { receipt: answer.receipt, original: this.#sale.receipt }) : say('back_pending');
    $('back-done-text').textContent = [...(document.payments.length > 1 || !cash ? ways : []), text].join(' · ');
    this.#kept = document.id;
    if (this.#sale.id === this.#till.last?.document.id) this.#till.paid.leave(true);
    return null;
  }

  // A refund that the server refused after the money was given: chosen again from what is left now.
  async again(record) {
    await this.#till.outbox.takeBack(record.id);
    $('queue').close();
    await this.load({ receipt: record.cart.refund, id: record.document.refund_of });
    return true;
  }

  #link(element, kind, receipt) {
    const address = this.#dialog.dataset.look.replace('RECEIPT', receipt);
    if (kind === 'settle') element.href = `${address}/pelunasan`;
    else element.href = kind === 'look' ? address : `${address}/cetak?lebar=${this.#till.register.paper_width}&cetak=1`;
  }

  #show(pane, title) {
    for (const id of PANES) $(id).hidden = id !== pane;
    $('back-up').hidden = pane !== 'back-sale';
    $('back-title').textContent = title;
    if (!this.isOpen) this.#dialog.showModal();
    this.#dialog.scrollTop = 0;
  }

  #complain(text) {
    $('back-error').textContent = text;
    if (text) $('back-error').scrollIntoView({ block: 'nearest' });
    this.#figures();
  }

  #lock(busy) {
    this.#busy = busy;
    for (const control of this.#dialog.querySelectorAll('button, input')) control.disabled = busy;
    if (busy) $('back-go').textContent = say('saving');
    else {
      this.#lines.restore();
      this.#figures();
    }
  }
}
