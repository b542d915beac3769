// What a camera sees is scanned once.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Glimpses } from '../../static/js/glimpse.js';

test('a code that is held up is one scan, however long', () => {
  const glimpses = new Glimpses();
  assert.equal(glimpses.isNew('A', 0), true);
  for (let now = 200; now < 6_000; now += 200) assert.equal(glimpses.isNew('A', now), false);
});

test('taken away and held up again it is another', () => {
  const glimpses = new Glimpses();
  glimpses.isNew('A', 0);
  assert.equal(glimpses.isNew('A', 1_500), false);
  assert.equal(glimpses.isNew('A', 3_001), true);
});

test('two codes do not wait for each other', () => {
  const glimpses = new Glimpses();
  assert.deepEqual([glimpses.isNew('A', 0), glimpses.isNew('B', 10), glimpses.isNew('A', 20)], [true, true, false]);
});
