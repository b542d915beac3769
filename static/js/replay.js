// A day of the campaign played again: one answer holds its minutes, and from then on nobody is asked for anything.

import { $, say } from './dom.js';
import * as board from './wallboard.js';

const wall = $('papan');
const place = (name) => wall.querySelector(`[data-${name}]`);
const SHOWN = 12;
let day = null; // what is replayed
let live = null; // how to go back, and the figures to go back to
let playing = 0;
let asked = 0; // how many days were picked

export function isReplaying() {
  return day !== null;
}

// Why the day cannot be played, or nothing when it plays.
export async function startReplay(iso, standing, back) {
  stop();
  const turn = ++asked;
  let found;
  try {
    const answer = await fetch(`${wall.dataset.again}${wall.dataset.again.includes('?') ? '&' : '?'}day=${iso}`, { cache: 'no-store', redirect: 'error' });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    found = await answer.json();
  } catch {
    return say('not_loaded');
  }
  if (turn !== asked) return ''; // another day was picked meanwhile
  if (!found.start) return say('empty_day', { day: board.dayText(iso) });
  day = found;
  live = { back, standing };
  const at = place('at');
  at.max = found.minutes.at(-1)[0] + 1;
  at.value = 0;
  document.body.classList.add('replaying');
  place('replay').hidden = false;
  place('age').textContent = say('replaying', { day: board.dayText(iso) });
  place('as-of').textContent = '';
  showAt(0);
  play();
  return '';
}

// The sums of every nota sold up to this minute of the day.
export function upTo(found, minute) {
  const sums = { omzet: 0, pieces: 0, sales: 0, pnbp: 0 };
  const units = new Map();
  for (const [at, key, omzet, pieces, sales, pnbp] of found.minutes) {
    if (at > minute) break;
    sums.omzet += omzet;
    sums.pieces += pieces;
    sums.sales += sales;
    sums.pnbp += pnbp;
    units.set(key, (units.get(key) ?? 0) + omzet);
  }
  return { sums, units };
}

function showAt(minute) {
  const { sums, units } = upTo(day, minute);
  const instant = new Date(Date.parse(day.start) + minute * 60_000);
  board.figures(sums);
  board.target(sums.omzet);
  const days = (live.standing?.by_day ?? []).filter((row) => row.day < day.day);
  board.bars([...days, { day: day.day, omzet: sums.omzet }], day.day);
  const rows = [...units].map(([key, omzet]) => ({ key, name: day.names[key] ?? key, value: omzet, omzet }));
  board.rank({ by: day.by, metric: 'omzet', rows: rows.sort((a, b) => b.omzet - a.omzet) });
  board.notas(day.notas.filter((nota) => nota.minute <= minute).slice(-SHOWN).reverse());
  place('hero').textContent = say('omzet_on', { day: board.dayText(day.day), clock: `${board.clockIn('WIB', instant)} WIB` });
}

function play() {
  place('play').setAttribute('aria-pressed', 'true');
  place('play').textContent = say('pause');
  clearInterval(playing);
  playing = setInterval(() => {
    const at = place('at');
    const next = Math.min(Number(at.max), Number(at.value) + Number(place('speed').value) / 4);
    at.step = 'any';
    at.value = next;
    showAt(next);
    if (next >= Number(at.max)) pause();
  }, 250);
}

function pause() {
  clearInterval(playing);
  place('play').setAttribute('aria-pressed', 'false');
  place('play').textContent = say('play');
}

function stop() {
  pause();
  day = null;
  document.body.classList.remove('replaying');
  place('replay').hidden = true;
}

place('play').addEventListener('click', () => {
  if (place('play').getAttribute('aria-pressed') === 'true') return pause();
  if (Number(place('at').value) >= Number(place('at').max)) place('at').value = 0;
  play();
});
place('at').addEventListener('input', (event) => { pause(); showAt(Number(event.target.value)); });
place('live').addEventListener('click', () => {
  const { back } = live;
  stop();
  place('pick').value = '';
  back();
});
place('replay').addEventListener('submit', (event) => event.preventDefault());
