// The till's arithmetic, held to the server's by the same vectors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import * as cart from '../../static/js/cart.js';
import { Catalog } from '../../static/js/catalog.js';
import * as money from '../../static/js/money.js';
import { uuid7 } from '../../static/js/uuid.js';

const vectors = JSON.parse(readFileSync(new URL('../vectors/cart.json', import.meta.url)));
const bag = { id: 1, name: 'Tas rajut', maker: 'Lapas Ambon', price: 80_000, unit_of_measure: 'buah', barcodes: ['10000014'] };
const crisps = { id: 2, name: 'Keripik', maker: 'Lapas Ambon', price: 50_000, unit_of_measure: 'kg', barcodes: ['10000021'] };

test('a discount as it is typed', () => {
  const read = [
    ['', 0], ['Rp 5.000', 5_000], ['5000', 5_000], ['10%', 8_001], [' 100 % ', 80_005], ['0%', 0], ['101%', null], ['1.000%', null], ['12,5%', null], ['%', null], ['lima', null],
  ];
  for (const [text, expected] of read) assert.equal(money.readDiscount(text, 80_005), expected, text);
  assert.equal(money.readDiscount('10', 80_005, true), 8_001);
});
for (const [quantity, price, expected] of vectors.gross) {
  test(`gross of ${quantity} at ${price}`, () => assert.equal(money.gross(quantity, price), expected));
}
for (const [total, weights, expected] of vectors.spread) {
  test(`spread of ${total} over ${weights}`, () => assert.deepEqual(money.spread(total, weights), expected));
}
for (const [whole, before, now, of, expected] of vectors.portion) {
  test(`portion ${now} of ${of} of ${whole}`, () => assert.equal(money.portion(whole, before, now, of), expected));
}
for (const [lines, discount, expected] of vectors.amounts) {
  test(`amounts of ${JSON.stringify(lines)} less ${discount}`, () => {
    assert.deepEqual(cart.amounts(lines, discount), expected);
  });
}
for (const [amount, perHundred, expected] of vectors.percent) {
  test(`${perHundred}% of ${amount}`, () => assert.equal(money.percent(amount, perHundred), expected));
}
for (const [lines, discount, goods, given] of vectors.given_away) {
  test(`given away of ${JSON.stringify(lines)} less ${discount}`, () => {
    const sold = { lines: lines.map(([quantity, price, off]) => ({ quantity, price, discount: off })), discount };
    assert.equal(cart.totals(sold).goods, goods);
    assert.deepEqual(cart.givenAway(sold, 10), { given, most: money.percent(goods, 10) });
  });
}
for (const [price, wholesale, wholesale_from, inside, quantity, buyer, expected] of vectors.lowest) {
  const prices = Object.fromEntries(Object.entries({ price, wholesale, wholesale_from, inside }).filter(([, value]) => value !== null));
  test(`${quantity} for ${buyer} of ${JSON.stringify(prices)}`, () => assert.deepEqual(cart.lowest(prices, quantity, buyer), expected));
}
for (const [amount, expected] of vectors.rupiah) {
  test(`${amount} in rupiah`, () => assert.equal(money.rupiah(amount), expected));
}
for (const [quantity, expected] of vectors.quantity_text) {
  test(`${quantity} thousandths as text`, () => assert.equal(money.quantityText(quantity), expected));
}
for (const [instant, zone, expected] of vectors.stamp) {
  test(`${instant} in ${zone}`, () => assert.equal(cart.stamp(Date.parse(instant), zone), expected));
}

test('what is typed as a quantity', () => {
  const cases = [
    ['5', false, 5000], ['1.000', false, 1_000_000], ['1,5', false, null], ['1.5', false, null], ['', false, null],
    ['1,5', true, 1500], ['1.5', true, 1500], ['0,125', true, 125], ['2,', true, 2000], ['0,1255', true, null],
    ['-1', true, null], ['0', true, 0], ['abc', true, null],
  ];
  for (const [text, divisible, expected] of cases) assert.equal(money.readQuantity(text, divisible), expected, text);
});

test('a quantity in a field reads back as itself', () => {
  for (const quantity of [1, 125, 1000, 1500, 1_200_000]) {
    assert.equal(money.readQuantity(money.plainQuantity(quantity), true), quantity);
  }
});

test('what is typed as money', () => {
  for (const [text, expected] of [['Rp 12.500', 12_500], ['100000', 100_000], ['', null], ['Rp', null]]) {
    assert.equal(money.readRupiah(text), expected);
  }
});

test('a multiplier before a code or a name', () => {
  assert.deepEqual(cart.multiplier('5*'), ['5', '']);
  assert.deepEqual(cart.multiplier(' 1,5 * keripik pisang'), ['1,5', 'keripik pisang']);
  assert.deepEqual(cart.multiplier('tas 5'), [null, 'tas 5']);
});

test('a product scanned again is one line with more of it', () => {
  const open = cart.openCart();
  cart.addProduct(open, bag, 1000);
  cart.addProduct(open, bag, 5000);
  assert.deepEqual(open.lines.map((line) => [line.code, line.quantity]), [['10000014', 6000]]);
});

test('whole goods are not sold in parts, and nothing is sold as nothing', () => {
  const open = cart.openCart();
  assert.equal(cart.addProduct(open, bag, 1500), null);
  assert.equal(open.lines.length, 0);
  assert.equal(cart.addProduct(open, crisps, 1500).quantity, 1500);
  assert.equal(cart.setQuantity(open.lines[0], 0), false);
  assert.equal(cart.setQuantity(open.lines[0], 2 * 10 ** 9), false);
});

test('a discount is spread and never exceeds what is bought', () => {
  const open = cart.openCart();
  cart.addProduct(open, bag, 2000);
  cart.addProduct(open, crisps, 1500);
  open.discount = 10_000;
  const sums = cart.totals(open);
  assert.equal(sums.total, 225_000);
  assert.equal(sums.amounts.reduce((a, b) => a + b), 225_000);
  open.discount = 999_999;
  assert.deepEqual([cart.totals(open).discount, cart.totals(open).total], [235_000, 0]);
});

test('a line of the cart has a discount of its own, never more than it is worth', () => {
  const open = cart.openCart();
  const line = cart.addProduct(open, bag, 2000);
  cart.addProduct(open, crisps, 1000);
  line.discount = 16_000;
  open.discount = 1_000;
  const sums = cart.totals(open);
  assert.deepEqual([sums.goods, sums.off, sums.subtotal, sums.total], [210_000, [16_000, 0], 194_000, 193_000]);
  const { lines, total } = cart.saleDocument(open, { payments: [] });
  assert.deepEqual(lines.map((each) => each.discount), [16_000, 0]);
  assert.equal(lines.reduce((all, each) => all + each.amount, 0), total);
  line.discount = 999_999;
  assert.deepEqual([cart.totals(open).off[0], cart.givenAway(open, 10).given], [160_000, 161_000]);
});

test('change comes out of cash alone, whatever the order of a mixed payment', () => {
  assert.deepEqual(cart.settle(57_500, [{ method: 'cash', tendered: 100_000 }]).change, 42_500);
  const mixed = cart.settle(57_500, [
    { method: 'cash', tendered: 50_000 },
    { method: 'qris', tendered: 20_000, reference: 'R1' },
  ]);
  assert.deepEqual(mixed, {
    payments: [
      { method: 'qris', tendered: 20_000, change: 0, reference: 'R1' },
      { method: 'cash', tendered: 50_000, change: 12_500, reference: '' },
    ],
    change: 12_500,
    due: 0,
  });
  assert.equal(cart.settle(57_500, [{ method: 'cash', tendered: 50_000 }]).due, 7_500);
  assert.deepEqual(cart.settle(0, [{ method: 'cash', tendered: 0 }]), { payments: [], change: 0, due: 0 });
});

test('the notes a buyer is likely to hand over', () => {
  assert.deepEqual(cart.likelyNotes(57_500), [58_000, 60_000, 100_000]);
  assert.deepEqual(cart.likelyNotes(235_000), [240_000, 250_000, 300_000]);
  assert.deepEqual(cart.likelyNotes(100_000), []);
});

test('a price that changed is told, and a product that is gone is marked', () => {
  const open = cart.openCart();
  cart.addProduct(open, bag, 1000);
  cart.addProduct(open, crisps, 1000);
  const changes = cart.reprice(open, (line) => (line.product === 1 ? { price: 85_000 } : undefined));
  assert.deepEqual(changes, [{ name: 'Tas rajut', before: 80_000, now: 85_000 }]);
  assert.deepEqual(open.lines.map((line) => line.gone), [false, true]);
});

test('a line follows its quantity and its buyer, and its discount stays', () => {
  const open = cart.openCart();
  const line = cart.addProduct(open, { ...bag, wholesale: 70_000, wholesale_from: 3000, inside: 75_000 }, 1000);
  const now = () => [line.price, line.rate];
  assert.deepEqual(now(), [80_000, '']);
  line.discount = 220_000;
  cart.addProduct(open, bag, 2000);
  assert.deepEqual(now(), [70_000, 'wholesale']);
  assert.deepEqual([cart.totals(open).off, cart.totals(open).total], [[210_000], 0]);
  line.discount = 1_000;
  cart.setQuantity(line, 2000);
  open.buyer = 'wbp';
  cart.askPrices(open);
  assert.deepEqual(now(), [75_000, 'inside']);
  assert.deepEqual(cart.reprice(open, () => ({ ...bag, inside: 74_000 })), [{ name: 'Tas rajut', before: 75_000, now: 74_000 }]);
  assert.deepEqual([cart.totals(open).off, cart.totals(open).total], [[1_000], 147_000]);
  open.buyer = 'masyarakat';
  assert.deepEqual(cart.reprice(open, () => bag), [{ name: 'Tas rajut', before: 74_000, now: 80_000 }]);
  const { lines } = cart.saleDocument(open, { payments: [] });
  assert.deepEqual([lines[0].unit_price, lines[0].amount], [80_000, 159_000]);
});

test('prices set for later take the place of all that held before', () => {
  const catalog = new Catalog(null, 'kasir');
  const from_at = (hour) => new Date(hour * 3_600_000).toISOString();
  const next_prices = [{ from_at: from_at(1), price: 90_000, wholesale: 80_000, wholesale_from: 5000 }, { from_at: from_at(2), price: 95_000 }];
  const goods = { ...bag, inside: 75_000, next_prices };
  catalog.products.set(1, goods);
  assert.deepEqual(cart.lowest(goods, 5000, 'wbp'), [75_000, 'inside']);
  assert.equal(catalog.ripen(0), false);
  assert.equal(catalog.ripen(3_600_000), true);
  assert.deepEqual([cart.lowest(goods, 5000, 'wbp'), cart.lowest(goods, 1000, 'wbp')], [[80_000, 'wholesale'], [90_000, '']]);
  catalog.ripen(2 * 3_600_000);
  assert.deepEqual(cart.lowest(goods, 5000, 'wbp'), [95_000, '']);
});

test('the document is the one the server reads', () => {
  const open = cart.openCart('bazar');
  cart.addProduct(open, bag, 2000);
  const { payments } = cart.settle(160_000, [{ method: 'cash', tendered: 200_000 }]);
  const sale = cart.saleDocument(open, { register: 'AMB-1', soldAt: cart.stamp(0, 'WIT'), version: 17, payments });
  assert.deepEqual(sale, {
    id: open.id,
    register: 'AMB-1',
    number: 0,
    sold_at: '1970-01-01T09:00:00.000+09:00',
    catalog_version: 17,
    buyer: 'masyarakat',
    channel: 'bazar',
    refund_of: null,
    note: '',
    lines: [{ product: '10000014', quantity: 2000, unit_price: 80_000, discount: 0, amount: 160_000 }],
    discount: 0,
    rounding: 0,
    total: 160_000,
    payments: [{ method: 'cash', tendered: 200_000, change: 40_000, reference: '' }],
  });
});

test('ids grow with time and are version 7', () => {
  const ids = [uuid7(1), uuid7(2), uuid7(2 ** 40)];
  assert.deepEqual(ids, [...ids].sort());
  for (const id of ids) assert.match(id, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
});

test('cash is rounded to the nearest step, halves up, never down to nothing', () => {
  const cases = [
    [78_230, 500, -230], [78_250, 500, 250], [78_500, 500, 0], [67_655, 100, 45], [67_649, 100, -49],
    [40, 100, 0], [50, 100, 50], [0, 500, 0], [12_345, 0, 0],
  ];
  for (const [due, step, expected] of cases) assert.equal(cart.cashRounding(due, step), expected, `${due} to ${step}`);
});

test('a down payment is the gallery’s share in whole thousands, and never all of it', () => {
  const cases = [[750_000, 50, 375_000], [151_000, 30, 46_000], [900, 50, 0], [1_000, 90, 0], [5_000, 0, 0]];
  for (const [due, share, expected] of cases) assert.equal(cart.downPayment(due, share), expected, `${share}% of ${due}`);
});

test('goods of an order make the cart one, and take it back when they leave', () => {
  const goods = (id, more = {}) => ({ id, name: id, maker: 'm', unit_of_measure: 'buah', barcodes: [id], price: 1_000, ...more });
  const open = cart.openCart('bazar');
  cart.addProduct(open, goods('a'), 1000);
  assert.equal(cart.chooseChannel(open, goods('a')), false);
  cart.addProduct(open, goods('lemari', { made_to_order: true }), 1000);
  assert.equal(cart.chooseChannel(open, { made_to_order: true }), true);
  assert.equal(open.channel, 'pesanan');
  cart.removeLine(open, 'a');
  cart.leaveChannel(open);
  assert.equal(open.channel, 'pesanan');
  cart.removeLine(open, 'lemari');
  cart.leaveChannel(open);
  assert.equal(open.channel, 'bazar');
});

test('what was bid is asked at an auction alone, and never less than the price', () => {
  const open = cart.openCart();
  const piece = { id: 'p', name: 'p', maker: 'm', unit_of_measure: 'buah', barcodes: ['p'], price: 1_000, auction: true };
  const line = cart.addProduct(open, piece, 1000);
  cart.chooseChannel(open, piece);
  const asked = (bid, channel) => {
    Object.assign(line, { bid });
    Object.assign(open, { channel });
    cart.askPrices(open);
    return [line.price, line.rate];
  };
  assert.deepEqual(asked(1_500, 'lelang'), [1_500, 'auction']);
  assert.deepEqual(asked(900, 'lelang'), [1_000, '']);
  assert.deepEqual(asked(1_500, 'galeri'), [1_000, '']);
});
