// What this device itself remembers of its sales: the outbox keeps those the server has for 35 days.

import { receiptNumber } from './receiptno.js';
import { got, transact } from './store.js';

// The sale with this receipt number or id, as the outbox keeps it, or null.
export async function saleHere(database, { receipt, id }) {
  let found = null;
  await walk(database, (record) => {
    const number = record.answer?.receipt ?? receiptNumber(record.register, record.number);
    if (record.queue !== 'refused' && (id ? record.id === id : number === receipt)) found = record;
    return found;
  });
  return found;
}

// The sale of this device with which a piece of that code went: {name, soldAt, receipt}, or null.
export async function pieceSoldHere(database, code) {
  let found = null;
  await walk(database, ({ queue, document, cart, answer, register, number }) => {
    if (queue === 'refused' || document.refund_of) return false;
    const line = cart?.lines.find((each) => each.only && each.code === code);
    if (line) found = { name: line.name, soldAt: document.sold_at, receipt: answer?.receipt ?? receiptNumber(register, number) };
    return found;
  });
  return found;
}

// The refund documents of a sale that are on this device; only those the server does not have with `waiting`.
export async function refundsHere(database, saleId, waiting) {
  const all = await transact(database, ['outbox'], ({ outbox }) =>
    got(waiting ? outbox.index('queue').getAll('waiting') : outbox.getAll()),
  );
  return all.filter((each) => each.document.refund_of === saleId && each.queue !== 'refused').map((each) => each.document);
}

// The newest records of a register, at most so many, in no particular order.
export async function recentHere(database, register, most) {
  const found = [];
  await walk(database, (record) => {
    if (record.register === register) found.push(record);
    return found.length >= most;
  });
  return found;
}

// Calls `visit(record)` from the newest id to the oldest until it returns something true.
function walk(database, visit) {
  return transact(
    database,
    ['outbox'],
    ({ outbox }) =>
      new Promise((resolve, reject) => {
        const request = outbox.openCursor(null, 'prev');
        request.onerror = () => reject(request.error);
        request.onsuccess = () => {
          const cursor = request.result;
          if (!cursor || visit(cursor.value)) resolve();
          else cursor.continue();
        };
      }),
  );
}
