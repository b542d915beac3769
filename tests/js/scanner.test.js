// A scanner is told from a hand by its rhythm.
import assert from 'node:assert/strict';
import { test } from 'node:test';

import { Rhythm } from '../../static/js/scanner.js';

// Types `text` with `gap` ms between the keys, then Enter after another `gap`.
function type(rhythm, text, gap, start = 0) {
  [...text].forEach((char, i) => rhythm.key(char, start + i * gap));
  return rhythm.end(start + text.length * gap);
}

test('a burst that ends with Enter is a scan', () => {
  assert.equal(type(new Rhythm(), '10000014', 5), '10000014');
  assert.equal(type(new Rhythm(), '8991002101418', 30), '8991002101418');
});

test('a hand is not a scan, however quick', () => {
  assert.equal(type(new Rhythm(), '100000', 70), null);
  assert.equal(type(new Rhythm(), '10000014', 140), null);
});

test('a few keys are not a scan', () => {
  assert.equal(type(new Rhythm(), '000', 10), null);
});

test('a scanner that stumbles once is still a scanner', () => {
  const rhythm = new Rhythm();
  [...'10000014'].forEach((char, i) => rhythm.key(char, i * 5 + (i > 3 ? 140 : 0)));
  assert.equal(rhythm.end(180), '10000014');
});

test('two scans in quick succession are two', () => {
  const rhythm = new Rhythm();
  assert.equal(type(rhythm, '10000014', 5, 0), '10000014');
  assert.equal(type(rhythm, '10000021', 5, 60), '10000021');
});

test('what was typed by hand before a scan is not part of it', () => {
  const rhythm = new Rhythm();
  assert.equal(rhythm.key('5', 0), true);
  assert.equal(rhythm.key('*', 200), true);
  assert.equal(type(rhythm, '10000014', 5, 400), '10000014');
});

test('an Enter long after a burst is a hand', () => {
  const rhythm = new Rhythm();
  [...'10000014'].forEach((char, i) => rhythm.key(char, i * 5));
  assert.equal(rhythm.end(900), null);
});

test('a key is quick by the time since the one before it', () => {
  const rhythm = new Rhythm();
  const quick = [0, 10, 20, 90, 100, 400].map((time) => rhythm.key('1', time) || rhythm.isQuick);
  assert.deepEqual(quick, [true, true, true, false, true, true]); // the first and the last begin a burst
  assert.equal(rhythm.isQuick, false);
});
