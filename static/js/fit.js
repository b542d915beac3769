// A receipt's page is exactly as wide as the roll and as long as the receipt: no print dialog has to scale or cut it.

const MILLIMETRE = 96 / 25.4;
const MARGIN = 8; // millimetres of paper after the last line, to tear it off
const LONGEST = 3_000; // millimetres: what is longer goes on, on the next page, between two lines

// Sets the page for `slip` (data-width: 58, 80 or a4) in `sheet`, in place of what was set before.
export function fit(slip, sheet) {
  const { width } = slip.dataset;
  const height = Math.min(Math.ceil(slip.getBoundingClientRect().height / MILLIMETRE) + MARGIN, LONGEST);
  const page = width === 'a4' ? 'size: A4; margin: 15mm' : `size: ${width}mm ${height}mm; margin: 0`;
  for (let i = sheet.cssRules.length - 1; i >= 0; i -= 1) {
    if (sheet.cssRules[i] instanceof CSSPageRule) sheet.deleteRule(i);
  }
  sheet.insertRule(`@page { ${page}; }`, sheet.cssRules.length);
  return page;
}
