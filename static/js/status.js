// What the cashier is told: the link, the age of the data, the newest sale, and a sentence about the last act.

import { renewPrices } from './basket.js';
import { stamp, wallClock } from './cart.js';
import { $, say } from './dom.js';
import { givenBack } from './exchange.js';
import { rupiah } from './money.js';
import { drawShift } from './shift.js';
import { till } from './state.js';

const OLD = 15 * 60_000; // ms after which the catalogue's age is shown as a warning

export function tell(text, kind = '') {
  $('say').textContent = text;
  $('say').dataset.kind = kind;
  if (kind === 'bad' && till.dialog.isOpen) till.dialog.complain(text);
}

// The outbox moved: counts, the link, and the server's word on the newest sale.
export async function changed() {
  drawUnsent(await till.outbox.unsent());
  till.queue?.draw();
  drawLink(till.outbox.link);
  till.printing?.tell();
  if (!till.last || till.last.outcome) return;
  const sale = await till.outbox.find(till.last.document.id);
  if (sale?.answer) till.last.outcome = { kind: 'sent', answer: sale.answer };
  else if (sale?.queue === 'refused') till.last.outcome = { kind: 'refused', error: { message: sale.problem } };
  if (till.last.outcome) till.paid.outcome(till.last.document.id, till.last.outcome);
  drawLast();
}

function drawUnsent({ waiting, refused }) {
  const counts = [say('unsent', { count: waiting.length })];
  if (refused.length) counts.push(say('refused_count', { count: refused.length }));
  $('unsent').textContent = counts.join(' · ');
  $('unsent').classList.toggle('some', waiting.length > 0);
  $('unsent').classList.toggle('bad', refused.length > 0);
}

export function drawLink(link) {
  $('link').dataset.link = link;
  $('link-text').textContent = say(link);
  $('sign-in').hidden = !['sign_in', 'person'].includes(link) && !(link === 'online' && !till.signedIn);
}

export function drawLast() {
  $('last').hidden = !till.last;
  if (!till.last) return;
  const change = till.last.document.payments.reduce((sum, payment) => sum + payment.change, givenBack(till.last.cart));
  const receipt = till.last.outcome?.answer?.receipt ?? say(till.last.outcome ? 'refused' : 'pending_short');
  const back = till.last.outcome?.kind === 'refused' || !change ? '' : ` · ${say('change')} ${rupiah(change)}`;
  $('last-text').textContent = say('last', { receipt }) + back;
  $('last-print').hidden = till.last.outcome?.kind === 'refused';
}

export function tick() {
  $('clock').textContent = `${wallClock(Date.now(), till.register.zone)} ${till.register.zone}`;
  $('age').textContent = say('age', { time: when(till.catalog.at, till.register.zone) });
  $('age').classList.toggle('old', Date.now() - till.catalog.at > OLD);
  drawShift();
}

// `16.59` of today, `21/11 16.59` of another day.
export function when(milliseconds, zone) {
  const [day, today] = [stamp(milliseconds, zone), stamp(Date.now(), zone)].map((text) => text.slice(0, 10));
  const time = wallClock(milliseconds, zone);
  return day === today ? time : `${day.slice(8)}/${day.slice(5, 7)} ${time}`;
}

export async function renew() {
  try {
    const changes = await till.catalog.refresh();
    if (till.outbox.link !== 'online') till.outbox.push();
    drawLink((till.outbox.link = 'online'));
    if (changes) redraw();
  } catch (error) {
    till.outbox.link = error.status === 401 ? 'sign_in' : 'offline';
    drawLink(till.outbox.link);
  }
  if (till.catalog.ripen()) redraw();
}

function redraw() {
  if (!till.mine || till.dialog.isOpen || till.saving) return;
  till.shelf.draw();
  renewPrices();
}
