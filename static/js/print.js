// A paid nota on paper: by the register's own printer, by the browser's dialog, or without the server from this page.
// The server counts every print before it happens, so that only the first is the original. What was printed without
// it is remembered here and told as soon as it can be.

import { ask, post } from './api.js';
import { $, el, say } from './dom.js';
import { receiptNumber } from './receiptno.js';
import { fetchSheet, printSlip } from './slip.js';
import { got, transact } from './store.js';
import { uuid7 } from './uuid.js';

const PRINTS = 'prints'; // in the store's state: {sale id: {copies, untold: [ids of prints], at}}
const KEPT = 35 * 24 * 3_600_000; // ms for which what was told stays known
const SOON = 300; // ms between looks at a job that has just begun
const LATER = 1_500;
const MOST_LOOKS = 150; // longer than the server lets a job go on
const UNDER_WAY = ['waiting', 'printing'];

// The job as it ends, or as it still is when nobody is told of its end; `busy()` is called while it goes on.
export async function follow(begun, busy) {
  let job = begun;
  for (let looks = 0; UNDER_WAY.includes(job.state) && looks < MOST_LOOKS; looks += 1) {
    busy();
    await new Promise((resolve) => setTimeout(resolve, looks < 20 ? SOON : LATER));
    job = await ask(`/api/prints/${job.id}`).then(({ status, body }) => (status === 200 ? body : job), () => job);
  }
  return job;
}

export class Printing {
  #database;
  #outbox;
  #register;
  #missed;
  #shown; // id of the sale on the screen after payment
  #automatic; // whether the register's printer prints by itself, once that is known
  #begun = new Set(); // sales that were printed by themselves
  #telling = false;

  // `shown()` is the id of the sale that is on the screen; `missed(text)` tells of trouble with another one.
  constructor({ database, outbox, register, shown, missed }) {
    this.#database = database;
    this.#outbox = outbox;
    this.#register = register;
    this.#shown = shown;
    this.#missed = missed;
    fetchSheet().catch(console.info); // before it is needed, for it may be needed without the server
    this.#automatic = this.#learn().catch(() => false); // without the server there is no printer of the server's
    this.tell();
  }

  // The sale is recorded: it prints by itself where the register's printer does that.
  async recorded(id) {
    if (!(await this.#automatic) || this.#begun.has(id)) return;
    this.#begun.add(id);
    await this.print(id);
  }

  async print(id) {
    await this.#outbox.markPrinted(id); // from now on the number is the paper's
    const sale = await this.#outbox.find(id);
    if (!sale) return;
    const answer = sale.answer && (await this.#ask(sale, 'till'));
    if (!answer) await this.#slip(sale);
    else if (answer.page) this.#open(id, answer.page);
    else await this.#watch(id, answer.job);
  }

  async pdf(id) {
    await this.#outbox.markPrinted(id);
    const sale = await this.#outbox.find(id);
    const answer = sale?.answer && (await this.#ask(sale, 'pdf'));
    if (answer) this.#open(id, answer.page);
    else this.#say(id, say('print_offline'), true);
  }

  // Tells the server what was printed without it, of the sales that it has by now.
  async tell() {
    if (this.#telling) return;
    this.#telling = true;
    try {
      for (const [id, { untold }] of Object.entries(await this.#prints())) {
        const receipt = untold.length && (await this.#outbox.find(id))?.answer?.receipt;
        for (const token of receipt ? untold : []) {
          const { status } = await post(`/api/receipts/${receipt}/prints`, { id: token, way: 'slip' });
          if (status === 401 || status === 429 || status >= 500) return;
          await this.#remember(id, (mine) => ({ ...mine, untold: mine.untold.filter((each) => each !== token) }));
        }
      }
    } catch {
      // out of reach: the next time the outbox moves
    } finally {
      this.#telling = false;
    }
  }

  async #learn() {
    const { status, body } = await ask(`/api/registers/${encodeURIComponent(this.#register.code)}/printer`);
    return status === 200 && body.automatic;
  }

  // The server's answer to one more print; null when it cannot be reached.
  async #ask(sale, way) {
    this.#say(sale.id, say('print_sending'));
    try {
      const { status, body } = await post(`/api/receipts/${sale.answer.receipt}/prints`, { id: uuid7(), way });
      if (status !== 200) return null;
      await this.#remember(sale.id, (mine) => ({ ...mine, copies: Math.max(mine.copies, body.copy + 1) }));
      this.#say(sale.id, '');
      return body;
    } catch {
      return null;
    }
  }

  async #slip(sale) {
    const { copies } = await this.#remember(sale.id, (mine) => ({
      ...mine,
      copies: mine.copies + 1,
      untold: [...mine.untold, uuid7()],
    }));
    this.#say(sale.id, say('print_slip', { receipt: receiptNumber(sale.register, sale.number) }));
    await printSlip(sale, this.#register, $('who').textContent, copies > 1 ? `SALINAN KE-${copies - 1}` : '');
    this.tell();
  }

  #open(id, page) {
    if (window.open(page, '_blank', 'popup,width=520,height=760')) return;
    const link = el('a', { href: page, target: '_blank', class: 'btn btn-outline-primary' }, say('print_open'));
    this.#say(id, say('print_blocked'), false, [link]);
  }

  async #watch(id, begun) {
    const job = await follow(begun, () => this.#say(id, say('print_busy')));
    if (UNDER_WAY.includes(job.state)) return this.#say(id, say('print_offline'), true);
    if (job.state !== 'failed') return this.#say(id, say('print_done'));
    return this.#say(id, job.error, true, [
      this.#act('print_again', () => this.#again(id, job)),
      this.#act('print_here', () => this.#here(id, job)),
    ]);
  }

  async #again(id, job) {
    const { status, body } = await post(`/api/prints/${job.id}/retry`).catch(() => ({ status: 0 }));
    if (status === 200) await this.#watch(id, body);
    else this.#say(id, say('print_offline'), true);
  }

  async #here(id, job) {
    const { status, body } = await post(`/api/prints/${job.id}/browser`).catch(() => ({ status: 0 }));
    this.#say(id, status === 200 ? '' : say('print_offline'), status !== 200);
    if (status === 200) this.#open(id, body.page);
  }

  #act(key, run) {
    return el('button', { type: 'button', class: 'btn btn-outline-primary', onclick: run }, say(key));
  }

  #say(id, text, bad = false, acts = []) {
    if (id !== this.#shown()) return bad && this.#missed(text);
    $('print-state').className = bad ? 'till-print alarm' : 'till-print';
    $('print-state').replaceChildren(el('span', {}, text), ...acts);
    return null;
  }

  #prints() {
    return transact(this.#database, ['state'], async ({ state }) => (await got(state.get(PRINTS))) ?? {});
  }

  // Changes what is known of a sale's prints, on disk before this returns; the new {copies, untold}.
  #remember(id, change) {
    return transact(
      this.#database,
      ['state'],
      async ({ state }) => {
        const all = (await got(state.get(PRINTS))) ?? {};
        const old = Date.now() - KEPT;
        const kept = Object.entries(all).filter(([, { untold, at }]) => untold.length || at > old);
        const mine = { ...change(all[id] ?? { copies: 0, untold: [] }), at: Date.now() };
        state.put({ ...Object.fromEntries(kept), [id]: mine }, PRINTS);
        return mine;
      },
      { write: true, strict: true },
    );
  }
}
