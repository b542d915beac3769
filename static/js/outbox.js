// Sales that are paid and not yet known to the server. A sale and its number are kept in one strict IndexedDB
// transaction before anything is shown as paid; then it is sent until the server has it, in order, one at a time.
//
// A record: {id, register, number, document, cart, cashier, queue, shown, printed, tries, problem, failed}. `shown` means
// that the buyer was told it is paid: from then on it has happened, and a changed price cannot take it back. `failed`
// means that the server broke down over it, and did not judge it.

import { postSale, verdict } from './api.js';
import { got, transact } from './store.js';
import { underLock } from './tab.js';

const COMMIT_PATIENCE = 5_000; // a commit can hang on a full disk
const LATE = 125_000; // the server records what is older than two minutes whatever its price or number
const UNTOLD = 3_000; // until the buyer of a sale that waits was told, and the server takes it as it is
const SLOWEST = 60_000;
const KEPT = 35 * 24 * 3_600_000; // sent sales stay this long, so that a server restored from a backup can be refilled
const RENUMBERINGS = 3;
const FAILURES = 3; // of the server over one sale, before the next one shows whose fault it is

export class NotStored extends Error {}

export class Outbox {
  #database;
  #changed;
  #post;
  #settled = new Map(); // id -> function of whoever waits for the outcome
  #timer = 0;
  #sending = false;
  #again = false;
  #tries = 0;
  #failures = new Map(); // sale id -> how often the server has broken down over it
  cashier = ''; // the username of who is at this device
  link = 'unknown'; // 'online' | 'offline' | 'sign_in' | 'person'

  // `changed()` is called whenever the counts or the link may have changed; `send(document, cashier, told)` asks the server.
  constructor(database, register, changed, send = postSale) {
    this.#post = send;
    this.#database = database;
    this.register = register;
    this.#changed = changed;
  }

  // Begins: the series goes on after whatever the server or this device has given, whichever is further, and
  // what a crash left behind counts as having happened. A `fresh` number of the server's that was used long ago
  // means that it was restored from an older backup. False when no number is known yet.
  async start(serverNext, fresh = false) {
    const ready = await this.#write(['outbox', 'series'], async ({ outbox, series }) => {
      const known = await got(series.get(this.register));
      const next = Math.max(serverNext ?? 0, known?.next ?? 0);
      if (next) series.put({ ...known, register: this.register, next });
      if (fresh && serverNext) await this.#waitAgain(outbox, serverNext);
      for (const sale of await got(outbox.getAll())) {
        if (sale.sentAt < Date.now() - KEPT) outbox.delete(sale.id);
        else if (sale.failed) outbox.put({ ...sale, queue: 'waiting', failed: false }); // it may be mended by now
        else if (sale.queue === 'waiting' && !sale.shown) outbox.put({ ...sale, shown: true });
      }
      return next > 0;
    });
    addEventListener('online', () => this.push());
    document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && this.push());
    this.push();
    return ready;
  }

  // Keeps a paid sale with the next number; the same cart twice is one sale. Throws NotStored when the disk
  // did not take it: nothing is paid then and no number is used up. `first` ({document, cart}) has happened too and
  // is kept in the same transaction, with the number before.
  async add(document, cart, first = null) {
    const late = new AbortController();
    const stored = this.#write(
      ['outbox', 'series', 'state'],
      async ({ outbox, series, state }) => {
        const known = await got(outbox.get(document.id));
        if (known) return known;
        const mine = await got(series.get(this.register));
        const [sale, before] = [{ document, cart }, first].map((each, i) => {
          const number = mine.next + (first && i === 0 ? 1 : 0);
          return each && this.#record(each, number);
        });
        if (before) outbox.add({ ...before, shown: true });
        outbox.add(sale);
        series.put({ ...mine, next: sale.number + 1 });
        if (!document.refund_of) state.delete(`cart:${this.register}`);
        return sale;
      },
      late.signal,
    );
    const sale = await Promise.race([stored.catch(() => null), pause(COMMIT_PATIENCE)]);
    if (sale) return sale;
    late.abort();
    const found = await Promise.race([this.find(document.id).catch(() => null), pause(COMMIT_PATIENCE)]);
    if (!found) throw new NotStored();
    return found;
  }

  #record({ document, cart }, number) {
    const { register, cashier } = this;
    return { id: document.id, register, number, document: { ...document, number }, cart, cashier, queue: 'waiting' };
  }

  // What became of the sale, or null after `milliseconds`: {kind: 'sent'|'returned'|'refused', ...}. With null
  // the sale is marked as shown in the same breath, so that it can no longer be taken back.
  async outcome(id, milliseconds) {
    const waiting = new Promise((resolve) => this.#settled.set(id, resolve));
    this.push();
    const outcome = known(await this.find(id)) ?? (await Promise.race([waiting, pause(milliseconds)]));
    if (outcome) return outcome;
    const shown = await this.#change(id, (sale) => sale.queue === 'waiting' && { ...sale, shown: true });
    if (shown) this.#settled.delete(id);
    return shown ? null : (known(await this.find(id)) ?? Promise.race([waiting, pause(COMMIT_PATIENCE)]));
  }

  // Sends now whatever waits.
  push() {
    clearTimeout(this.#timer);
    this.#again = true;
    if (this.#sending) return;
    this.#sending = true;
    underLock(`send:${this.register}`, () => this.#drain())
      .catch((error) => {
        console.error(error);
        this.#later(this.#backOff());
      })
      .finally(() => {
        this.#sending = false;
        this.#changed();
      });
  }

  find(id) {
    return transact(this.#database, ['outbox'], ({ outbox }) => got(outbox.get(id)));
  }

  // Everything on this device that the server does not have: {waiting: [...], refused: [...]}, by number.
  async unsent() {
    return transact(this.#database, ['outbox'], async ({ outbox }) => {
      const [waiting, refused] = [
        await got(outbox.index('queue').getAll('waiting')),
        await got(outbox.index('queue').getAll('refused')),
      ];
      return { waiting: waiting.sort(inOrder), refused: refused.sort(inOrder) };
    });
  }

  // Puts a refused sale back in the queue, with a new number.
  async resend(id) {
    await this.#write(['outbox', 'series'], async ({ outbox, series }) => {
      const sale = await got(outbox.get(id));
      if (sale?.queue !== 'refused') return;
      const known = await got(series.get(sale.register));
      const number = sale.printed ? sale.number : known.next;
      if (!sale.printed) series.put({ ...known, next: number + 1 });
      const fresh = { queue: 'waiting', problem: '', tries: 0, failed: false };
      outbox.put({ ...sale, number, document: { ...sale.document, number }, ...fresh });
    });
    this.push();
  }

  // Takes a refused sale out and returns its cart, to be put right and paid again.
  async takeBack(id) {
    const cart = await this.#write(['outbox'], async ({ outbox }) => {
      const sale = await got(outbox.get(id));
      if (sale?.queue !== 'refused') return null;
      outbox.delete(id);
      return sale.cart;
    });
    this.#changed();
    return cart;
  }

  markPrinted(id) {
    return this.#change(id, (sale) => ({ ...sale, printed: true }));
  }

  // -- sending -----------------------------------------------------------------------------------------

  async #drain() {
    while (this.#again) {
      this.#again = false;
      for (let sale; (sale = await this.#first()); ) {
        this.#changed();
        const wait = await this.#send(sale);
        this.#changed();
        if (wait) {
          if (!this.#again) this.#later(wait);
          break;
        }
      }
    }
  }

  async #first(except) {
    const { waiting } = await this.unsent();
    return waiting.find((sale) => sale.register === this.register && sale.id !== except);
  }

  // Sends one sale and does what the answer says; returns how long to wait before the next, 0 for not at all.
  async #send(sale, asProof = false) {
    let answer;
    try {
      answer = await this.#post(sale.document, sale.cashier, sale.shown);
    } catch {
      this.link = 'offline';
      return this.#backOff();
    }
    const said = verdict(answer);
    this.link = { retry: 'offline', sign_in: 'sign_in', person: 'person' }[said] ?? 'online';
    const error = answer.body?.error;
    if (said === 'sent') return this.#sent(sale, answer.body);
    if (said === 'price') return this.#priceChanged(sale, error);
    if (said === 'number') return this.#numberTaken(sale, error);
    if (said === 'refused') return this.#refused(sale, error);
    if (said === 'later') return this.#whenLate(sale, error);
    await this.#problem(sale, error);
    return answer.status === 500 && !asProof ? this.#failed(sale, error) : this.#backOff();
  }

  // A server that breaks down over this sale again and again, but can answer to the next one, breaks down because of it.
  async #failed(sale, error) {
    const times = (this.#failures.get(sale.id) ?? 0) + 1;
    this.#failures.set(sale.id, times);
    const next = times >= FAILURES && (await this.#first(sale.id));
    if (next) await this.#send(next, true);
    if (!next || this.link !== 'online') return this.#backOff();
    this.#failures.delete(sale.id);
    return this.#refused(sale, error, true);
  }

  async #sent(sale, answer) {
    await this.#write(['outbox', 'series'], async ({ outbox, series }) => {
      const { queue, problem, ...rest } = await got(outbox.get(sale.id));
      const mine = await got(series.get(sale.register));
      outbox.put({ ...rest, sentAt: Date.now(), answer });
      series.put({ ...mine, sent: Math.max(mine.sent ?? 0, rest.number) });
    });
    this.#tries = 0;
    this.#settle(sale.id, { kind: 'sent', answer });
    return 0;
  }

  // Nobody was told yet: the cart comes back and the number is free again. Otherwise it has happened.
  async #priceChanged(sale, error) {
    const returned = await this.#write(['outbox', 'series', 'state'], async ({ outbox, series, state }) => {
      const now = await got(outbox.get(sale.id));
      if (now.shown || !this.#settled.has(sale.id)) return false;
      outbox.delete(sale.id);
      state.put(now.cart, `cart:${this.register}`);
      await this.#numberFrom(outbox, series, now.number, sale.id);
      return true;
    });
    if (!returned) return this.#whenLate(sale, error);
    this.#settle(sale.id, { kind: 'returned', cart: sale.cart, error });
    return 0;
  }

  async #numberTaken(sale, error) {
    const tries = (sale.tries ?? 0) + 1;
    const next = error.next_number;
    const done = await this.#write(['outbox', 'series'], async ({ outbox, series }) => {
      if (!next) return null;
      if (await this.#waitAgain(outbox, next)) return 'first the others';
      const { sent = 0 } = await got(series.get(this.register));
      if (sale.printed || (next <= sent && sale.number >= next)) return null;
      await this.#numberFrom(outbox, series, Math.max(next, sent + 1));
      outbox.put({ ...(await got(outbox.get(sale.id))), tries });
      return 'renumbered';
    });
    if (!done) return isLate(sale) ? this.#refused(sale, error) : this.#whenLate(sale, error);
    return done === 'renumbered' && tries > RENUMBERINGS ? this.#backOff() : 0;
  }

  // Set aside: kept and shown in red, and the others go on with the numbers that are free.
  async #refused(sale, error, failed = false) {
    await this.#write(['outbox', 'series'], async ({ outbox, series }) => {
      const now = await got(outbox.get(sale.id));
      outbox.put({ ...now, queue: 'refused', shown: true, problem: said(error), failed });
      if (!now.printed) await this.#numberFrom(outbox, series, now.number, sale.id);
    });
    this.#settle(sale.id, { kind: 'refused', error });
    return 0;
  }

  // The server takes it as it is once the buyer was told; one that was told before this answer waits until it is late.
  async #whenLate(sale, error) {
    const now = await this.#problem(sale, error);
    const left = Date.parse(sale.document.sold_at) + LATE - Date.now();
    if (left <= 0) return this.#backOff();
    return sale.shown ? left : now?.shown ? 0 : UNTOLD;
  }

  #problem(sale, error) {
    return this.#change(sale.id, (now) => ({ ...now, problem: said(error) }));
  }

  // The server's next number is one that it has given already: it was restored from an older backup. What it has
  // lost waits again as it was, with the numbers that buyers hold; whether there was any.
  async #waitAgain(outbox, next) {
    const lost = (await got(outbox.getAll())).filter(
      (sale) => sale.register === this.register && !sale.queue && sale.number >= next,
    );
    for (const { sentAt, answer, ...sale } of lost) {
      outbox.put({ ...sale, queue: 'waiting', shown: true, printed: true, tries: 0 });
    }
    return lost.length > 0;
  }

  // Numbers what waits from `next` on, in order and without a gap; printed notas keep theirs.
  async #numberFrom(outbox, series, next, except) {
    const all = await got(outbox.index('queue').getAll());
    const own = all.filter((sale) => sale.register === this.register && sale.id !== except).sort(inOrder);
    const printed = new Set(own.filter((sale) => sale.printed).map((sale) => sale.number));
    let number = next;
    for (const sale of own) {
      if (sale.printed || sale.queue !== 'waiting') continue;
      while (printed.has(number)) number += 1;
      outbox.put({ ...sale, number, document: { ...sale.document, number } });
      number += 1;
    }
    while (printed.has(number)) number += 1;
    series.put({ ...(await got(series.get(this.register))), register: this.register, next: number });
  }

  // Changes one stored sale; `change` returns the new record or something false to leave it.
  #change(id, change) {
    return this.#write(['outbox'], async ({ outbox }) => {
      const now = await got(outbox.get(id));
      const changed = now && change(now);
      if (changed) outbox.put(changed);
      return changed || null;
    });
  }

  #write(names, work, signal) {
    return transact(this.#database, names, work, { write: true, strict: true, signal });
  }

  #settle(id, outcome) {
    this.#settled.get(id)?.(outcome);
    this.#settled.delete(id);
  }

  #later(wait) {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.push(), wait);
  }

  #backOff() {
    this.#tries = Math.min(this.#tries + 1, 8);
    return Math.min(SLOWEST, 500 * 2 ** this.#tries) * (0.75 + Math.random() / 2);
  }
}

// What became of a stored sale, when that is known already (another tab may have sent it).
function known(sale) {
  if (sale?.answer) return { kind: 'sent', answer: sale.answer };
  return sale?.queue === 'refused' ? { kind: 'refused', error: { message: sale.problem } } : null;
}

function isLate(sale) {
  return Date.now() > Date.parse(sale.document.sold_at) + LATE;
}

// The sentence of an error and those of its fields.
function said(error) {
  return [error?.message, ...Object.values(error?.fields ?? {})].filter(Boolean).join(' ');
}

function inOrder(a, b) {
  return a.register === b.register ? a.number - b.number : a.register < b.register ? -1 : 1;
}

function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds, null));
}
