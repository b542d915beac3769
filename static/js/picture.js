// A QR code as a picture, black on white whatever the theme: scanners want it so.

import { encode } from '../vendor/uqr.js';

const SVG = 'http://www.w3.org/2000/svg';
const QUIET = 4; // modules of white round it

// An SVG element that says `label` to those who cannot see it.
export function picture(text, label) {
  const { data, size } = encode(text, { ecc: 'M', border: QUIET });
  const svg = drawn('svg', { viewBox: `0 0 ${size} ${size}`, role: 'img', 'aria-label': label, 'shape-rendering': 'crispEdges' });
  const bars = data.flatMap((row, y) => runs(row).map(([x, length]) => `M${x} ${y}h${length}v1h-${length}z`));
  svg.append(drawn('rect', { width: size, height: size, fill: '#fff' }), drawn('path', { d: bars.join(''), fill: '#000' }));
  return svg;
}

// [where, how long] of what is dark in a row.
function runs(row) {
  const found = [];
  row.forEach((dark, x) => {
    if (dark && row[x - 1]) found.at(-1)[1] += 1;
    else if (dark) found.push([x, 1]);
  });
  return found;
}

function drawn(name, attributes) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}
