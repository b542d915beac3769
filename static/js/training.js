// Training: the till as it is, on a memory of its own, where nothing reaches the books. Receipt numbers count in a
// series that no register may have, and what would be sent to the server is answered here. Only real notas that were
// unsent when it began go on being sent, from the memory of their own.

import { answerHere, askServer, post, postSale } from './api.js';
import { fetchDialogs } from './dialogs.js';
import { $, el, learn, say } from './dom.js';
import { Outbox } from './outbox.js';
import { receiptNumber } from './receiptno.js';
import { till } from './state.js';
import { tell } from './status.js';
import { openStore } from './store.js';

export const STORE = 'etalase-latihan'; // the name of its database in the browser
const SERIES = 'LATIHAN'; // pos/units/services.py keeps it from ever being a register's code
const ASKED = ['/api/catalog', '/api/session']; // what is read of the server, and all that is
const PIN = /^\d{6}$/;
const AGAIN = 30_000; // ms between looks for real notas

// Shows on the whole screen that nothing counts, and cuts the way to the books.
export async function begin() {
  answerHere(answer);
  document.body.classList.add('training');
  await fetchDialogs();
  for (const key of ['back_unknown', 'print_slip']) learn({ [key]: say(`training_${key}`) });
  for (const note of document.querySelectorAll('[data-training]')) note.hidden = false;
  document.title = `${SERIES} · ${document.title}`;
  const leave = el('a', { class: 'btn', href: location.pathname }, say('training_end'));
  const text = el('p', {}, el('strong', {}, SERIES), ' ', el('span', {}, say('training_text')));
  document.querySelector('header').before(el('aside', { class: 'training-band' }, text, leave));
}

// The register as it is practised at.
export function register(real) {
  return real && { ...real, code: SERIES, own: real.code, next_number: 1 };
}

// What a till fetches once it is there.
export async function fetchTheRest() {
  const [{ fetchSheet, printSlip }, { scale }] = await Promise.all([import('./slip.js'), import('./scale.js'), till.back.fetch()]);
  till.scale = scale;
  fetchSheet().catch(console.info);
  const byBrowser = async (id) => printSlip(await till.outbox.find(id), till.register, till.person.name, '', SERIES);
  const print = (await hasPrinter()) ? (id) => byPrinter(id, byBrowser) : byBrowser;
  till.printing = { print, recorded() {}, tell() {} };
  await sendRealNotas(await openStore(), {});
}

// Whether the register practised at has a printer of the server's; without the server it has none.
function hasPrinter() {
  const path = `/api/registers/${encodeURIComponent(till.register.own)}/printer`;
  return askServer(path).then(({ status, body }) => status === 200 && body.kind !== 'browser', () => false);
}

// The one thing that is sent to the server: it goes to the printer, and is kept nowhere.
async function byPrinter(id, byBrowser) {
  const { document } = await till.outbox.find(id);
  const tellOf = (text, ...acts) => {
    if (till.paid.id !== id) return tell(text);
    $('print-state').className = acts.length ? 'till-print alarm' : 'till-print';
    return $('print-state').replaceChildren(el('span', {}, text), ...acts);
  };
  tellOf(say('print_busy'));
  const path = `/api/registers/${encodeURIComponent(till.register.own)}/training`;
  const { body } = await post(path, document, {}, askServer).catch(() => ({ body: {} }));
  if (body.state === 'done') return tellOf(say('print_done'));
  const here = el('button', { type: 'button', class: 'btn btn-outline-primary', onclick: () => byBrowser(id) }, say('print_here'));
  return tellOf(body.error?.message ?? body.error ?? say('print_offline'), here);
}

// A register that another tab sells at is left to that tab.
async function sendRealNotas(database, outboxes) {
  const { waiting } = await new Outbox(database, '', () => {}).unsent();
  const { held = [] } = (await navigator.locks?.query()) ?? {};
  for (const code of new Set(waiting.map((sale) => sale.register))) {
    if (held.some((lock) => lock.name === `till:${code}`)) continue;
    outboxes[code] ??= new Outbox(database, code, () => {}, (sale, cashier, told) => postSale(sale, cashier, told, askServer));
    outboxes[code].push();
  }
  setTimeout(() => sendRealNotas(database, outboxes).catch(console.error), AGAIN);
}

// A drawer that is practised at would have to be counted with real money in it.
export function openDrawer() {
  tell(say('training_shift'));
}

// {status, body} in the server's place; nothing else that is asked of it leaves this device.
function answer(path, { body }) {
  if (ASKED.some((each) => path.split('?')[0] === each)) return null;
  const content = body && JSON.parse(body);
  if (content && path === '/api/sales') return { status: 201, body: { receipt: receiptNumber(SERIES, content.number) } };
  if (content && path === '/api/approvals') return approval(content.pin);
  throw new TypeError(`${path}: training`);
}

function approval(pin) {
  if (PIN.test(pin)) return { status: 201, body: { id: SERIES } };
  return { status: 403, body: { error: { message: say('training_pin') } } };
}
