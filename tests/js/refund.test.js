// The till's refunds, held to the server's by the same vectors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { afterRefund, difference, givenBack, refundFirst, withCredit } from '../../static/js/exchange.js';
import { receiptIn } from '../../static/js/receiptno.js';
import { givenFor, lessRefunds, linesBack, payBack, refundDocument, saleOf, worth } from '../../static/js/refund.js';

const vectors = JSON.parse(readFileSync(new URL('../vectors/refund.json', import.meta.url)));

const line = ([product_id, unit_price, quantity, amount]) => ({
  product_id, product: `code-${product_id}`, unit_price, quantity, amount, returned: 0, left: quantity,
});
const sale = (lines, paid = []) => ({ id: 'sale', buyer: 'petugas', channel: 'bazar', lines: lines.map(line), paid });
const cash = (amount) => ({ method: 'cash', tendered: 0, change: amount, reference: '' });

for (const [sold, refunds, expected, rounding, rounded, step] of vectors) {
  test(`refunds ${JSON.stringify(refunds)} of ${JSON.stringify(sold)} rounded by ${rounding} to ${step}`, () => {
    let now = { ...sale(sold), rounding };
    let given = 0;
    for (const [i, quantities] of refunds.entries()) {
      const lines = linesBack(now.lines, quantities);
      assert.deepEqual(lines.map((each) => each.amount), expected[i]);
      const back = refundDocument(now, lines, { payments: [], step });
      assert.equal(back.rounding, 0 - rounded[i]);
      assert.equal(0 - back.total, givenFor(now, lines, step));
      given -= back.total;
      now = lessRefunds(now, [back]);
    }
    if (now.lines.every((each) => !each.left)) {
      assert.equal(given, rounding + sold.reduce((sum, each) => sum + each[3], 0));
      assert.equal(0 - expected.flat().reduce((a, b) => a + b, 0), sold.reduce((sum, each) => sum + each[3], 0));
    }
  });
}

test('a receipt number in what is scanned or typed', () => {
  const found = [
    ['HTTPS://ETALASE.TEST/NOTA/AMB-1-000124-AXZ23456789ABCDE', 'AMB-1-000124'],
    ['http://127.0.0.1:8000/nota/AMB-1-000124-AXZ23456789ABCDE ', 'AMB-1-000124'],
    ['amb-1-000124', 'AMB-1-000124'], ['AMB-1-1000000', 'AMB-1-1000000'],
    ['41270938', null], ['8991002101418', null], ['Tas rajut', null], ['', null], [null, null],
  ];
  for (const [text, receipt] of found) assert.equal(receiptIn(text), receipt);
  assert.equal(receiptIn('124', 'AMB-1'), 'AMB-1-000124');
  assert.equal(receiptIn('tas', 'AMB-1'), null);
});

test('money goes back in cash, or as it was paid and the rest in cash', () => {
  const paid = [
    { method: 'qris', reference: 'Q1', amount: 60_000, returned: 10_000 },
    { method: 'cash', reference: '', amount: 40_000, returned: 0 },
  ];
  const qris = (amount) => ({ method: 'qris', tendered: -amount, change: 0, reference: 'Q1' });
  assert.deepEqual(payBack(paid, 70_000, false), [cash(70_000)]);
  assert.deepEqual(payBack(paid, 70_000, true), [qris(50_000), cash(20_000)]);
  assert.deepEqual(payBack(paid, 30_000, true), [qris(30_000)]);
  assert.deepEqual(payBack(paid, 0, false), []);
});

test('what went back already the same way is known', () => {
  const [paid] = lessRefunds(sale([], [{ method: 'qris', reference: 'Q1', amount: 60_000, returned: 0 }]), [
    { lines: [], payments: [{ method: 'qris', tendered: -20_000, change: 0, reference: 'Q1' }] },
  ]).paid;
  assert.equal(paid.returned, 20_000);
});

test('the document adds up, keeps buyer and channel, and names its approval only when there is one', () => {
  const sold = sale([[1, 80_000, 2000, 150_001]]);
  const lines = linesBack(sold.lines, [1000]);
  const facts = { id: 'r', register: 'AMB-1', soldAt: 'now', version: 3, payments: [cash(worth(lines))], reason: 'cacat' };
  const document = refundDocument(sold, lines, facts);
  assert.equal(document.total, -75_001);
  assert.deepEqual([document.refund_of, document.buyer, document.channel, document.note], ['sale', 'petugas', 'bazar', 'cacat']);
  assert.ok(!('approval' in document));
  assert.equal(refundDocument(sold, lines, { ...facts, approval: 'yes' }).approval, 'yes');
});

test('a sale that only this device has yet can come back too', () => {
  const document = {
    id: 'x', register: 'AMB-1', number: 7, refund_of: null, total: 80_000, lines: [{ product: '41270938', quantity: 1000, unit_price: 80_000, amount: 80_000 }],
    payments: [{ method: 'cash', tendered: 100_000, change: 20_000, reference: '' }],
  };
  const known = saleOf({ document, cart: { lines: [{ product: 5, name: 'Tas', unit: 'buah' }] } }, { unit: 'Lapas' });
  assert.equal(known.receipt, 'AMB-1-000007');
  assert.deepEqual(known.paid, [{ method: 'cash', reference: '', amount: 80_000, returned: 0 }]);
  assert.equal(worth(linesBack(known.lines, [1000])), 80_000);
});

// -- an exchange ---------------------------------------------------------------------------------------

const bag = (quantity) => ({ product: 1, code: '41270938', name: 'Tas', unit: 'buah', price: 80_000, quantity });
const cartOf = (pieces, amount) => ({ lines: [bag(pieces * 1000)], discount: 0, ...(amount ? { exchange: { refund: { id: 'r' }, amount } } : {}) });
const given = (method, tendered, change = 0) => ({ method, tendered, change, reference: '' });
const net = (payments) => payments.reduce((sum, each) => sum + each.tendered - each.change, 0);

test('only the difference of an exchange changes hands', () => {
  assert.deepEqual(difference(cartOf(2, 80_000)), { due: 80_000, back: 0 });
  assert.deepEqual(difference(cartOf(1, 100_000)), { due: 0, back: 20_000 });
  assert.deepEqual(difference(cartOf(1)), { due: 80_000, back: 0 });
  assert.equal(givenBack(cartOf(1)), 0);
});

test('the sale of an exchange is paid in full: with what came back as cash', () => {
  const cases = [
    [cartOf(2, 80_000), [given('cash', 100_000, 20_000)], [given('cash', 180_000, 20_000)], 160_000],
    [cartOf(2, 80_000), [given('qris', 80_000)], [given('qris', 80_000), given('cash', 80_000)], 160_000],
    [cartOf(1, 100_000), [], [given('cash', 80_000)], 80_000],
    [cartOf(1), [given('cash', 80_000)], [given('cash', 80_000)], 80_000],
  ];
  for (const [cart, handed, payments, total] of cases) {
    assert.deepEqual(withCredit(cart, handed), payments);
    assert.equal(net(payments), total);
  }
});

test('a refund that is kept is not made again', () => {
  const cart = cartOf(2, 80_000);
  assert.equal(refundFirst(cart, { sold_at: 'now' }).document.sold_at, 'now');
  assert.equal(refundFirst(afterRefund(cart), {}), null);
  assert.equal(difference(afterRefund(cart)).due, 80_000);
  assert.equal(refundFirst(cartOf(1), {}), null);
});
