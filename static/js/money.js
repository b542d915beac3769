// Whole rupiah and thousandths: the same functions as pos/money.py, held equal by tests/vectors/cart.json.
// Products of two large amounts pass 2^53, so they are multiplied as BigInt; what comes out is a safe Number.

export const THOUSAND = 1000;

// `numerator / denominator` to the nearest integer, halves away from zero (BigInt in, Number out).
function halfUp(numerator, denominator) {
  const size = numerator < 0n ? -numerator : numerator;
  const rounded = size / denominator + (2n * (size % denominator) >= denominator ? 1n : 0n);
  return Number(numerator < 0n ? -rounded : rounded);
}

// Rupiah for `quantity` thousandths at `unitPrice` rupiah each.
export function gross(quantity, unitPrice) {
  return halfUp(BigInt(quantity) * BigInt(unitPrice), 1000n);
}

// Rupiah that so many percent of `amount` come to.
export function percent(amount, perHundred) {
  return halfUp(BigInt(amount) * BigInt(perHundred), 100n);
}

// Splits `total` in proportion to `weights` (none negative) by largest remainder; ties go to the first.
export function spread(total, weights) {
  if (!weights.length) return [];
  if (total < 0) return spread(-total, weights).map((part) => 0 - part);
  const sum = weights.reduce((a, b) => a + BigInt(b), 0n);
  if (sum === 0n) return weights.map((_, i) => (i ? 0 : total));
  const shares = weights.map((weight) => BigInt(total) * BigInt(weight));
  const parts = shares.map((share) => Number(share / sum));
  const rest = shares.map((share) => share % sum);
  const order = weights.map((_, i) => i).sort((a, b) => (rest[a] === rest[b] ? a - b : rest[a] > rest[b] ? -1 : 1));
  const missing = total - parts.reduce((a, b) => a + b, 0);
  for (const i of order.slice(0, missing)) parts[i] += 1;
  return parts;
}

// What falls to `now` of `of` pieces of `whole`, when `before` have had their part already.
export function portion(whole, before, now, of) {
  const upTo = (pieces) => halfUp(BigInt(whole) * BigInt(pieces), BigInt(of));
  return upTo(before + now) - upTo(before);
}

// What goes back on top of `now` rupiah of goods when a sale of `goods` was rounded by `rounding` in cash: `before` of
// its goods and `undone` of its rounding went back already. What has gone back in cash is a multiple of `step` on the
// way (0: to the rupiah), never above what was paid; the `last` part makes it just that.
export function roundingBack({ goods, rounding, before, undone, now, last, step }) {
  const paid = goods + rounding;
  const rounded = step ? halfUp(BigInt(before + now), BigInt(step)) * step : before + now;
  const back = rounded > before + undone ? rounded : before + now; // never down to nothing
  const whole = last ? paid : Math.min(back, paid);
  return Math.max(0, whole - before - undone) - now;
}

// `48.000.000`, the way it is written in Indonesia.
export function grouped(number) {
  return String(number).replace(/\B(?=(\d{3})+$)/g, '.');
}

// `Rp48.000.000`
export function rupiah(amount) {
  return `${amount < 0 ? '-' : ''}Rp${grouped(Math.abs(amount))}`;
}

// `2` for 2000, `1,5` for 1500, `1.200` for 1200000.
export function quantityText(thousandths) {
  const [whole, decimals] = plainQuantity(thousandths).split(',');
  return grouped(whole) + (decimals ? `,${decimals}` : '');
}

// The same without grouping: what stands in a field that is typed in.
export function plainQuantity(thousandths) {
  const sign = thousandths < 0 ? '-' : '';
  const size = Math.abs(thousandths);
  const rest = String(size % THOUSAND).padStart(3, '0').replace(/0+$/, '');
  return `${sign}${Math.floor(size / THOUSAND)}${rest ? `,${rest}` : ''}`;
}

// The digits of what was typed as money, or null when there is none.
export function readRupiah(text) {
  const digits = text.replace(/\D/g, '').slice(0, 13);
  return digits ? Number(digits) : null;
}

// Rupiah of a discount off `worth` rupiah as it was typed: an amount, or whole percent; null for what is neither.
export function readDiscount(text, worth, inPercent = text.includes('%')) {
  if (!text.trim()) return 0;
  if (!inPercent) return /^\s*(Rp)?[\d.\s]*$/i.test(text) ? (readRupiah(text) ?? 0) : null;
  const share = Number(/^\s*(\d{1,3})\s*%?\s*$/.exec(text)?.[1] ?? NaN);
  return share <= 100 ? percent(worth, share) : null;
}

// Thousandths for what was typed as a quantity, or null. In parts (`kg`) comma and dot are both decimals;
// for whole pieces a dot can only group (`1.000` pieces are a thousand).
export function readQuantity(text, divisible) {
  const typed = text.trim();
  if (!divisible) return /^(\d{1,6}|\d{1,3}(\.\d{3})+)$/.test(typed) ? Number(typed.replaceAll('.', '')) * THOUSAND : null;
  const found = /^(\d{1,6})(?:[.,](\d{0,3}))?$/.exec(typed);
  return found ? Number(found[1]) * THOUSAND + Number((found[2] ?? '').padEnd(3, '0')) : null;
}
