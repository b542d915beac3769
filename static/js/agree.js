// Somebody of the staff agrees, by PIN, to a discount above what the cashier may give alone.

import { post } from './api.js';
import { set } from './basket.js';
import { totals } from './cart.js';
import { fetchDialogs } from './dialogs.js';
import { $, say } from './dom.js';
import { rupiah } from './money.js';
import { till } from './state.js';

let dialog = null;

// Goes on with `then` once somebody has agreed to give away `sums.given` where the cashier may `sums.most`. The cart's
// {id, given, goods} holds as long as no more is given away of no less, as the server sees it too; the id is null when
// it was not asked.
export async function agreed(sums, then) {
  const before = till.cart.approval;
  const { goods, total } = totals(till.cart);
  const now = { given: goods - total, goods };
  if (before && now.given <= before.given && goods >= before.goods) return then();
  await fetchDialogs();
  dialog ??= new Agreement();
  return dialog.ask({ ...sums, ...now }, (id) => {
    set({ approval: { id, ...now } });
    then();
  });
}

class Agreement {
  #dialog = $('agree');
  #then = null;
  #shown = null; // {given, goods} of what is asked for
  #alone = false; // the server is out of reach and the cashier was told: the next press goes on without approval
  #busy = false;

  constructor() {
    this.#dialog.addEventListener('close', () => this.#then && till.shelf.rest());
    this.#dialog.addEventListener('cancel', (event) => this.#busy && event.preventDefault());
    this.#dialog.addEventListener('keydown', (event) => event.currentTarget.open && /^F\d+$/.test(event.key) && event.stopPropagation());
    $('agree-form').addEventListener('submit', (event) => {
      event.preventDefault();
      this.#confirm();
    });
    $('agree-reasons').addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (button) $('agree-reason').value = button.textContent;
    });
  }

  // Calls `then(id of the approval or null)`.
  ask(sums, then) {
    if (this.#dialog.open) return;
    [this.#then, this.#alone] = [then, false];
    this.#shown = { given: sums.given, goods: sums.goods };
    $('agree-about').textContent = say('agree_about', { given: rupiah(sums.given), goods: rupiah(sums.goods), most: rupiah(sums.most) });
    $('agree-pin').value = $('agree-reason').value = '';
    this.#complain('');
    this.#dialog.showModal();
    this.#focus();
  }

  #focus() {
    (this.#missing()?.[1] ?? $('agree-go')).focus();
  }

  #missing() {
    if (!$('agree-reason').value.trim()) return [say('back_why'), $('agree-reason')];
    const empty = [$('agree-username'), $('agree-pin')].find((field) => !field.value.trim());
    return empty && !this.#alone ? [say('back_who'), empty] : null;
  }

  async #confirm() {
    if (this.#busy) return;
    const missing = this.#missing();
    if (missing) {
      this.#complain(missing[0]);
      missing[1].focus();
      return;
    }
    this.#lock(true);
    const approval = this.#alone ? { id: null } : await this.#approval();
    this.#lock(false);
    if (!approval) return this.#focus();
    const then = this.#then;
    this.#then = null;
    this.#dialog.close();
    then(approval.id);
  }

  // What the server says of the PIN; null, and why, when it does not agree or does not answer.
  async #approval() {
    const asked = {
      act: 'discount',
      register: till.register.code,
      username: $('agree-username').value.trim(),
      pin: $('agree-pin').value.trim(),
      reason: $('agree-reason').value.trim(),
      ...this.#shown,
    };
    const answer = await post('/api/approvals', asked).catch(() => null);
    if (answer?.status === 201) return answer.body;
    $('agree-pin').value = '';
    this.#alone = !(answer?.body?.error && answer.status < 500 && answer.status !== 401);
    this.#complain(this.#alone ? say('agree_unapproved') : answer.body.error.message);
    return null;
  }

  #complain(text) {
    $('agree-error').textContent = text;
    $('agree-go').textContent = say(this.#alone ? 'agree_alone' : 'agree_go');
  }

  #lock(busy) {
    this.#busy = busy;
    for (const control of this.#dialog.querySelectorAll('button, input')) control.disabled = busy;
  }
}
