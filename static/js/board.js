// The live board: asks every few seconds whether anything changed, shows it, and says how old it is.

const EVERY = 5000;
const board = document.getElementById('papan');
const age = board.querySelector('[data-age]');
let etag = null;
let freshAt = Date.now();
let lost = false;

const grouped = (n) => n.toLocaleString('id-ID');
const write = {
  omzet: (n) => rupiah(n), pnbp: (n) => rupiah(n), premi: (n) => rupiah(n), deposited: (n) => rupiah(n),
  pieces: (n) => (n / 1000).toLocaleString('id-ID', { maximumFractionDigits: 3 }),
  sales: grouped,
};

function rupiah(amount) {
  return (amount < 0 ? '-' : '') + 'Rp' + grouped(Math.abs(amount));
}

async function poll() {
  if (document.hidden) return;
  try {
    const answer = await fetch(board.dataset.poll, {
      headers: etag ? { 'If-None-Match': etag } : {}, cache: 'no-store', redirect: 'error',
      signal: AbortSignal.timeout(EVERY * 2),
    });
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const totals = await answer.json();
      const first = etag === null;
      etag = answer.headers.get('ETag');
      if (show(totals) || !first) await showRows(totals);
    }
    freshAt = Date.now();
    lost = false;
  } catch {
    lost = true;
  }
  tell();
}

// Puts the figures and the day bars in place; tells whether any figure differs from what stood there.
function show(totals) {
  let changed = false;
  for (const place of board.querySelectorAll('[data-figure]')) {
    changed = put(place, write[place.dataset.figure], totals[place.dataset.figure]) || changed;
  }
  const target = board.querySelector('[data-target]');
  if (target) {
    target.value = Math.max(0, totals.omzet);
    board.querySelector('[data-percent]').textContent = `${grouped(Math.floor(totals.omzet * 100 / target.max))}%`;
  }
  const bars = [...board.querySelectorAll('[data-day]')];
  const sold = new Map(totals.rows.map((row) => [row.key, row.omzet]));
  const highest = Math.max(1, ...sold.values());
  for (const bar of bars) {
    const height = Math.max(0, (sold.get(bar.dataset.day) ?? 0) * 100 / highest);
    const value = bar.querySelector('.bar-value');
    value.setAttribute('y', (100 - height).toFixed(2));
    value.setAttribute('height', height.toFixed(2));
  }
  return changed;
}

function put(place, how, value) {
  const text = how(value);
  if (place.textContent === text) return false;
  place.textContent = text;
  place.classList.remove('changed');
  void place.offsetWidth; // restart the animation
  place.classList.add('changed');
  return true;
}

// The rows of the open breakdown. What cannot be put in place (a new row, a list of notas) offers a reload.
async function showRows(totals) {
  const url = board.dataset.pollRows;
  const body = board.querySelector('.board-rows tbody');
  if (!url || !body) return offerReload();
  const rows = url === board.dataset.poll ? totals.rows : (await (await fetch(url, { cache: 'no-store' })).json()).rows;
  if (rows.length !== Number(body.dataset.count)) offerReload();
  const lines = new Map([...body.rows].map((line) => [line.dataset.key, line]));
  for (const row of rows) {
    const line = lines.get(row.key);
    if (!line) continue; // on another page, or new
    for (const name of ['omzet', 'pieces', 'sales', 'pnbp']) put(line.querySelector(`[data-cell=${name}]`), write[name], row[name]);
    const share = totals.omzet > 0 ? row.omzet * 100 / totals.omzet : 0;
    line.querySelector('[data-cell=share]').textContent = `${share.toFixed(1).replace('.', ',')}%`;
    const reached = line.querySelector('[data-cell=target]');
    if (reached && Number(reached.dataset.of)) reached.textContent = `${grouped(Math.floor(row.omzet * 100 / Number(reached.dataset.of)))}%`;
    if ('ranked' in board.dataset) body.append(line);
  }
}

function offerReload() {
  board.querySelector('.reload').hidden = false;
}

function tell() {
  const seconds = Math.round((Date.now() - freshAt) / 1000);
  const inMinutes = seconds >= 120;
  const n = grouped(inMinutes ? Math.floor(seconds / 60) : seconds);
  const words = board.dataset;
  board.classList.toggle('lost', lost);
  age.textContent = lost
    ? words.lost.replace('{n}', (inMinutes ? words.lostMinutes : words.lostSeconds).replace('{n}', n))
    : seconds < 2 ? words.fresh : (inMinutes ? words.minutes : words.seconds).replace('{n}', n);
}

const tab = document.querySelector('.tabs [aria-current]');
if (tab) tab.parentElement.scrollLeft = tab.offsetLeft - tab.parentElement.clientWidth / 2;
poll();
setInterval(poll, EVERY);
setInterval(tell, 1000);
document.addEventListener('visibilitychange', poll);
window.addEventListener('online', poll);
