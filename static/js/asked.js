// What the open payment asks for by the gallery's QRIS code.

import { QRIS_LIMIT } from './cart.js';
import { lockAmount, merchant } from './qris.js';
import { till } from './state.js';

// {code, payee, amount, proved}, or null: another way to pay, no code here, or an amount that cannot be paid so.
export function askedByCode() {
  const { asked } = till.dialog;
  const own = till.catalog.register(till.register.code)?.qris;
  if (!own || asked?.method !== 'qris' || asked.tendered > Math.min(asked.due, QRIS_LIMIT)) return null;
  const code = lockAmount(own, asked.tendered);
  return code && { code, payee: merchant(own), amount: asked.tendered, proved: Boolean(asked.reference) };
}
