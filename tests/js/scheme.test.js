// The worked example of a scheme, held to the server's arithmetic by the same vectors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { baseOf, readAmount, readPercent, rest, shareOut, wrongWith } from '../../static/js/scheme.js';

const vectors = JSON.parse(readFileSync(new URL('../vectors/scheme.json', import.meta.url)));

test('a base is shared out to the rupiah as the server does', () => {
  for (const [base, points, taker, parts] of vectors) {
    assert.deepEqual(shareOut(base, points, taker), parts);
    assert.ok(rest(base, points, taker) >= 0 && rest(base, points, taker) < points.length);
    assert.equal(parts.reduce((sum, part) => sum + part, 0), base);
  }
});

test('a loss shares nothing, and sales are shared without their cost', () => {
  assert.deepEqual([baseOf('laba', 800, 500), baseOf('laba', 500, 800), baseOf('penjualan', 800, 500)], [300, 0, 800]);
});

test('percentages are read as people write them', () => {
  assert.deepEqual(['12,5', '12.50 %', '100', '7'].map(readPercent), [1250, 1250, 10000, 700]);
  assert.deepEqual(['', '12,555', '-1', 'x', '1000'].map(readPercent), [null, null, null, null, null]);
});

test('what is wrong with a scheme is said before anything is shared', () => {
  const usual = [['Premi', '50'], ['Modal', '35'], ['PNBP', '15'], ['', '']].map(([name, percent]) => ({ name, percent }));
  const but = (at, row) => wrongWith(usual.with(at, { ...usual[at], ...row }), 1);
  assert.equal(wrongWith(usual, 1), null);
  assert.deepEqual(but(2, { percent: 'abc' }), { why: 'row', n: 3 });
  assert.deepEqual(but(2, { percent: '15,555' }), { why: 'row', n: 3 });
  assert.deepEqual(but(0, { name: '' }), { why: 'row', n: 1 });
  assert.deepEqual(but(3, { name: 'Kas' }), { why: 'row', n: 4 });
  assert.deepEqual(but(2, { percent: '14,5' }), { why: 'whole', percent: 99.5 });
  for (const nobody of [3, -1]) assert.deepEqual(wrongWith(usual, nobody), { why: 'taker' });
});

test('an amount that is none is not taken for one', () => {
  assert.deepEqual(['800.000', 'Rp 1.500', '7', ''].map(readAmount), [800000, 1500, 7, 0]);
  assert.deepEqual(['-5', '12,50', 'x', '1.5', '9'.repeat(23)].map(readAmount), [null, null, null, null, null]);
});
