// From the cart to a sale that is kept, sent and shown as paid; and back, when the server would not have it.

import { draw, keep, newCart, renewPrices, scanned, set } from './basket.js';
import { givenAway, sameGoods, saleDocument, stamp } from './cart.js';
import { USUAL } from './catalog.js';
import { $, say } from './dom.js';
import { afterRefund, difference, refundFirst, withCredit } from './exchange.js';
import { rupiah } from './money.js';
import { NotStored } from './outbox.js';
import { marks } from './shift.js';
import { buzz } from './sound.js';
import { till } from './state.js';
import { drawLast, tell } from './status.js';
import { uuid7 } from './uuid.js';

const PATIENCE = 2_500; // ms that a buyer waits for the server before the till goes on without it
const IMPATIENCE = 300; // the same when the server was out of reach a moment ago

export function openPay(method) {
  if (till.dialog.isOpen) return till.dialog.open(method, difference(till.cart).due);
  if (!till.lines.settle() || !till.discount.isRight) return null;
  document.activeElement?.blur();
  if (!renewPrices() && till.cart.lines.length && !till.cart.lines.some((line) => line.gone)) {
    tell('');
    const [above, open] = [aboveLimit(), () => till.dialog.open(method, difference(till.cart).due)];
    if (!above) open();
    else import('./agree.js').then(({ agreed }) => agreed(above, open)).catch(open); // unagreed: the server sees it
  }
  return null;
}

// {given, most} when more is given away than the cashier may alone; else null.
function aboveLimit() {
  const sums = givenAway(till.cart, till.register.discount_limit ?? 100);
  return till.person.role === 'staff' || sums.given <= sums.most ? null : sums;
}

// Keeps the sale, sends it, shows it; returns a sentence when it could not be kept.
export async function pay(payments, rounding) {
  if (till.saving) return '';
  const { due } = difference(till.cart);
  if (payments.reduce((sum, each) => sum + each.tendered - each.change, 0) !== due + rounding) {
    till.dialog.update(due);
    return say('check_again');
  }
  till.saving = true;
  const soldAt = stamp(Date.now(), till.register.zone);
  const goods = {
    register: till.register.code,
    soldAt,
    version: till.catalog.version,
    payments: withCredit(till.cart, payments),
    rounding,
  };
  const sale = { ...saleDocument(till.cart, goods), ...marks() };
  if (till.cart.approval?.id && aboveLimit()) sale.approval = till.cart.approval.id;
  try {
    const kept = await till.outbox.add(sale, afterRefund(till.cart), refundFirst(till.cart, { sold_at: soldAt, ...marks() }));
    if (!sameGoods(kept.document, sale)) {
      set({ id: uuid7() });
      return say('already_paid');
    }
    const outcome = await till.outbox.outcome(sale.id, till.outbox.link === 'offline' ? IMPATIENCE : PATIENCE);
    if (outcome?.kind === 'returned') await cameBack(outcome);
    else finished(kept.document, outcome);
    return '';
  } catch (error) {
    if (error instanceof NotStored) return say('not_stored');
    throw error;
  } finally {
    till.saving = false;
    for (const code of till.held.splice(0)) scanned(code);
  }
}

function finished(sale, outcome) {
  till.last = { document: sale, cart: till.cart, outcome };
  if (outcome?.kind !== 'refused' && till.cart.lines.some((line) => line.only)) {
    till.catalog.sold(till.cart.lines.map((line) => line.product));
    till.shelf.draw();
  }
  till.cart = newCart();
  till.lines.clear();
  $('panel').classList.remove('open');
  $('grid').scrollTop = 0;
  tell('');
  draw();
  drawLast();
  if (till.mine) till.paid.show(till.last, till.register, outcome);
  if (outcome?.kind === 'refused') buzz();
}

// Nothing was paid: the price had changed at the server.
async function cameBack({ cart: returned, error }) {
  till.cart = returned;
  let stale = {};
  await till.catalog.refresh().catch((error) => {
    console.error(error);
    stale = USUAL; // which is never refused
  });
  for (const [code, price] of Object.entries(error.prices ?? {})) {
    const product = till.catalog.byCode.get(code);
    if (product) Object.assign(product, { price }, stale);
  }
  till.shelf.draw();
  if (!renewPrices()) tell(`${error.message} ${say('check_again')}`, 'bad');
  buzz();
}

export async function takeBack(id) {
  const record = await till.outbox.find(id);
  if (record?.document.refund_of) return till.back.again(record);
  if (till.cart.lines.length) return false;
  const returned = await till.outbox.takeBack(id);
  if (!returned) return false;
  till.paid.leave(true);
  till.cart = { ...returned, id: uuid7(), taken: [] }; // the server has judged the old document for good
  if (till.last?.document.id === id) till.last = null;
  drawLast();
  till.lines.clear();
  if (!renewPrices()) keep();
  return true;
}

// What comes back is set against what is bought next; a sentence when that cannot be.
export function swap(exchange) {
  if (till.cart.exchange) return say('exchange_one');
  till.paid.leave(true);
  set({ exchange });
  tell(say('exchange_next'));
  return '';
}

// A refund that is kept already stays: the buyer is given the money.
export function stopSwap() {
  const { refund, amount } = till.cart.exchange;
  set({ exchange: null });
  if (!refund) tell(say('exchange_owed', { amount: rupiah(amount) }), 'bad');
  till.shelf.rest();
}
