// What may come back of a sale, what it is worth, and the refund document it becomes. No DOM, no network.
// A sale is plain data as `/api/sales/RECEIPT` gives it; pos/register/refund.py is the same arithmetic, and
// tests/vectors/refund.json is run by both.

import { portion, roundingBack } from './money.js';
import { receiptNumber } from './receiptno.js';

// The document's lines when `quantities[i]` thousandths of line i come back. Like the server this gives each to
// the first line of the same product and price that has room for it and makes the same amount.
export function linesBack(lines, quantities) {
  const returned = lines.map((line) => line.returned);
  return quantities.flatMap((now, i) => {
    if (!now) return [];
    const at = place(lines, returned, lines[i], now, part(lines[i], returned[i], now));
    const amount = part(lines[at], returned[at], now);
    returned[at] += now;
    return [{ product: lines[i].product, quantity: 0 - now, unit_price: lines[i].unit_price, discount: 0, amount: 0 - amount }];
  });
}

// The sale as it stands once these refund documents, which its figures do not hold yet, are counted too.
export function lessRefunds(sale, documents) {
  const returned = sale.lines.map((line) => line.returned);
  for (const line of documents.flatMap((document) => document.lines)) {
    const like = sale.lines.find((each) => each.product === line.product && each.unit_price === line.unit_price);
    const at = like ? place(sale.lines, returned, like, -line.quantity, -line.amount) : -1;
    if (at >= 0) returned[at] -= line.quantity;
  }
  const paid = sale.paid.map((each) => ({ ...each }));
  for (const { method, tendered, change } of documents.flatMap((document) => document.payments)) {
    let back = change - tendered;
    for (const each of paid.filter((way) => way.method === method)) {
      const part = Math.min(back, each.amount - each.returned);
      each.returned += part;
      back -= part;
    }
  }
  const lines = sale.lines.map((line, i) => ({ ...line, returned: returned[i], left: line.quantity - returned[i] }));
  const undone = documents.reduce((sum, { rounding = 0 }) => sum - rounding, sale.rounding_returned ?? 0);
  return { ...sale, lines, paid, rounding_returned: undone };
}

// Where `now` thousandths of a line like this came from: two lines of a product may have had different discounts.
function place(lines, returned, like, now, amount) {
  const fits = (line, i) =>
    line.product_id === like.product_id && line.unit_price === like.unit_price && line.quantity - returned[i] >= now;
  const exact = lines.findIndex((line, i) => fits(line, i) && part(line, returned[i], now) === amount);
  return exact < 0 ? lines.findIndex(fits) : exact;
}

function part(line, returned, now) {
  return portion(line.amount, returned, now, line.quantity);
}

// How `amount` goes back: what is owed is taken off first; then in cash, or the ways it was paid as far as those reach
// and the rest in cash.
export function payBack(paid, amount, asPaid) {
  const payments = [];
  let rest = amount;
  const owed = paid.filter(({ method }) => method === 'owed');
  const others = asPaid ? paid.filter(({ method }) => method !== 'owed') : [];
  for (const { method, amount: whole, returned, reference } of [...owed, ...others]) {
    const part = Math.min(rest, whole - returned);
    if (method === 'cash' || part <= 0) continue;
    payments.push({ method, tendered: 0 - part, change: 0, reference });
    rest -= part;
  }
  return rest > 0 ? [...payments, { method: 'cash', tendered: 0, change: rest, reference: '' }] : payments;
}

// Rupiah that the buyer has not paid yet.
export function owedOf({ paid }) {
  return paid.reduce((sum, { method, amount, returned }) => sum + (method === 'owed' ? amount - returned : 0), 0);
}

export function worth(lines) {
  return 0 - lines.reduce((sum, line) => sum + line.amount, 0);
}

// What is given back for these lines: their worth, in coins there are where cash is rounded to `step`, and with the last
// of them what makes up the sum that was paid.
export function givenFor(sale, lines, step = 0) {
  return worth(lines) + roundedBack(sale, lines, step);
}

function roundedBack(sale, lines, step) {
  const sum = (amount) => sale.lines.reduce((all, line) => all + amount(line), 0);
  return roundingBack({
    goods: sum((line) => line.amount),
    rounding: sale.rounding ?? 0,
    before: sum((line) => part(line, 0, line.returned)),
    undone: sale.rounding_returned ?? 0,
    now: worth(lines),
    step,
    last: lessRefunds(sale, [{ lines, payments: [] }]).lines.every((line) => line.left <= 0),
  });
}

export function refundDocument(sale, lines, { id, register, soldAt, version, payments, reason, approval, step = 0 }) {
  return {
    id,
    register,
    number: 0, // the outbox gives it
    sold_at: soldAt,
    catalog_version: version,
    buyer: sale.buyer,
    channel: sale.channel,
    refund_of: sale.id,
    note: reason,
    lines,
    discount: 0,
    rounding: 0 - roundedBack(sale, lines, step),
    total: 0 - givenFor(sale, lines, step),
    payments,
    ...(approval ? { approval } : {}),
  };
}

// A sale of this device's outbox in the shape of the server's.
export function saleOf({ document, cart, answer }, { unit, zone, gallery }) {
  return {
    id: document.id,
    receipt: answer?.receipt ?? receiptNumber(document.register, document.number),
    unit,
    zone,
    gallery,
    sold_at: document.sold_at,
    buyer: document.buyer,
    channel: document.channel,
    total: document.total,
    rounding: document.rounding,
    rounding_returned: 0,
    refund_of: document.refund_of,
    lines: document.lines.map((line, i) => ({
      product_id: cart.lines[i].product,
      product: line.product,
      name: cart.lines[i].name,
      unit_of_measure: cart.lines[i].unit,
      unit_price: line.unit_price,
      quantity: line.quantity,
      amount: line.amount,
      returned: 0,
      left: document.refund_of ? 0 : line.quantity,
    })),
    paid: document.payments.map(({ method, tendered, change, reference }) => ({
      method,
      reference,
      amount: tendered - change,
      returned: 0,
    })),
  };
}
