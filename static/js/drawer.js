// The dialog of the shift: open the drawer, move cash, hand over, count blind, close. Each act needs the server;
// selling does not wait for any of them.

import { post } from './api.js';
import { stamp } from './cart.js';
import { $, say } from './dom.js';
import { grouped, readRupiah, rupiah } from './money.js';
import { follow } from './print.js';
import { drawShift, goWithout, remember, shift } from './shift.js';
import { chirp } from './sound.js';
import { till } from './state.js';
import { tell } from './status.js';
import { uuid7 } from './uuid.js';

const NOWHERE = '00000000-0000-0000-0000-000000000000';

export class Drawer {
  #dialog = $('drawer');
  #step = '';
  #act = null; // {id, at} of what is being tried: tried again after a lost answer it is the same act
  #busy = false;
  #steps = { open: () => this.#open(), cash: () => this.#cash(), hand: () => this.#hand(), count: () => this.#count(), close: () => this.#close() };

  constructor() {
    $('drawer-skip').addEventListener('click', () => {
      this.#dialog.close();
      goWithout();
    });
    this.#dialog.addEventListener('submit', (event) => {
      event.preventDefault();
      this.#run(this.#steps[this.#step]);
    });
    this.#dialog.addEventListener('click', (event) => {
      const { go, kind } = event.target.closest('[data-go]')?.dataset ?? {};
      if (kind) $('drawer-cash').elements.kind.value = kind;
      if (go) this.#go(go);
    });
    this.#dialog.addEventListener('cancel', (event) => this.#busy && event.preventDefault());
    this.#dialog.addEventListener('close', () => till.shelf.rest());
    for (const field of this.#dialog.querySelectorAll('.till-money')) {
      field.addEventListener('input', () => (field.value = grouped(readRupiah(field.value) ?? '')));
    }
    $('drawer-count').addEventListener('input', () => this.#add());
  }

  // Whatever fits: the menu of an open shift, or the opening of one.
  show() {
    if (this.#dialog.open || document.querySelector('dialog[open]')) return;
    this.#dialog.showModal();
    this.#go(shift() ? 'menu' : 'open');
  }

  #go(step, problem = '') {
    this.#step = step;
    this.#act = null;
    for (const part of this.#dialog.querySelectorAll('[data-step]')) part.hidden = part.dataset.step !== step;
    const part = this.#dialog.querySelector(`[data-step=${step}]`);
    const open = shift();
    $('drawer-title').textContent = part.dataset.title;
    $('drawer-who').textContent = open ? `${say('shift', { number: open.number })} ${open.cashier_name}` : '';
    $('drawer-back').hidden = !['cash', 'hand', 'count', 'close'].includes(step);
    if (open) $('drawer-x').href = page(open.id);
    this.#complain(problem || (till.outbox.link === 'online' ? '' : say('drawer_offline')));
    if (step === 'count') this.#warn();
    this.#rest();
  }

  // To the first field that is asked for, or what goes on: a button cannot be reached while something is being done.
  #rest() {
    const seen = (selector) => [...this.#dialog.querySelectorAll(selector)].find((each) => each.offsetParent);
    (seen('[data-step] input:not([type=radio])') ?? seen('[data-step] .btn-primary') ?? seen('[data-step] button'))?.focus();
  }

  // -- the acts ----------------------------------------------------------------------------------------

  async #open() {
    const float = readRupiah($('drawer-float').value) ?? 0;
    const opened = await this.#post('/api/shifts', { register: till.register.code, float });
    if (!opened) return;
    await remember(opened);
    this.#done(say('shift_opened', { number: opened.number }));
  }

  async #cash() {
    const form = $('drawer-cash').elements;
    const amount = readRupiah(form.amount.value);
    if (!amount) return this.#complain(say('need_amount'), form.amount);
    if (!form.reason.value.trim()) return this.#complain(say('need_reason'), form.reason);
    const done = await this.#event({ kind: form.kind.value, amount, reason: form.reason.value.trim() });
    if (done) this.#done(say(done.kind, { amount: rupiah(amount) }));
  }

  async #hand() {
    const form = $('drawer-hand').elements;
    const done = await this.#event({ kind: 'handover', username: form.username.value.trim(), pin: form.pin.value });
    if (!done) return;
    await remember({ ...shift(), cashier: done.cashier, cashier_name: done.cashier_name });
    this.#done(say('taken_over', { name: done.cashier_name }));
  }

  async #count() {
    const done = await this.#event({ kind: 'count', counts: this.#pieces(), amount: this.#add() });
    if (!done) return;
    this.#tellVariance('close', done);
    $('drawer-reason').hidden = !done.variance;
    this.#go('close');
  }

  async #close() {
    const reason = $('drawer-why').value.trim();
    if (!$('drawer-reason').hidden && !reason) return this.#complain(say('need_variance'), $('drawer-why'));
    const { id } = shift();
    const done = await this.#event({ kind: 'close', reason });
    if (!done) return;
    await remember(null);
    this.#clear();
    this.#tellVariance('done', done);
    $('drawer-z').href = page(id);
    $('drawer-print').onclick = () => this.#run(() => this.#print(id));
    $('drawer-printed').textContent = '';
    this.#go('done');
  }

  // The Z on the register's own printer, or as a PDF where it has none. Nothing waits for it.
  async #print(id) {
    const answer = await this.#post(`/api/shifts/${id}/prints`, {});
    this.#act = null;
    if (!answer) return;
    if (answer.page) window.open(answer.page, '_blank');
    if (!answer.job) return;
    const tellHow = (text) => ($('drawer-printed').textContent = text);
    follow(answer.job, () => tellHow(say('print_busy'))).then(({ state, error }) => tellHow(error || (state === 'done' ? say('print_z_done') : say('print_offline'))));
  }

  // -- sending -----------------------------------------------------------------------------------------

  #event(fields) {
    return this.#post(`/api/shifts/${shift()?.id ?? NOWHERE}/events`, fields);
  }

  // What the server says, or null after telling why it would not.
  async #post(path, fields) {
    this.#act ??= { id: uuid7(), at: stamp(Date.now(), till.register.zone) };
    let answer;
    try {
      answer = await post(path, { ...this.#act, ...fields });
    } catch {
      this.#complain(say('drawer_offline'));
      return null;
    }
    const { error } = answer.body;
    if (!error) return answer.body;
    await this.#refused(error);
    return null;
  }

  async #refused({ code, message, fields, shift: open }) {
    const text = [...new Set([message, ...Object.values(fields)])].join(' ');
    if (code === 'shift_open') await remember(open);
    if (code === 'shift_closed') await till.catalog.refresh().catch(console.error);
    drawShift();
    if (code === 'shift_open' || code === 'shift_closed') this.#go(shift() ? 'menu' : 'open', text);
    else if (code === 'count_first') this.#go('count', text);
    else this.#complain(text);
  }

  async #run(act) {
    if (this.#busy || !act) return;
    this.#busy = true;
    this.#complain('');
    for (const button of this.#dialog.querySelectorAll('[data-step] .btn')) button.disabled = true;
    try {
      await act();
    } finally {
      this.#busy = false;
      for (const button of this.#dialog.querySelectorAll('[data-step] .btn')) button.disabled = false;
      if (this.#dialog.open && !document.activeElement.offsetParent) this.#rest(); // what had the focus is hidden now
    }
  }

  #done(text) {
    this.#clear();
    this.#dialog.close();
    tell(text, 'good');
    chirp();
  }

  #clear() {
    for (const form of this.#dialog.querySelectorAll('form')) form.reset();
    this.#add();
  }

  #complain(text, field) {
    $('drawer-error').textContent = text;
    field?.focus();
  }

  // -- the count ---------------------------------------------------------------------------------------

  #pieces() {
    const pieces = {};
    for (const { name, value } of $('drawer-count').querySelectorAll('input')) pieces[name] = readRupiah(value) ?? 0;
    return pieces;
  }

  // Writes down what has been counted so far, and returns it.
  #add() {
    const sum = Object.entries(this.#pieces()).reduce((all, [note, many]) => all + Number(note) * many, 0);
    $('drawer-sum').textContent = rupiah(sum);
    return sum;
  }

  // A sale that the server does not have yet is in the drawer already.
  async #warn() {
    const { waiting } = await till.outbox.unsent();
    $('drawer-unsent').hidden = !waiting.length;
    $('drawer-unsent').textContent = say('count_unsent', { count: waiting.length });
    if (waiting.length) till.outbox.push();
  }

  #tellVariance(step, { expected, amount, variance }) {
    const part = this.#dialog.querySelector(`[data-step=${step}]`);
    part.querySelector('[data-sum=expected]').textContent = rupiah(expected);
    part.querySelector('[data-sum=counted]').textContent = rupiah(amount);
    const difference = part.querySelector('[data-sum=variance]');
    difference.textContent = variance > 0 ? `+${rupiah(variance)}` : rupiah(variance);
    difference.classList.toggle('money-minus', variance < 0);
    part.querySelector('[data-fits]').hidden = variance !== 0;
  }
}

function page(id) {
  return $('drawer').dataset.page.replace(NOWHERE, id);
}
