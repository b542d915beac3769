// What the server's answers mean for a sale that was sent.
import assert from 'node:assert/strict';
import { test } from 'node:test';

globalThis.document = { querySelector: () => null };
const { verdict } = await import('../../static/js/api.js');

const error = (status, code) => verdict({ status, body: { error: { code } } });

test('recorded, now or before', () => {
  for (const status of [200, 201]) assert.equal(verdict({ status, body: { receipt: 'AMB-1-000001' } }), 'sent');
});

test('a captive portal that answers 200 has not recorded anything', () => {
  assert.equal(verdict({ status: 200, body: { welcome: 'WiFi' } }), 'retry');
  assert.equal(verdict({ status: 404, body: {} }), 'retry');
});

test('signing in again, or the right person, helps: the sale waits', () => {
  assert.equal(error(401, 'not_signed_in'), 'sign_in');
  assert.equal(error(400, 'csrf'), 'sign_in');
  assert.equal(error(403, 'forbidden'), 'person');
  assert.equal(error(404, 'not_found'), 'person');
});

test('trouble of the server passes', () => {
  for (const [status, code] of [[500, 'server_error'], [503, 'service_unavailable'], [429, 'too_many_requests']]) {
    assert.equal(error(status, code), 'retry');
  }
});

test('a price, a shift, a number, a closed register each have their own way', () => {
  assert.equal(error(409, 'price_changed'), 'price');
  assert.equal(error(409, 'shift_closed'), 'price');
  assert.equal(error(409, 'number_taken'), 'number');
  assert.equal(error(409, 'register_closed'), 'later');
});

test('what can never be recorded is set aside', () => {
  assert.equal(error(409, 'id_conflict'), 'refused');
  assert.equal(error(422, 'invalid_sale'), 'refused');
  assert.equal(error(413, 'request_entity_too_large'), 'refused');
});
