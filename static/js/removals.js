// What was taken out of carts after it was scanned: on this device until the server says that it has it. No sale ever
// waits for this.

import { post } from './api.js';
import { stamp } from './cart.js';
import { gross } from './money.js';
import { marks } from './shift.js';
import { till } from './state.js';
import { got, transact } from './store.js';
import { underLock } from './tab.js';
import { uuid7 } from './uuid.js';

const SOON = 2_000; // ms: what is taken out together goes together
const AGAIN = 60_000;
const MOST = 200; // in one request, as in pos/register/removals.py

let timer = 0;

// Sends what waits, now and whenever the server may be back.
export function begin() {
  addEventListener('online', () => soon());
  soon();
}

// Keeps [line, thousandths] that left the cart; `kind` is one of pos/register/removal_models.py.
export async function keep(kind, lines, cart, milliseconds) {
  if (till.training) return;
  const { code: register, zone } = till.register;
  const taken = lines.map(([{ code: product, price }, quantity]) => ({
    id: uuid7(),
    at: stamp(milliseconds, zone),
    kind,
    cashier: marks().cashier ?? till.person.username,
    product,
    quantity,
    amount: gross(quantity, price),
    cart,
  }));
  await write(async ({ state }) => {
    for (const each of taken) state.put({ register, ...each }, `taken:${each.id}`);
  });
  soon();
}

function soon(wait = SOON) {
  clearTimeout(timer);
  timer = setTimeout(send, wait);
}

async function send() {
  timer = 0;
  if (till.saving) return soon();
  await underLock('removals', tellAll).catch(console.info);
  if ((await waiting()).length && !timer) soon(AGAIN); // unless somebody asked for it sooner meanwhile
  return null;
}

// Also what another register of this device left behind.
async function tellAll() {
  const all = await waiting();
  for (const code of new Set(all.map(({ register }) => register))) {
    const own = all.filter(({ register }) => register === code).map(({ register, ...removal }) => removal);
    for (let first = 0; first < own.length; first += MOST) await tell(code, own.slice(first, first + MOST));
  }
}

// What cannot be read stays here, out of the way.
async function tell(register, removals) {
  const headers = { 'X-Cashier': encodeURIComponent(till.person.username) };
  const { status, body } = await post('/api/removals', { register, removals }, headers);
  if (status !== 200) return;
  await write(async ({ state }) => {
    for (const id of [...body.kept, ...body.refused]) state.delete(`taken:${id}`);
    for (const each of removals.filter(({ id }) => body.refused.includes(id))) state.put({ register, ...each }, `unreadable:${each.id}`);
  });
}

function write(work) {
  return transact(till.database, ['state'], work, { write: true, strict: true });
}

function waiting() {
  const range = IDBKeyRange.bound('taken:', 'taken:~');
  return transact(till.database, ['state'], ({ state }) => got(state.getAll(range)));
}
