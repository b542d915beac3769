// The till's keyboard: function keys, typing anywhere goes to the search, Enter and P after a payment.

import { $ } from './dom.js';

const METHODS = { F4: 'cash', F6: 'qris', F7: 'transfer' };
const LONELY = 150; // ms: a P that belongs to a scanned code does not print

export function listenToKeys({ selling, paid, shelf, pay, hold, clear, drawer, back }) {
  let lonely = 0;

  window.addEventListener('keydown', (event) => {
    clearTimeout(lonely);
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === 'F9' && (paid.isShown || selling())) {
      event.preventDefault();
      if (!document.querySelector('dialog[open]')) back();
    } else if (paid.isShown) afterPayment(event);
    else if (selling()) whileSelling(event);
  });

  function whileSelling(event) {
    const method = METHODS[event.key];
    if (method || ['F2', 'F3', 'F8', 'F10'].includes(event.key)) event.preventDefault();
    if (method) return pay(method);
    if (event.key.length === 1 && isField(event.target)) return null; // every key of a scan passes here
    if (document.querySelector('dialog[open]')) return null;
    if (event.key === 'F2') return shelf.field.focus();
    if (event.key === 'F8') return hold();
    if (event.key === 'F3') return $('buyer').querySelector(':checked').focus();
    if (event.key === 'F10') return drawer();
    if (event.key === 'Escape') {
      event.preventDefault(); // the same Escape would close the question again
      return clear();
    }
    return typing(event);
  }

  function afterPayment(event) {
    if (document.querySelector('dialog[open]')) return;
    if (event.key === 'Enter' && event.target === document.body) paid.leave();
    else if (event.key === 'p' || event.key === 'P') lonely = setTimeout(() => $('print').click(), LONELY);
    else if (/^\d$/.test(event.key)) {
      paid.leave(true); // the next scan, or a code typed by hand
      shelf.field.focus();
    }
  }

  function typing(event) {
    if (!isField(event.target) && event.key.length === 1 && event.key !== ' ') shelf.field.focus();
  }
}

function isField(element) {
  return element.matches?.('input:not([type=radio]), select, textarea');
}
