// The print page of a receipt, and of the test page.
import { fit } from './fit.js';

const slip = document.querySelector('[data-slip]');

await document.fonts.ready;
document.documentElement.dataset.fitted = fit(slip, document.getElementById('slip-css').sheet);

document.querySelector('[data-print]')?.addEventListener('click', () => window.print());
// A till opens this in a window of its own: when it is printed, or the dialog dismissed, the window is done.
const own = window.opener !== null;
document.querySelector('[data-back]').addEventListener('click', (event) => {
  if (!own) return;
  event.preventDefault();
  window.close();
});
if ('atOnce' in document.body.dataset) {
  if (own) window.addEventListener('afterprint', () => window.close());
  requestAnimationFrame(() => window.print());
}
