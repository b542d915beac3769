// A nota on paper without the server: printed from this page, with the number that the outbox keeps for it.
// Paper speaks Indonesian whatever the screen speaks, like the receipts that the server prints.

import { wallClock } from './cart.js';
import { $, el } from './dom.js';
import { fit } from './fit.js';
import { gross, grouped, quantityText, rupiah } from './money.js';
import { receiptNumber } from './receiptno.js';

const METHODS = { cash: 'Tunai', qris: 'QRIS', transfer: 'Transfer', debit: 'Debit', owed: 'Belum dibayar' };
const RATES = { wholesale: 'Harga grosir', inside: 'Harga dalam', auction: 'Harga lelang' };

let sheet = null;

// The style sheet of the paper, once it is here; a fetch that failed is tried again by the next paper.
export function fetchSheet() {
  const link = $('slip-css');
  sheet ??= new Promise((resolve, reject) => {
    link.addEventListener('load', () => link.sheet && resolve(link.sheet));
    link.addEventListener('error', () => {
      sheet = null;
      link.rel = 'later';
      reject(new TypeError(link.href));
    }, { once: true });
    link.rel = 'stylesheet';
  });
  return sheet;
}

// `sale` is the outbox's record; `mark` says which copy it is, and is empty on the original. What is written `across`
// the paper makes it a paper that proves nothing.
export async function printSlip(sale, register, cashier, mark, across = '') {
  const style = await fetchSheet();
  document.querySelector('.printout')?.remove();
  const paper = article(sale, register, cashier, mark, across);
  document.body.append(paper);
  fit(paper, style);
  addEventListener('afterprint', () => paper.remove(), { once: true });
  window.print();
}

function article({ document: sale, cart, number }, register, cashier, mark, across) {
  const day = sale.sold_at.slice(0, 10).split('-').reverse().join('-');
  const width = register.paper_width ?? 58;
  const before = sale.total - sale.rounding + sale.discount;
  return el(
    'article',
    { class: `slip slip-${width} printout`, 'data-width': width, lang: 'id' },
    el('header', {}, el('p', { class: 'slip-gallery' }, register.gallery), el('p', {}, register.unit)),
    ...[mark || across, sale.refund_of && 'RETUR'].filter(Boolean).map((text) => el('p', { class: 'slip-title' }, text)),
    facts(
      ['Nomor', receiptNumber(sale.register, number), 'strong'],
      ...(sale.refund_of && cart?.refund ? [['Retur atas nota', cart.refund, 'strong']] : []),
      ['Waktu', `${day} ${wallClock(Date.parse(sale.sold_at), register.zone)} ${register.zone}`],
      ['Kasir', cashier],
    ),
    el('ol', { class: 'slip-items' }, ...sale.lines.map((line, i) => item(line, cart?.lines[i]))),
    facts(
      ...(before === sale.total ? [] : [['Jumlah', grouped(before)]]),
      ...(sale.discount ? [['Diskon nota', grouped(-sale.discount)]] : []),
      ...(sale.rounding ? [['Pembulatan', grouped(sale.rounding)]] : []),
      ['TOTAL', rupiah(sale.total), 'slip-total'],
      ...sale.payments.flatMap(paid),
    ),
    el(
      'footer',
      {},
      ...(across ? [el('p', {}, 'Bukan bukti pembayaran. Tidak tercatat di mana pun.')] : promises()),
    ),
    across ? el('p', { class: 'slip-across' }, ...sale.lines.map(() => el('span', {}, across))) : null,
  );
}

function promises() {
  return [
    el('p', {}, `Tersimpan di kasir ini. Setelah terkirim, keaslian nota dapat diperiksa di ${location.host}/nota`),
    el('p', { class: 'slip-thanks' }, 'Terima kasih. Belanja Anda mendukung pembinaan warga binaan.'),
  ];
}

function item(line, bought) {
  const whole = gross(line.quantity, line.unit_price);
  return el(
    'li',
    {},
    el('p', { class: 'strong' }, bought?.name ?? line.product),
    pair(`${quantityText(line.quantity)} ${bought?.unit ?? ''} × ${grouped(line.unit_price)}`, grouped(whole)),
    bought?.rate ? el('p', {}, RATES[bought.rate]) : null,
    line.discount ? pair('Diskon', grouped(-line.discount)) : null,
    bought?.maker ? el('p', { class: 'slip-maker' }, `Buatan ${bought.maker}`) : null,
  );
}

function paid({ method, tendered, change, reference }) {
  const name = [METHODS[method] ?? method, reference].filter(Boolean).join(' ');
  if (tendered <= 0) return [[`Dikembalikan ${name}`, grouped(change - tendered)]];
  return [[name, grouped(tendered)], ...(change ? [['Kembalian', grouped(change)]] : [])];
}

function facts(...rows) {
  const row = ([label, value, kind]) => el('div', { class: kind }, el('dt', {}, label), el('dd', {}, value));
  return el('dl', { class: 'slip-facts' }, ...rows.map(row));
}

function pair(left, right) {
  return el('p', { class: 'slip-pair' }, el('span', {}, left), el('span', {}, right));
}
