// The receipt's page is exactly as long as the receipt: no print dialog has to scale or cut it.
const slip = document.querySelector('[data-slip]');
const sheet = document.getElementById('receipt-css').sheet;
const MILLIMETRE = 96 / 25.4;
const MARGIN = 8; // millimetres of paper after the last line, to tear it off

function fit() {
  const width = slip.dataset.width;
  const height = Math.ceil(slip.getBoundingClientRect().height / MILLIMETRE) + MARGIN;
  const page = width === 'a4' ? 'size: A4; margin: 15mm' : `size: ${width}mm ${height}mm; margin: 0`;
  sheet.insertRule(`@page { ${page}; }`, sheet.cssRules.length);
  document.documentElement.dataset.fitted = page;
}

await document.fonts.ready;
fit();

document.querySelector('[data-print]').addEventListener('click', () => window.print());
// A till opens this in a window of its own: when it is printed, or the dialog dismissed, the window is done.
const own = window.opener !== null;
const asked = new URLSearchParams(location.search).get('cetak') === '1';
document.querySelector('[data-back]').addEventListener('click', (event) => {
  if (!own) return;
  event.preventDefault();
  window.close();
});
if (asked) {
  if (own) window.addEventListener('afterprint', () => window.close());
  requestAnimationFrame(() => window.print());
}
