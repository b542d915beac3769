// Counting a gallery: each scan is sent as a count of its own, kept by the server once by its id. What could not be
// sent waits in order and is sent again with the same id, so that nothing is counted twice or lost on the way.

import { post, ask, setToken } from './api.js';
import { $, el, say } from './dom.js';
import { listen } from './scanner.js';
import { buzz, chirp } from './sound.js';
import { uuid7 } from './uuid.js';

const THOUSAND = 1000;
const SHOWN = 15;
const AGAIN = 2000; // ms
const page = $('count').dataset;
const queue = [];
const lines = new Map(); // product id: its row on the screen
let sending = false;

setToken(document.querySelector('meta[name=csrf-token]').content);

// `5*8991002101418`, `8991002101418` or a name: [thousandths, text].
function read(text) {
  const found = /^\s*(\d{1,4}(?:,\d{1,3})?)\s*[*x×]\s*(.*)$/.exec(text);
  return found ? [thousandths(found[1]), found[2].trim()] : [THOUSAND, text.trim()];
}

function thousandths(text) {
  const found = /^\s*(\d{1,7})(?:,(\d{1,3}))?\s*$/.exec(text);
  return found ? Number(found[1]) * THOUSAND + Number((found[2] ?? '').padEnd(3, '0')) : null;
}

const shown = (quantity) => (quantity / THOUSAND).toLocaleString('id-ID');

function tell(sentence, kind = '') {
  $('count-say').textContent = sentence;
  $('count-say').dataset.kind = kind;
}

function count(what, quantity, kind = 'add') {
  if (!quantity && kind === 'add') return;
  queue.push({ id: uuid7(), kind, quantity, ...what });
  send();
}

async function send() {
  if (sending) return;
  sending = true;
  while (queue.length) {
    let answer;
    try {
      answer = await post(page.counts, queue[0]);
    } catch {
      tell(say('offline', { code: queue[0].code ?? '' }), 'bad');
      buzz();
      await new Promise((resolve) => setTimeout(resolve, AGAIN));
      continue;
    }
    const [sent] = queue.splice(0, 1);
    if (answer.status === 200) keep(answer.body);
    else if (answer.status === 404 && sent.code) await search(sent.code, sent.quantity);
    else fail(Object.values(answer.body.error?.fields ?? {})[0] ?? answer.body.error?.message ?? '');
  }
  sending = false;
}

function fail(why) {
  tell(say('failed', { why }), 'bad');
  buzz();
}

function keep(one) {
  const values = { name: one.name, count: shown(one.counted), unit: one.unit_of_measure };
  if (one.recount) {
    tell(say('recount', values), 'bad');
    buzz();
  } else {
    tell(say('counted', values), 'good');
    chirp();
  }
  show(one);
}

function show(one) {
  lines.get(one.product)?.remove();
  const all = el('input', {
    class: 'form-control num', inputmode: 'decimal', maxlength: 15, value: shown(one.counted).replaceAll('.', ''), 'aria-label': say('all', { name: one.name }),
  });
  const replace = el('button', { class: 'btn btn-outline-primary' }, say('replace'));
  const form = el('form', { class: 'count-set' }, all, replace);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const quantity = thousandths(all.value);
    if (quantity === null) return fail(say('number', { typed: all.value }));
    $('find').focus();
    return count({ product: one.product }, quantity, 'set');
  });
  const total = el('small', { class: one.recount ? 'error' : 'muted' }, say('total', { count: shown(one.counted), unit: one.unit_of_measure }));
  const row = el('li', { 'data-product': one.product }, el('span', {}, el('strong', {}, one.name), total), form);
  lines.set(one.product, row);
  $('count-list').prepend(row);
  $('count-empty').hidden = true;
  while ($('count-list').children.length > SHOWN) $('count-list').lastElementChild.remove();
}

// Goods without a code: found by name, counted by a tap.
async function search(text, quantity) {
  const { body } = await ask(`${page.goods}?q=${encodeURIComponent(text)}`).catch(() => ({ body: { goods: [] } }));
  const found = body.goods ?? [];
  $('count-found').replaceChildren(
    ...found.map((goods) =>
      el(
        'li', {},
        el('span', {}, el('strong', {}, goods.name), el('small', { class: 'muted' }, goods.maker)),
        el('button', { class: 'btn btn-outline-primary', type: 'button', onclick: () => choose(goods, quantity) }, say('add')),
      ),
    ),
  );
  $('count-found').hidden = !found.length;
  tell(found.length ? say('choose') : say('unknown', { code: text }), found.length ? '' : 'bad');
  if (!found.length) buzz();
}

function choose(goods, quantity) {
  $('count-found').hidden = true;
  $('find').value = '';
  $('find').focus();
  count({ product: goods.id }, quantity);
}

function take(text) {
  const [quantity, code] = read(text);
  if (!code) return;
  $('find').value = '';
  $('count-found').hidden = true;
  count({ code }, quantity);
}

listen((code) => {
  const [times, rest] = read($('find').value);
  count({ code }, rest ? THOUSAND : times); // a `5*` that stands there already is for this scan
  $('find').value = '';
}, (text) => /^\d{8,14}$/.test(text ?? ''));
JSON.parse($('last').textContent).reverse().forEach(show);
$('count-form').addEventListener('submit', (event) => {
  event.preventDefault();
  take($('find').value);
});
window.addEventListener('beforeunload', (event) => {
  if (queue.length) event.preventDefault();
});

// What is scanned before this line would be heard by nobody: until now the field takes nothing.
$('find').disabled = false;
$('find').focus();
tell(say('ready'));
