// The worked example beside the form of a scheme follows every key.
import { readRupiah, rupiah } from './money.js';
import { baseOf, readPercent, rest, shareOut } from './scheme.js';

const example = document.querySelector('[data-example]');
const form = example?.closest('form');
const value = (name) => form.querySelector(`[name="${name}"]:checked`)?.value ?? '';

function shares() {
  return [...form.querySelectorAll('.share-row:not(.share-head)')]
    .map((row, at) => ({
      at,
      name: row.querySelector('[name$="-name"]').value.trim(),
      points: readPercent(row.querySelector('[name$="-percent"]').value),
    }))
    .filter((share) => share.name && share.points !== null);
}

function line(name, amount) {
  const row = document.createElement('tr');
  const [label, figure] = [document.createElement('td'), document.createElement('td')];
  label.textContent = name;
  figure.textContent = rupiah(amount);
  figure.className = 'num';
  row.append(label, figure);
  return row;
}

function show() {
  const found = shares();
  const whole = found.reduce((sum, share) => sum + share.points, 0);
  const taker = found.findIndex((share) => String(share.at) === value('remainder'));
  const [amount, cost] = ['jumlah', 'biaya'].map((id) => readRupiah(form.querySelector(`#contoh-${id}`).value) ?? 0);
  const base = baseOf(value('base'), amount, cost);
  const wrong = whole !== 10000 || taker < 0;
  const table = example.querySelector('tbody');
  const words = example.querySelector('.help');
  table.replaceChildren(line(example.dataset.base, base));
  example.toggleAttribute('data-wrong', whole !== 10000);
  words.textContent = '';
  if (whole !== 10000) words.textContent = example.dataset.notWhole.replace('{percent}', String(whole / 100).replace('.', ','));
  if (wrong) return;
  const points = found.map((share) => share.points);
  const parts = shareOut(base, points, taker);
  table.append(...found.map((share, i) => line(share.name, parts[i])));
  words.textContent = example.dataset.rest.replace('{name}', found[taker].name).replace('{rest}', String(rest(base, points, taker)));
}

if (example) {
  example.hidden = false;
  for (const old of document.querySelectorAll('[data-worked], [data-without-script]')) old.hidden = true;
  form.addEventListener('input', show);
  form.addEventListener('change', show);
  show();
}
