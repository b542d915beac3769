// Labels of scales: an EAN-13 that carries a weight or a price of its own. Two digits of prefix, which the gallery has
// given a meaning, five of item code (a barcode of the product), five of grams or rupiah, and the check digit.
// No DOM, no network.

import { addProduct, isDivisible } from './cart.js';
import { THOUSAND, gross } from './money.js';

const LABEL = /^(2\d)(\d{5})(\d{5})\d$/;

// {item, weight} in grams or {item, price} in rupiah, or null; `prefixes` says "weight" or "price" of each in use.
export function labelIn(code, prefixes) {
  const found = LABEL.exec(code);
  const kind = found && prefixes?.[found[1]];
  return kind && Number(found[3]) && isRight(code) ? { item: found[2], [kind]: Number(found[3]) } : null;
}

// Puts what a label says into the cart and returns the line; null when the product is not sold so.
// The printed price is what the buyer pays. The quantity is what it buys, to the gram; where no whole gram costs just
// that, it is the next that costs more, and the line is discounted by the difference.
export function addLabel(cart, product, label) {
  const quantity = label.price ? bought(label.price, product.price) : inUnits(label.weight, product.unit_of_measure);
  if (!quantity || !isDivisible({ unit: product.unit_of_measure })) return null;
  return addProduct(cart, product, quantity, label.item, label.price);
}

// Thousandths that cost `amount`, or a little more where none cost just that; null where nothing has a price.
function bought(amount, price) {
  if (!price) return null;
  const nearest = Math.round((amount * THOUSAND) / price);
  return gross(nearest, price) < amount ? nearest + 1 : nearest;
}

// Thousandths of the unit for grams (millilitres, millimetres).
function inUnits(weight, unit) {
  return unit === 'gram' ? weight * THOUSAND : weight;
}

function isRight(code) {
  return [...code].reduce((sum, digit, i) => sum + Number(digit) * (i % 2 ? 3 : 1), 0) % 10 === 0;
}
