// What a scale prints is what is paid.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { addProduct, openCart, reprice, saleDocument, setQuantity, totals } from '../../static/js/cart.js';
import { addLabel, labelIn } from '../../static/js/labelled.js';
import { gross } from '../../static/js/money.js';

const PREFIXES = { 21: 'weight', 22: 'price' };
const chips = { id: 1, name: 'Keripik', maker: 'Ambon', unit_of_measure: 'kg', price: 50_000, barcodes: ['00042'] };

const paid = (cart) => totals(cart).total;

test('a label is read by its prefix', () => {
  assert.deepEqual(labelIn('2100042012349', PREFIXES), { item: '00042', weight: 1_234 });
  assert.deepEqual(labelIn('2200042123455', PREFIXES), { item: '00042', price: 12_345 });
});

test('what is no label in use is none', () => {
  for (const code of ['2100042012340', '2300042012343', '210004201234', '8991002101418', '2100042000001', '']) {
    assert.equal(labelIn(code, PREFIXES), null, code);
  }
  assert.equal(labelIn('2100042012349', {}), null);
  assert.equal(labelIn('2100042012349', undefined), null);
});

test('a weight is thousandths of a kilogram, or whole grams', () => {
  assert.equal(addLabel(openCart(), chips, { item: '00042', weight: 1_234 }).quantity, 1_234);
  assert.equal(addLabel(openCart(), { ...chips, unit_of_measure: 'gram' }, { item: '00042', weight: 250 }).quantity, 250_000);
});

test('what is sold whole, or has no price, takes no label', () => {
  const cart = openCart();
  assert.equal(addLabel(cart, { ...chips, unit_of_measure: 'buah' }, { item: '00042', weight: 1_000 }), null);
  assert.equal(addLabel(cart, { ...chips, price: 0 }, { item: '00042', price: 500 }), null);
  assert.equal(cart.lines.length, 0);
});

test('the printed price is paid to the rupiah, whatever the price of a kilogram', () => {
  for (const price of [1, 900, 999, 1_000, 1_001, 49_999, 50_000, 123_457, 25_000_000]) {
    for (const printed of [1, 7, 500, 12_345, 61_700, 99_999]) {
      const cart = openCart();
      const line = addLabel(cart, { ...chips, price }, { item: '00042', price: printed });
      assert.equal(paid(cart), printed, `${printed} at ${price}`);
      const off = gross(line.quantity, price) - printed;
      assert.ok(off >= 0 && off <= Math.ceil(price / 1_000), `${off} off at ${price}`);
      assert.ok(off === 0 || gross(line.quantity - 1, price) < printed);
    }
  }
});

test('a scale that rounds as we do leaves nothing to discount', () => {
  for (const weight of [1, 247, 999, 1_234]) {
    const cart = openCart();
    const line = addLabel(cart, { ...chips, price: 45_300 }, { item: '00042', price: gross(weight, 45_300) });
    const [sold] = saleDocument(cart, { register: 'A', soldAt: '', version: 1, payments: [] }).lines;
    assert.deepEqual([line.quantity, sold.discount], [weight, 0]);
  }
});

test('two labels of one product are one line that costs what both say', () => {
  const cart = openCart();
  addLabel(cart, chips, { item: '00042', price: 12_345 });
  addLabel(cart, chips, { item: '00042', price: 6_789 });
  assert.deepEqual([cart.lines.length, paid(cart)], [1, 19_134]);
  addLabel(cart, chips, { item: '00042', weight: 1_000 });
  assert.equal(paid(cart), 69_134);
  const [sold] = saleDocument(cart, { register: 'A', soldAt: '', version: 1, payments: [] }).lines;
  assert.equal(gross(sold.quantity, sold.unit_price) - sold.discount, sold.amount);
});

test('the document says what was discounted, and another quantity or price ends it', () => {
  const cart = openCart();
  const line = addLabel(cart, chips, { item: '00042', price: 12_345 });
  const [sold] = saleDocument(cart, { register: 'A', soldAt: '', version: 1, payments: [] }).lines;
  assert.deepEqual([sold.product, sold.quantity, sold.discount, sold.amount], ['00042', 247, 5, 12_345]);
  setQuantity(line, 1_000);
  assert.equal(paid(cart), 50_000);
  addLabel(cart, chips, { item: '00042', price: 12_345 });
  reprice(cart, () => ({ ...chips, price: 60_000 }));
  assert.equal(paid(cart), gross(cart.lines[0].quantity, 60_000));
});

test('a printed price is of the usual price, also beside what was sold wholesale', () => {
  const [cart, goods] = [openCart(), { ...chips, wholesale: 40_000, wholesale_from: 1_000 }];
  const line = addProduct(cart, goods, 2_000);
  assert.equal(paid(cart), 80_000);
  addLabel(cart, goods, { item: '00042', price: 12_345 });
  assert.deepEqual([line.price, line.rate, paid(cart)], [50_000, '', 112_345]);
  assert.deepEqual(reprice(cart, () => goods), []);
  assert.equal(paid(cart), 112_345);
  setQuantity(line, 2_000);
  reprice(cart, () => goods);
  assert.deepEqual([line.rate, paid(cart)], ['wholesale', 80_000]);
});

test('goods without a label are as they were', () => {
  const cart = openCart();
  addProduct(cart, chips, 1_500);
  addProduct(cart, chips, 500);
  assert.deepEqual([cart.lines[0].printed, paid(cart)], [undefined, 100_000]);
});
