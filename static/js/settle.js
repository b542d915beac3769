// Taking what is still owed: the change of cash, and the gallery's QRIS code with the amount locked in.

import { readRupiah, rupiah } from './money.js';
import { picture } from './picture.js';
import { lockAmount, merchant } from './qris.js';

const MOST = 10_000_000; // rupiah that one QRIS payment carries
const form = document.getElementById('settle');
const change = document.getElementById('settle-change');
const code = document.getElementById('settle-qris');
const rest = Number(form.dataset.rest);
const codes = JSON.parse(form.dataset.codes);

form.addEventListener('input', draw);
draw();

function draw() {
  const { method, register } = form.elements;
  const amount = readRupiah(form.elements.amount.value) ?? 0;
  const over = method.value === 'cash' ? amount - rest : 0;
  change.hidden = over <= 0;
  change.querySelector('output').textContent = rupiah(Math.max(0, over));
  drawCode(method.value === 'qris' && amount <= Math.min(rest, MOST) ? codes[register.value] : '', amount);
}

function drawCode(own, amount) {
  const asked = own ? lockAmount(own, amount) : null;
  code.hidden = !asked;
  if (!asked) return;
  const caption = document.createElement('figcaption');
  caption.append(merchant(own), ' ', rupiah(amount));
  code.replaceChildren(picture(asked, `${code.dataset.label} ${rupiah(amount)}`), caption);
}
