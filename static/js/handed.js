// The receipt of the newest sale, to be sent.

import { stamp, totals, wallClock } from './cart.js';
import { $ } from './dom.js';
import { quantityText, rupiah } from './money.js';
import { message, offerFile, whatsapp } from './share.js';
import { till } from './state.js';

// What can be sent of the newest sale; nothing before the server has given it its number.
export function drawShare({ document, cart, outcome } = {}) {
  const answer = outcome?.answer;
  $('whatsapp').classList.toggle('disabled', !answer);
  $('whatsapp').setAttribute('aria-disabled', String(!answer));
  $('share').disabled = !answer;
  if (!answer) return $('whatsapp').removeAttribute('href');
  const { amounts } = totals({ ...cart, discount: 0 });
  const zone = till.register.zone;
  const sold = Date.parse(document.sold_at);
  const text = message({
    gallery: till.register.gallery,
    title: 'Nota',
    receipt: answer.receipt,
    when: `${stamp(sold, zone).slice(0, 10).split('-').reverse().join('/')} ${wallClock(sold, zone)} ${zone}`,
    items: cart.lines.map((line, i) => [`${quantityText(line.quantity)} ${line.unit}`, line.name, amounts[i]]),
    sums: [['Diskon nota', 0 - document.discount], ['Pembulatan', document.rounding]].filter(([, amount]) => amount),
    total: document.total,
    owed: document.payments.find((each) => each.method === 'owed')?.tendered ?? 0,
    address: answer.verify_url,
  });
  $('whatsapp').href = whatsapp(text);
  return null;
}

export function offerPdf() {
  offerFile($('share'), () => `/penjualan/${till.last.outcome.answer.receipt}/nota.pdf?lebar=${till.register.paper_width}`, () => `${till.last.outcome.answer.receipt}.pdf`);
}
