// The worked example beside the form of a scheme follows every key.
import { rupiah } from './money.js';
import { baseOf, readAmount, readPercent, rest, shareOut, wrongWith } from './scheme.js';

const example = document.querySelector('[data-example]');
const form = example?.closest('form');
const value = (name) => form.querySelector(`[name="${name}"]:checked`)?.value ?? '';

const rows = () => [...form.querySelectorAll('.share-row:not(.share-head)')].map((row, at) => ({
  at,
  name: row.querySelector('[name$="-name"]').value.trim(),
  kind: row.querySelector('[name$="-kind"]').value,
  percent: row.querySelector('[name$="-percent"]').value,
}));

function line(name, amount) {
  const row = document.createElement('tr');
  const [label, figure] = [document.createElement('td'), document.createElement('td')];
  label.textContent = name;
  figure.textContent = rupiah(amount);
  figure.className = 'num';
  row.append(label, figure);
  return row;
}

/** What the form cannot be worked out for, in the words of the page; empty where it can. */
function problem(found, taker, amounts) {
  if (amounts.includes(null)) return example.dataset.notMoney;
  const wrong = wrongWith(found, taker);
  if (!wrong) return '';
  const words = { row: example.dataset.halfRow, whole: example.dataset.notWhole, taker: example.dataset.noTaker }[wrong.why];
  return words.replace('{n}', String(wrong.n)).replace('{percent}', String(wrong.percent).replace('.', ','));
}

function show() {
  const found = rows();
  const taker = value('remainder') === '' ? -1 : Number(value('remainder'));
  const amounts = ['jumlah', 'biaya'].map((id) => readAmount(form.querySelector(`#contoh-${id}`).value));
  const table = example.querySelector('tbody');
  const words = example.querySelector('.help');
  const wrong = problem(found, taker, amounts);
  example.toggleAttribute('data-wrong', Boolean(wrong));
  table.replaceChildren();
  words.textContent = wrong;
  if (wrong) return;
  const shares = found.filter((row) => row.name).map((row) => ({ ...row, points: readPercent(row.percent) }));
  const [base, points] = [baseOf(value('base'), ...amounts), shares.map((share) => share.points)];
  const at = shares.findIndex((share) => share.at === taker);
  const parts = shareOut(base, points, at);
  table.append(line(example.dataset.base, base), ...shares.map((share, i) => line(share.name, parts[i])));
  const told = [example.dataset.rest.replace('{name}', shares[at].name).replace('{rest}', String(rest(base, points, at)))];
  if (!base && amounts[0] < amounts[1]) told.unshift(example.dataset.loss);
  if (!shares.some((share) => share.kind === 'pnbp' && share.points)) told.push(example.dataset.noPnbp);
  words.textContent = told.join(' ');
}

if (example) {
  example.hidden = false;
  for (const old of document.querySelectorAll('[data-worked], [data-without-script]')) old.hidden = true;
  form.addEventListener('input', show);
  form.addEventListener('change', show);
  show();
}
