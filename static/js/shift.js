// The shift of this register, as the server last told it: offline the sales go on carrying it.

import { stamp } from './cart.js';
import { fetchDialogs } from './dialogs.js';
import { $, say } from './dom.js';
import { till } from './state.js';
import { tell } from './status.js';

const WITHOUT = 'tanpa-giliran'; // what this device remembers: where, and on which day, nobody wanted a shift

// {id, number, cashier, cashier_name, opened_at}, or null while none is open.
export function shift() {
  return till.catalog.register(till.register.code)?.shift ?? null;
}

// What a sale document says of it.
export function marks() {
  const open = shift();
  return open ? { shift: open.id, cashier: open.cashier } : {};
}

export async function remember(open) {
  await till.catalog.note(till.register.code, { shift: open });
  drawShift();
}

export function goWithout() {
  localStorage.setItem(WITHOUT, today());
  drawShift();
  till.shelf.rest();
}

export function listenToShift() {
  for (const id of ['shift', 'no-shift-open']) $(id).addEventListener('click', openDrawer);
  $('no-shift-skip').addEventListener('click', goWithout);
}

// Shows the dialog, which is fetched when it is first asked for: a till that opens needs it less than a picture.
export async function openDrawer() {
  if (till.training) return till.training.openDrawer();
  try {
    const [{ Drawer }] = await Promise.all([import('./drawer.js'), fetchDialogs()]);
    till.drawer ??= new Drawer();
    till.drawer.show();
  } catch (error) {
    console.error(error);
    tell(say('drawer_offline'), 'bad');
  }
}

export function drawShift() {
  const open = shift();
  $('shift-text').textContent = open ? say('shift', { number: open.number }) : say('no_shift');
  $('shift-who').textContent = open?.cashier_name ?? '';
  $('shift').classList.toggle('none', !open);
  $('who').hidden = Boolean(open);
  $('no-shift').hidden = Boolean(open) || localStorage.getItem(WITHOUT) === today();
}

function today() {
  return `${till.register.code} ${stamp(Date.now(), till.register.zone).slice(0, 10)}`;
}
