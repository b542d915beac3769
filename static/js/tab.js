// Web Locks: one sender at a time, one selling tab per register. Where the browser has none (http on a LAN
// address) the database's own constraints still hold, and the work simply runs.

export function underLock(name, work) {
  return navigator.locks ? navigator.locks.request(name, work) : work();
}

// Holds `name` for as long as the tab lives: true, or false when another tab has it. `steal` takes it over;
// `lost()` is called when that is done to us.
export function hold(name, { steal = false, lost }) {
  if (!navigator.locks) return Promise.resolve(true);
  return new Promise((resolve) => {
    navigator.locks
      .request(name, steal ? { steal: true } : { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise(() => {});
      })
      .catch(lost);
  });
}
