// The message of a receipt, the same as the server's.
import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

import { message, whatsapp } from '../../static/js/share.js';

for (const { of, text } of JSON.parse(readFileSync(new URL('../vectors/share.json', import.meta.url)))) {
  test(`the message of ${of.receipt}`, () => {
    assert.equal(message(of), text);
    assert.equal(new URL(whatsapp(text)).searchParams.get('text'), text);
  });
}
