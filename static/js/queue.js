// What this device holds that the server does not have: waiting, and set aside in red.

import { download, saleFile } from './carry.js';
import { wallClock } from './cart.js';
import { $, el, say } from './dom.js';
import { quantityText, rupiah } from './money.js';
import { drawDevice } from './worker.js';

export class Queue {
  #outbox;
  #zoneOf;
  #takeBack;

  // `takeBack(id)` brings a refused sale's cart back; false when another cart is open.
  constructor({ outbox, zoneOf, takeBack }) {
    this.#outbox = outbox;
    this.#zoneOf = zoneOf;
    this.#takeBack = takeBack;
    $('queue-send').addEventListener('click', () => outbox.push());
    $('queue-save').addEventListener('click', () => this.#save());
  }

  open() {
    $('queue').showModal();
    this.draw();
    drawDevice();
  }

  async draw() {
    if (!$('queue').open) return;
    const { waiting, refused } = await this.#outbox.unsent();
    const items = [...refused, ...waiting].map((sale) => this.#item(sale));
    $('queue-send').hidden = !waiting.length;
    $('queue-save').hidden = !items.length;
    $('queue-body').replaceChildren(...(items.length ? items : [el('p', { class: 'muted' }, say('queue_empty'))]));
  }

  // They stay here as well until the server has them: the same sale twice is one sale.
  async #save() {
    const { waiting, refused } = await this.#outbox.unsent();
    const { register } = this.#outbox;
    const madeAt = new Date().toISOString();
    const name = `nota-${register}-${madeAt.slice(0, 19).replace(/[-:]/g, '').replace('T', '-')}.jsonl`;
    download(name, saleFile([...waiting, ...refused], { register, madeAt }));
  }

  #item(sale) {
    const refused = sale.queue === 'refused';
    const time = wallClock(Date.parse(sale.document.sold_at), this.#zoneOf(sale.register));
    const goods = sale.cart.lines.map((line) => `${quantityText(line.quantity)} ${line.unit} ${line.name}`).join(', ');
    return el(
      'article',
      { class: refused ? 'alarm' : 'waits' },
      el(
        'p',
        {},
        el('span', { class: refused ? 'tag red-tag' : 'tag warn-tag' }, say(refused ? 'refused' : 'waiting')),
        ` ${sale.register} · ${time} · `,
        el('strong', {}, rupiah(sale.document.total)),
      ),
      el('p', { class: 'muted' }, goods),
      sale.problem ? el('p', { class: 'queue-problem' }, sale.problem) : null,
      refused ? this.#acts(sale) : null,
    );
  }

  #acts(sale) {
    const act = (key, run) => el('button', { type: 'button', class: 'btn btn-outline-primary', onclick: run }, say(key));
    const result = el('span', { class: 'error', role: 'alert' });
    return el(
      'p',
      { class: 'queue-acts' },
      act(sale.document.refund_of ? 'refund_again' : 'take_back', async () => {
        if (await this.#takeBack(sale.id)) $('queue').close();
        else result.textContent = say('cart_first');
      }),
      act('resend', () => this.#outbox.resend(sale.id)),
      result,
    );
  }
}
