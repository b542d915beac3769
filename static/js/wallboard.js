// What stands on the wall: puts figures, ranking, bars, names and notas in their places. Asks nobody for anything.

import { $, el, say } from './dom.js';
import { grouped, quantityText, rupiah } from './money.js';

const wall = $('papan');
const place = (name) => wall.querySelector(`[data-${name}]`);
export const DATES = { en: 'en-GB' }[document.documentElement.lang] ?? document.documentElement.lang; // day before month in both
const ROTATE = 8; // seconds a page of names stands

const write = {
  omzet: rupiah, pnbp: rupiah, deposited: rupiah, sales: grouped, pieces: (n) => quantityText(Math.round(n / 1000) * 1000),
};
const zones = { WIB: 'Asia/Jakarta', WITA: 'Asia/Makassar', WIT: 'Asia/Jayapura' };
let ranking = { rows: [], by: 'kanwil', metric: 'omzet' };
let silent = [];
let turn = 0;

export function clockIn(zone, instant) {
  return instant.toLocaleTimeString('id-ID', { timeZone: zones[zone], hour: '2-digit', minute: '2-digit' });
}

// What tells a UPT apart comes first and large: "Ambon", then "Lapas Kelas IIA"; what does not fit is cut off the end.
export function called(name) {
  const [, kind, rest] = /^(.+? Kelas [IVX]+[A-Z]?) (.+)$/.exec(name) ?? [];
  return kind ? [rest, el('small', {}, ` ${kind}`)] : [name];
}

export function dayText(iso) {
  return new Date(`${iso}T00:00:00Z`).toLocaleDateString(DATES, { timeZone: 'UTC', day: 'numeric', month: 'short', year: 'numeric' });
}

export function put(target, text) {
  if (!target || target.textContent === text) return;
  const first = target.textContent === '–';
  target.textContent = text;
  if (first) return;
  target.classList.remove('changed');
  void target.offsetWidth; // restart the animation
  target.classList.add('changed');
}

export function figures(sums) {
  for (const target of wall.querySelectorAll('[data-figure]')) {
    const value = sums[target.dataset.figure];
    if (value !== null && value !== undefined) put(target, write[target.dataset.figure](value));
  }
  const omzet = wall.querySelector('.w-omzet');
  omzet.classList.toggle('long', omzet.textContent.length > 16);
}

// What came (or was taken back) after the declared figure.
export function since(more) {
  place('since').hidden = more === 0;
  place('since').textContent = say('since', { sum: `${more > 0 ? '+' : '−'} ${rupiah(Math.abs(more))}` });
}

export function target(omzet) {
  const bar = wall.querySelector('.w-target progress');
  if (!bar) return;
  bar.value = Math.max(0, omzet);
  place('percent').textContent = `${grouped(Math.floor(omzet * 100 / bar.max))}%`;
}

export function bars(byDay, marked = '') {
  const sold = new Map(byDay.map((row) => [row.day, row.omzet]));
  const all = [...wall.querySelectorAll('[data-bar]')]; // of a long campaign the last weeks
  const highest = Math.max(1, ...all.map((bar) => sold.get(bar.dataset.bar) ?? 0));
  for (const bar of all) {
    const omzet = sold.get(bar.dataset.bar) ?? 0;
    const height = Math.max(0, omzet * 100 / highest);
    const value = bar.querySelector('.bar-value');
    value.setAttribute('y', (100 - height).toFixed(2));
    value.setAttribute('height', height.toFixed(2));
    bar.classList.toggle('marked', bar.dataset.bar === marked);
    bar.querySelector('title').textContent = `${dayText(bar.dataset.bar)}: ${rupiah(omzet)}`;
  }
}

export function rank(found) {
  ranking = found;
  place('ranked-by').textContent = say(found.by);
  place('no-ranking').hidden = found.rows.length > 0;
  turnPage();
}

export function reporting(found) {
  if (!place('reporting')) return;
  if (found) place('reporting').textContent = `${grouped(found.sold)} / ${grouped(found.of)}`;
  silent = found ? found.silent : [];
  if (found) place('silent-count').textContent = grouped(found.of - found.sold);
  wall.querySelector('.w-silent').hidden = !silent.length;
  turnPage();
}

export function notas(list) {
  place('no-notas').hidden = list.length > 0;
  const seen = new Set([...place('notas').children].map((line) => line.dataset.key));
  const lines = place('notas');
  lines.replaceChildren(...list.map((nota) => line(nota, seen)));
  while (lines.children.length > 1 && cuts(lines) && lines.scrollHeight > lines.clientHeight + 1) lines.lastElementChild.remove();
}

// A phone scrolls; a wall shows what fits.
const cuts = (list) => getComputedStyle(list).overflowY === 'hidden';

function line(nota, seen) {
  const key = `${nota.at} ${nota.unit} ${nota.amount}`;
  const goods = nota.more ? `${nota.product} ${say('more', { n: grouped(nota.more) })}` : nota.product;
  const amount = wall.dataset.nota && nota.receipt
    ? el('a', { href: `${wall.dataset.nota}/${encodeURIComponent(nota.receipt)}?dari=${encodeURIComponent(location.pathname + location.search)}` }, rupiah(nota.amount))
    : rupiah(nota.amount);
  return el('li', { 'data-key': key, class: seen.size && !seen.has(key) ? 'new' : null },
    el('span', { class: 'n-where' }, el('span', { class: 'n-at' }, momentOf(nota)), el('b', { title: nota.unit }, ' ', ...called(nota.unit))),
    el('span', { class: 'n-goods' }, goods), el('b', { class: 'n-amount' }, amount));
}

// Today's by the clock alone, an older one with its day.
function momentOf(nota) {
  const at = new Date(nota.at);
  const day = (instant) => instant.toLocaleDateString('en-CA', { timeZone: zones[nota.zone] });
  const clock = `${clockIn(nota.zone, at)} ${nota.zone}`;
  return day(at) === day(new Date()) ? clock : `${dayText(day(at)).replace(/\s\d{4}$/, '')} ${clock}`;
}

// As many whole rows as fit; what does not fit takes its turn.
function fits(list, rows, row) {
  list.replaceChildren(...rows.slice(0, 1).map(row));
  const height = list.firstElementChild ? list.firstElementChild.getBoundingClientRect().height : 0;
  const columns = getComputedStyle(list).gridTemplateColumns.split(' ').length || 1;
  const many = height ? Math.max(1, Math.floor((list.clientHeight + 1) / height)) * columns : 1;
  return cuts(list) ? many : rows.length;
}

function page(list, rows, row, keep) {
  const many = fits(list, rows, row);
  const head = Math.min(keep, many - 1, rows.length);
  const rest = rows.slice(head);
  const each = Math.max(1, many - head);
  const pages = Math.max(1, Math.ceil(rest.length / each));
  const start = (turn % pages) * each;
  list.replaceChildren(...[...rows.slice(0, head), ...rest.slice(start, start + each)].map(row));
}

function turnPage() {
  let number = 0; // the same value has the same, as on the awards
  const rows = ranking.rows.map((found, i, all) => ({ ...found, number: (number = found.value === all[i - 1]?.value ? number : i + 1) }));
  page(place('ranking'), rows, rankLine, 3);
  const list = place('silent');
  if (list && silent.length) page(list, silent, (unit) => el('li', { title: `${unit.name} · ${unit.kanwil}` }, ...called(unit.name)), 0);
}

function rankLine(row) {
  const value = { target: (n) => `${grouped(n)}%`, streak: (n) => say('days_running', { n: grouped(n) }) }[ranking.metric] ?? write[ranking.metric];
  const board = wall.dataset.board;
  const url = board && `${board}${board.includes('?') ? '&' : '?'}${wall.dataset.below}=${row.key}`;
  const name = ranking.by === 'kanwil' ? row.name.replace(/^Kanwil /, '') : row.name;
  const size = ranking.by !== 'kanwil' || name.length < 18 ? '' : name.length < 24 ? ' r-long' : ' r-longest'; // whole, in one line
  return el('li', { 'data-key': row.key }, el('span', { class: 'r-number' }, String(row.number)),
    el(url ? 'a' : 'span', { class: `r-name${size}`, href: url || null, title: row.name }, ...called(name)), el('b', { class: 'r-value' }, value(row.value).replace('Rp', '')));
}

setInterval(() => { turn += 1; turnPage(); }, ROTATE * 1000);
window.addEventListener('resize', turnPage);
