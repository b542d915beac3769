// Tells a buyer's display in another window of this browser what it is to show. Nothing is told, or made, until one
// says that it is there.

import { askedByCode } from './asked.js';
import { totals } from './cart.js';
import { $, say } from './dom.js';
import { difference, givenBack } from './exchange.js';
import { quantityText } from './money.js';
import { till, watch } from './state.js';

const NAME = 'etalase-layar';
let channel = null;
let told = false;
let due = 0; // the timer of what is told once, however much has moved

export function listenForDisplay() {
  $('open-display').addEventListener('click', open);
  if (!globalThis.BroadcastChannel) return;
  channel = new BroadcastChannel(NAME);
  channel.addEventListener('message', ({ data }) => [till.register.code, ''].includes(data.display) && begin());
  channel.postMessage({ till: till.register.code }); // one that is open already says so
  addEventListener('pagehide', () => told && till.mine && channel.postMessage(idle()));
}

function open(event) {
  event.preventDefault();
  event.target.closest('details').open = false;
  window.open(`${event.currentTarget.href}#${till.register.code}`, `layar-${till.register.code}`, 'popup');
}

function begin() {
  if (!told) watch(soon);
  told = true;
  soon();
}

function soon() {
  clearTimeout(due);
  due = setTimeout(() => till.mine && channel.postMessage(seen()), 0);
}

function seen() {
  if (till.paid.isShown) return till.last.outcome?.kind === 'refused' ? idle() : thanks(till.last);
  return till.cart.lines.length ? basket(till.cart) : idle();
}

function idle() {
  return { mode: 'idle', register: till.register.code, gallery: till.register.gallery };
}

function thanks({ document: sale, cart }) {
  const change = sale.payments.reduce((sum, payment) => sum + payment.change, givenBack(cart));
  return { ...idle(), mode: 'paid', total: sale.total, change };
}

function basket(cart) {
  const { amounts } = totals({ ...cart, discount: 0 });
  const { asked } = till.dialog;
  const { due: net, back } = difference(cart);
  const bill = asked?.bill ?? net;
  const code = askedByCode();
  return {
    ...idle(),
    mode: code ? 'qris' : 'cart',
    lines: cart.lines.map((line, i) => ({
      name: line.name,
      quantity: `${quantityText(line.quantity)} ${line.unit}`,
      price: line.price,
      rate: line.rate ? say(line.rate) : '',
      amount: amounts[i],
    })),
    discount: totals(cart).discount,
    credit: cart.exchange?.amount ?? 0,
    total: bill,
    taken: asked?.taken ?? 0,
    left: asked?.due ?? bill,
    back,
    code,
  };
}
