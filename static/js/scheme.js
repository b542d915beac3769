// How the base of a line is shared out: the same as `share_out` of pos/revenue/services.py, held by the same vectors.

/** Each share of `base` rupiah (hundredths of a percent) rounded down; the one at `taker` has the rest as well. */
export function shareOut(base, points, taker) {
  const whole = BigInt(base);
  const parts = points.map((share) => Number((whole * BigInt(share)) / 10000n));
  parts[taker] += base - parts.reduce((sum, part) => sum + part, 0);
  return parts;
}

/** How much of the rounding the share at `taker` has of it. */
export const rest = (base, points, taker) =>
  shareOut(base, points, taker)[taker] - Number((BigInt(base) * BigInt(points[taker])) / 10000n);

/** What is shared: the profit or the sales, and nothing of a loss. */
export const baseOf = (kind, amount, cost) => Math.max(0, kind === 'laba' ? amount - cost : amount);

/** `12,5` percent as 1250; null where it is no percentage with at most two decimals. */
export function readPercent(text) {
  const found = /^(\d{1,3})(?:[,.](\d{1,2}))?$/.exec(text.trim().replace(/%$/, '').trim());
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : null;
}

/** Whole rupiah as people write them: nothing is 0, and null is what is no amount (`-5`, `12,50`, `x`). */
export function readAmount(text) {
  const typed = text.trim().replace(/^Rp\s*/i, '');
  if (!typed) return 0;
  return /^(\d{1,3}(\.\d{3})+|\d{1,13})$/.test(typed) ? Number(typed.replaceAll('.', '')) : null;
}

/**
 * What is wrong with the rows of a form (`{name, percent}` as typed) and the row that takes the remainder: null, or
 * `{why, n, percent}` with the number of the row or the sum of the percentages.
 */
export function wrongWith(rows, taker) {
  const filled = rows.map((row, at) => ({ ...row, n: at + 1, points: readPercent(row.percent) }))
    .filter((row) => row.name || row.percent.trim());
  const half = filled.find((row) => !row.name || row.points === null);
  if (half) return { why: 'row', n: half.n };
  const whole = filled.reduce((sum, row) => sum + row.points, 0);
  if (whole !== 10000) return { why: 'whole', percent: whole / 100 };
  return filled.some((row) => row.n === taker + 1) ? null : { why: 'taker' };
}
