// The till's own memory: IndexedDB, which survives a power cut where cookies do not.

const NAME = 'etalase';
const STORES = {
  outbox: { keyPath: 'id' }, // sales as documents; `queue` is "waiting" or "refused", absent once the server has them
  series: { keyPath: 'register' }, // {register, next, sent}: the next receipt number, the highest the server has had
  catalog: { keyPath: 'id' },
  state: {}, // catalogue head, open cart, ...
};

export function openStore(name = NAME) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      for (const [name, options] of Object.entries(STORES)) request.result.createObjectStore(name, options);
      request.transaction.objectStore('outbox').createIndex('queue', 'queue');
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error('blocked'));
  });
}

// Runs `work(stores)` in one transaction and returns its result once that is complete; `strict` means on disk.
// Nothing but requests of this transaction may be awaited inside `work`.
export function transact(database, names, work, { write = false, strict = false, signal } = {}) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(names, write ? 'readwrite' : 'readonly', {
      durability: strict ? 'strict' : 'default',
    });
    const stores = Object.fromEntries(names.map((name) => [name, transaction.objectStore(name)]));
    let result;
    transaction.oncomplete = () => resolve(result);
    transaction.onabort = () => reject(transaction.error ?? new Error('aborted'));
    const giveUp = () => {
      try {
        transaction.abort();
      } catch {
        // it was complete already
      }
    };
    signal?.addEventListener('abort', giveUp);
    work(stores).then(
      (value) => {
        result = value;
      },
      (error) => {
        giveUp();
        reject(error);
      },
    );
  });
}

// The result of one request, for `await` inside a transaction.
export function got(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
