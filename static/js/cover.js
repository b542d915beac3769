// The days that a deposit covers: their sum follows the ticks; an amount that is typed is shared over them, oldest first.
import { rupiah } from './money.js';

const box = document.querySelector('[data-cover]');
const amount = document.querySelector('#amount');
const rows = [...(box?.querySelectorAll('tr[data-left]') ?? [])].map((row) => ({
  left: Number(row.dataset.left), tick: row.querySelector('[type=checkbox]'), text: row.querySelector('.cover-amount'),
}));
const said = box?.querySelector('[data-sum]');
let byHand = false; // the amount was typed, so it leads and the days follow

const read = (field) => Number(field.value.replace(/Rp|[\s.]/g, '').replace('−', '-')) || 0;
const write = (field, value) => { field.value = value.toLocaleString('id-ID').replace('−', '-'); };
const sum = () => rows.reduce((whole, row) => whole + (row.tick.checked ? read(row.text) : 0), 0);

function show() {
  const whole = sum();
  if (!byHand) write(amount, whole);
  const rest = read(amount) - whole;
  const words = [said.dataset.words.replace('{sum}', rupiah(whole))];
  if (rest) words.push((rest > 0 ? said.dataset.less : said.dataset.more).replace('{rest}', rupiah(Math.abs(rest))));
  said.textContent = words.join(' ');
  said.classList.toggle('over', rest < 0);
  said.classList.toggle('short', rest > 0);
}

/** Days of refunds first, for they give room; then the oldest, as far as the amount reaches. */
function share() {
  let room = read(amount);
  for (const row of rows.filter((one) => one.left < 0)) room -= row.left;
  for (const row of rows) {
    const part = row.left < 0 ? row.left : Math.min(row.left, Math.max(0, room));
    if (row.left > 0) room -= part;
    row.tick.checked = part !== 0;
    write(row.text, part || row.left);
  }
}

if (rows.length && amount) {
  byHand = read(amount) !== sum();
  for (const row of rows) {
    row.tick.addEventListener('change', show);
    row.text.addEventListener('input', () => { row.tick.checked = true; show(); });
  }
  amount.addEventListener('input', () => { byHand = true; share(); show(); });
  show();
}
