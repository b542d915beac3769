// Why the till does not know a code: a piece of which there was only one is sold, or goods are not sold any more.

import { ask } from './api.js';
import { pieceSoldHere } from './device.js';
import { fetchDialogs } from './dialogs.js';
import { $, say } from './dom.js';
import { till } from './state.js';
import { tell, when } from './status.js';

const QUICK = 2_500; // ms that somebody waits with the piece in the hand
const CODE = /^[^\s]{4,48}$/;

// Says so in the place of `told`, unless something else has been said meanwhile.
export async function explain(code, told) {
  if (!CODE.test(code)) return;
  const [text] = await Promise.all([fromServer(code).catch(() => fromHere(code)), fetchDialogs()]);
  if (text && $('say').textContent === told) tell(say(...text), 'bad');
}

async function fromServer(code) {
  const { status, body } = await ask(`/api/goods/${encodeURIComponent(code)}`, { signal: AbortSignal.timeout(QUICK) });
  if (status === 401) return fromHere(code);
  if (status !== 200) return null;
  if (body.active) return null;
  const { name, sold } = body;
  if (!sold) return ['no_longer', { name }];
  const at = when(Date.parse(sold.sold_at), till.register.zone);
  return sold.receipt ? ['sold_with', { name, at, receipt: sold.receipt }] : ['sold_there', { name, at, gallery: sold.gallery }];
}

// Without the server: what this device has sold itself.
async function fromHere(code) {
  const sold = await pieceSoldHere(till.database, code);
  return sold && ['sold_with', { name: sold.name, at: when(Date.parse(sold.soldAt), till.register.zone), receipt: sold.receipt }];
}
