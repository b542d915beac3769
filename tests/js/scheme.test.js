// The worked example of a scheme, held to the server's arithmetic by the same vectors.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { baseOf, readPercent, rest, shareOut } from '../../static/js/scheme.js';

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
