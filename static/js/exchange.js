// An exchange: goods come back, others are taken, and only the difference changes hands. It is two documents, a
// refund and a sale, kept in one transaction when it is paid; what comes back is written as paid out and in again in
// cash, so that each document adds up by itself and the drawer is right.
// In the cart: {refund, cart, receipt, amount}; `refund` is null once that document is kept.

import { totals } from './cart.js';

export function exchangeOf(refund, cart, receipt) {
  return { refund, cart, receipt, amount: 0 - refund.total };
}

// What the buyer still pays, and what is given to the buyer: one of them is 0.
export function difference(cart) {
  const net = totals(cart).total - (cart.exchange?.amount ?? 0);
  return { due: Math.max(0, net), back: Math.max(0, 0 - net) };
}

// What the buyer is given when a paid cart had more coming back than was taken.
export function givenBack(cart) {
  return cart.exchange ? difference(cart).back : 0;
}

// The sale's payments: what was handed over, and what came back as cash.
export function withCredit(cart, payments) {
  const used = Math.min(cart.exchange?.amount ?? 0, totals(cart).total);
  if (!used) return payments;
  const cash = payments.find((payment) => payment.method === 'cash');
  if (!cash) return [...payments, { method: 'cash', tendered: used, change: 0, reference: '' }];
  return payments.map((payment) => (payment === cash ? { ...cash, tendered: cash.tendered + used } : payment));
}

// The refund to be kept before the sale, with the same instant and shift (`facts`); null when there is none or it is
// kept already.
export function refundFirst(cart, facts) {
  const { refund, cart: shown } = cart.exchange ?? {};
  return refund ? { document: { ...refund, ...facts }, cart: shown } : null;
}

// The cart as it is kept with the sale: should that come back, the refund has happened.
export function afterRefund(cart) {
  return cart.exchange ? { ...cart, exchange: { ...cart.exchange, refund: null } } : cart;
}
