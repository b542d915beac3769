// The wall: asks every other second whether anything changed (most answers are an empty 304), shows it, tells how old
// it is, and goes on showing it when the connection is lost.

import { $, say } from './dom.js';
import { grouped } from './money.js';
import * as board from './wallboard.js';
import { isReplaying, startReplay } from './replay.js';

const EVERY = 2000;
const SLOWEST = 15000;
const READ = 8000; // how long such a sentence stands
const wall = $('papan');
const place = (name) => wall.querySelector(`[data-${name}]`);
let feed = wall.dataset.feed;
let etag = null;
let last = null; // what stands on the wall when nothing is replayed
let freshAt = Date.now();
let failed = 0;
let ahead = 0; // by how much the server's clock is ahead of this machine's
let timer = 0;
let refused = ''; // why a day is not played again
let refusedUntil = 0;

const now = () => new Date(Date.now() + ahead);

async function poll() {
  clearTimeout(timer);
  try {
    const asked = feed;
    const answer = await fetch(asked, {
      headers: etag ? { 'If-None-Match': etag } : {}, cache: 'no-store', redirect: 'error', signal: AbortSignal.timeout(SLOWEST),
    });
    if (answer.status !== 304) {
      if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
      const found = await answer.json();
      if (asked !== feed) return;
      etag = answer.headers.get('ETag');
      last = found;
      if (!isReplaying()) show(found);
    }
    const at = Date.parse(answer.headers.get('Date') ?? '');
    if (at) ahead = Math.abs(at - Date.now()) > 2000 ? at - Date.now() : 0;
    freshAt = Date.now();
    failed = 0;
  } catch {
    failed += 1;
  }
  tell();
  clearTimeout(timer);
  timer = setTimeout(poll, Math.min(SLOWEST, EVERY * 2 ** Math.min(failed, 3)));
}

function show(found) {
  const declared = found.declared !== null; // then that is the figure, and what came later stands beside it
  const omzet = declared ? found.declared : found.omzet;
  board.figures({ ...found, omzet });
  board.target(omzet);
  board.since(found.omzet - omzet);
  board.bars(found.by_day);
  board.rank(found.ranking);
  board.reporting(found.reporting);
  board.notas(found.notas);
  place('hero').textContent = say(declared ? 'omzet_declared' : 'omzet');
  place('standing').hidden = declared; // its name says it
  place('standing').textContent = say(found.standing.key);
  place('day').textContent = say('day', { day: grouped(found.day), days: grouped(found.days) });
  place('as-of').textContent = found.as_of ? `· ${say('as_of', { at: momentText(new Date(found.as_of)) })}` : '';
}

function momentText(instant) {
  const day = instant.toLocaleDateString(board.DATES, { timeZone: 'Asia/Jakarta', day: 'numeric', month: 'short', year: 'numeric' });
  return `${day} ${board.clockIn('WIB', instant)} WIB`;
}

function tell() {
  for (const clock of wall.querySelectorAll('[data-clock]')) clock.textContent = board.clockIn(clock.dataset.clock, now());
  const seconds = Math.round((Date.now() - freshAt) / 1000);
  const inMinutes = seconds >= 120;
  const n = grouped(inMinutes ? Math.floor(seconds / 60) : seconds);
  document.body.classList.toggle('lost', failed > 0);
  if (isReplaying()) return;
  if (refused && Date.now() < refusedUntil) {
    place('age').textContent = refused;
    return;
  }
  place('age').textContent = failed
    ? say('lost', { n: say(inMinutes ? 'lost_minutes' : 'lost_seconds', { n }) })
    : seconds < 5 ? say('fresh') : say(inMinutes ? 'minutes' : 'seconds', { n });
}

$('metrik').addEventListener('change', (event) => {
  const address = new URL(location.href);
  address.searchParams.set('urut', event.target.value);
  location.assign(address); // the address keeps it, and the rows may be of other units
});

place('pick').addEventListener('change', async (event) => {
  if (!event.target.value) return;
  const back = () => { etag = null; poll(); tell(); };
  refused = event.target.validity.valid ? await startReplay(event.target.value, last, back) : say('no_such_day');
  refusedUntil = Date.now() + READ;
  tell();
});

const full = place('full');
full.hidden = !document.fullscreenEnabled;
full.addEventListener('click', () => (document.fullscreenElement ? document.exitFullscreen() : document.documentElement.requestFullscreen()));

// A wall is left alone for days: keep its screen awake where the browser can.
async function stayAwake() {
  try {
    if (!document.hidden) await navigator.wakeLock?.request('screen');
  } catch { /* a battery that is low may refuse: nothing is lost but the light */ }
}
document.addEventListener('visibilitychange', () => { stayAwake(); poll(); });
window.addEventListener('online', poll);
window.addEventListener('offline', () => { failed += 1; tell(); });
stayAwake();
tell();
poll();
setInterval(tell, 1000);
