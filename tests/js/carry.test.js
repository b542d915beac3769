import assert from 'node:assert/strict';
import { test } from 'node:test';

import { crc32, saleFile } from '../../static/js/carry.js';

test('the checksum is the usual CRC-32, of UTF-8', () => {
  assert.equal(crc32('123456789'), 'cbf43926');
  assert.equal(crc32(''), '00000000');
  assert.equal(crc32('Tas rajut é “kopi”'), 'f5f4b440');
});

test('a file is a head, a line a sale, and a tail over all of them', () => {
  const sales = [
    { id: 'a', cashier: 'kasir', document: { id: 'a', total: 1 }, cart: {} },
    { id: 'b', document: { id: 'b', total: 2 }, cart: {} },
  ];
  const lines = saleFile(sales, { register: 'AMB-1', madeAt: '2026-04-26T01:00:00.000Z' }).split('\n');
  assert.equal(lines.length, 5);
  assert.deepEqual(JSON.parse(lines[1]), { cashier: 'kasir', document: { id: 'a', total: 1 } });
  assert.equal(JSON.parse(lines[2]).cashier, '');
  assert.deepEqual(JSON.parse(lines[3]), { count: 2, crc32: crc32(lines.slice(0, 3).join('\n')) });
});
