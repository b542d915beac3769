// The buyer's display: shows what the till in another window of this browser tells it. It holds nothing of its own.

import { $, el } from './dom.js';
import { grouped, rupiah } from './money.js';
import { picture } from './picture.js';

const NAME = 'etalase-layar';
const LONG = 20_000; // ms that the thanks stay when the till has gone on to wait for the next buyer
const ALONE = 3_000; // ms without a till before the display says so
const own = decodeURIComponent(location.hash.slice(1)); // the register whose buyers look here; any when empty
const channel = globalThis.BroadcastChannel && new BroadcastChannel(NAME);
let drawn = ''; // the code that is on the screen
let rest = 0;

channel?.addEventListener('message', ({ data }) => {
  if (data.till !== undefined) hello();
  else if (!own || data.register === own) take(data);
});
const alone = setTimeout(() => ($('alone').hidden = false), ALONE);
hello();
stayAwake();
document.addEventListener('visibilitychange', stayAwake);
document.addEventListener('fullscreenchange', drawFull);
$('full').addEventListener('click', () => document.documentElement.requestFullscreen());
drawFull();
if (navigator.serviceWorker?.controller) navigator.serviceWorker.addEventListener('controllerchange', () => location.reload());

function hello() {
  channel?.postMessage({ display: own });
}

function take(told) {
  clearTimeout(alone);
  clearTimeout(rest);
  $('alone').hidden = true;
  for (const place of document.querySelectorAll('.layar-gallery')) place.textContent = told.gallery;
  if (told.mode === 'idle' && $('layar').dataset.mode === 'paid') rest = setTimeout(draw, LONG, told);
  else draw(told);
}

function draw(told) {
  if (told.mode === 'cart') drawCart(told);
  if (told.mode === 'qris') drawCode(told.code);
  if (told.mode === 'paid') drawThanks(told);
  $('layar').dataset.mode = told.mode;
  if (told.mode === 'cart') $('lines').lastElementChild.scrollIntoView({ block: 'end' });
}

function drawCart({ lines, discount, credit, total, taken, left, back }) {
  $('lines').replaceChildren(
    ...lines.map(({ name, quantity, price, rate, amount }) => {
      const tag = rate ? [' ', el('b', { class: 'tag' }, rate)] : [];
      return el('li', {}, el('span', {}, name, el('small', {}, `${quantity} × ${grouped(price)}`, ...tag)), el('output', {}, grouped(amount)));
    }),
  );
  for (const [id, amount] of Object.entries({ discount, credit, taken })) {
    $(id).parentElement.hidden = !amount;
    $(id).textContent = `−${grouped(amount)}`;
  }
  $('left').parentElement.hidden = !taken;
  $('left').textContent = rupiah(left);
  $('back').parentElement.hidden = !back;
  $('back').textContent = rupiah(back);
  $('total').textContent = rupiah(total);
}

function drawCode({ code, payee, amount, proved }) {
  $('amount').textContent = rupiah(amount);
  $('payee').textContent = payee;
  $('waits').hidden = proved;
  $('proved').hidden = !proved;
  if (drawn !== code) $('code').replaceChildren(picture(code, `QRIS ${payee} ${rupiah(amount)}`));
  drawn = code;
}

function drawThanks({ total, change }) {
  $('change').parentElement.hidden = !change;
  $('change').textContent = rupiah(change);
  $('paid').textContent = rupiah(total);
}

// A screen that goes dark shows no code; where the browser will not keep it on, the device's own setting holds.
function stayAwake() {
  if (document.visibilityState === 'visible') navigator.wakeLock?.request('screen').catch(console.info);
}

function drawFull() {
  $('full').hidden = !document.fullscreenEnabled || Boolean(document.fullscreenElement);
}
