// A static QRIS code asks for an amount: the same vectors as pos/units/qris.py is held to.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { crc, fields, lockAmount, merchant } from '../../static/js/qris.js';

const vectors = JSON.parse(readFileSync(new URL('../vectors/qris.json', import.meta.url)));

test('the check figure is the standard one', () => {
  for (const [text, expected] of vectors.crc) assert.equal(crc(text), expected);
});

for (const { why, static: code, amount, locked } of vectors.locked) {
  test(`the amount is locked in: ${why}`, () => assert.equal(lockAmount(code, amount), locked));
}

test('what is locked once can be locked again', () => {
  const [{ static: code, amount, locked }] = vectors.locked;
  assert.equal(lockAmount(lockAmount(code, 1), amount), locked);
});

test('the payee is named', () => {
  assert.deepEqual(vectors.locked.map((each) => merchant(each.static)), [
    'GALERI CONTOH UPT', '5802ID 5303360 UPT', 'GALERI', 'KAFÉ LAPAS',
  ]);
});

test('what is no code, or no amount, asks for nothing', () => {
  const [{ static: code }] = vectors.locked;
  for (const text of ['', 'ID', '0002', '00020', '0099', 'xx0201', code.slice(0, -3)]) assert.equal(lockAmount(text, 1_000), null);
  for (const amount of [0, -1, 1.5, NaN, undefined]) assert.equal(lockAmount(code, amount), null);
  assert.equal(fields('0003ab'), null);
});
