// The newest notas of this register: the server's, and those that only this device has.

import { ask } from './api.js';
import { stamp, wallClock } from './cart.js';
import { recentHere } from './device.js';
import { $, el, say } from './dom.js';
import { rupiah } from './money.js';
import { receiptNumber } from './receiptno.js';

export const QUICK = 4_000; // ms that a cashier waits for the server before the device's own memory answers
const MOST = 20;

// {sales, reached}: rows as the server gives them, `queue` added to those it does not have.
export async function recent(database, register) {
  const path = `/api/sales?register=${encodeURIComponent(register)}`;
  const [answer, here] = await Promise.all([
    ask(path, { signal: AbortSignal.timeout(QUICK) }).catch(() => null),
    recentHere(database, register, MOST),
  ]);
  const reached = answer?.status === 200;
  const theirs = reached ? answer.body.sales : [];
  const known = new Set(theirs.map((sale) => sale.id));
  const ours = here.filter((record) => !known.has(record.id) && (record.queue || !reached)).map((record) => row(record, here));
  return { sales: [...theirs, ...ours].sort(newestFirst).slice(0, MOST), reached };
}

function row({ id, register, number, document, queue, answer }, all) {
  const refunds = all.filter((each) => each.document.refund_of === id && each.queue !== 'refused');
  return {
    id,
    receipt: answer?.receipt ?? (queue ? null : receiptNumber(register, number)),
    number,
    sold_at: document.sold_at,
    total: document.total,
    methods: [...new Set(document.payments.map((payment) => payment.method))],
    is_refund: document.refund_of !== null,
    returned: 0 - refunds.reduce((sum, each) => sum + each.document.total, 0),
    queue,
  };
}

function newestFirst(a, b) {
  return Date.parse(b.sold_at) - Date.parse(a.sold_at) || b.number - a.number;
}

// Draws the rows; `acts.back(sale)`, `acts.void(sale)`, and `acts.link(element, kind, receipt)` fill in what can be done.
export function drawRecent(sales, zone, acts) {
  const rows = sales.map((sale) => item(sale, zone, acts));
  $('back-recent').replaceChildren(...(rows.length ? rows : [el('li', { class: 'muted' }, say('recent_none'))]));
}

function item(sale, zone, acts) {
  const state = stateOf(sale);
  const done = sale.is_refund || sale.queue === 'refused' || sale.returned >= sale.total;
  const name = sale.receipt ?? `#${sale.number}`;
  const button = (key, run) =>
    el('button', { type: 'button', class: 'btn btn-outline-primary', 'aria-label': `${say(key)} ${name}`, onclick: () => run(sale) }, say(key));
  const link = (key, kind) => {
    const element = el('a', { class: 'btn btn-link', target: '_blank', 'aria-label': `${say(key)} ${name}` }, say(key));
    acts.link(element, kind, sale.receipt);
    return element;
  };
  return el(
    'li',
    {},
    el(
      'p',
      {},
      el('strong', { class: 'mono' }, name),
      ' ',
      el('span', {}, `${when(sale.sold_at, zone)} · ${sale.methods.map(methodName).join(', ')}`),
      ' ',
      state ? el('span', { class: `tag ${state.kind}` }, state.text) : null,
    ),
    el('output', { class: sale.total < 0 ? 'money-minus' : null }, rupiah(sale.total)),
    el(
      'span',
      { class: 'back-acts' },
      done ? null : button('recent_back', acts.back),
      done || sale.returned ? null : button('recent_void', acts.void),
      sale.owed ? link('recent_settle', 'settle') : null,
      sale.receipt ? link('recent_look', 'look') : null,
      sale.receipt ? link('recent_copy', 'print') : null,
    ),
  );
}

// The time, and the day where it is not today's.
function when(soldAt, zone) {
  const [day, today] = [Date.parse(soldAt), Date.now()].map((instant) => stamp(instant, zone).slice(0, 10));
  const date = day === today ? '' : `${day.slice(8)}/${day.slice(5, 7)} `;
  return date + wallClock(Date.parse(soldAt), zone);
}

function stateOf({ queue, is_refund: isRefund, returned, total, owed }) {
  if (queue === 'refused') return { kind: 'red-tag', text: say('recent_refused') };
  if (queue) return { kind: 'warn-tag', text: say('recent_unsent') };
  if (isRefund) return { kind: '', text: say('recent_refund') };
  if (owed) return { kind: 'warn-tag', text: say('recent_owed', { amount: rupiah(owed) }) };
  if (!returned) return null;
  return { kind: '', text: returned >= total ? say('recent_all_back') : say('recent_part_back', { amount: rupiah(returned) }) };
}

export function methodName(method) {
  return document.querySelector(`[name=method][value=${method}] + span`).textContent;
}
