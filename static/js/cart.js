// What is being bought, its arithmetic, and the sale document it becomes. No DOM, no network.
// A cart is plain data (it is stored as it is): {id, lines, buyer, channel, discount, exchange, approval, taken}.

import { THOUSAND, gross, percent, spread } from './money.js';
import { uuid7 } from './uuid.js';

export const DIVISIBLE = ['kg', 'gram', 'liter', 'meter'];
export const QRIS_LIMIT = 10_000_000;
const MOST_LINES = 500;
const MOST_PIECES = 10 ** 9; // thousandths
const NOTES = [1_000, 5_000, 10_000, 20_000, 50_000, 100_000];
const ORDER = 'pesanan';
const AUCTION = 'lelang';
export const WITHIN = ['petugas', 'wbp']; // who is asked the inside price
const OFFSETS = { WIB: 7, WITA: 8, WIT: 9 };

export function openCart(channel = 'galeri') {
  return { id: uuid7(), lines: [], buyer: 'masyarakat', channel, discount: 0 };
}

// The lowest of a product's prices that hold for that quantity and buyer, as pos/catalog/pricing.py has it:
// [rupiah, 'wholesale', 'inside' or '' for the usual one].
export function lowest({ price, wholesale, wholesale_from: least, inside }, quantity, buyer) {
  let found = [price, ''];
  if (inside < found[0] && WITHIN.includes(buyer)) found = [inside, 'inside'];
  if (wholesale < found[0] && quantity >= least) found = [wholesale, 'wholesale'];
  return found;
}

// Every line at what its quantity costs this buyer; what a label was printed for stays at the usual price.
export function askPrices(cart) {
  for (const line of cart.lines) {
    if (line.prices) [line.price, line.rate] = asked(line, cart);
  }
}

function asked({ prices, printed, bid, quantity }, { buyer, channel }) {
  if (printed) return [prices.price, ''];
  if (bid >= prices.price && channel === AUCTION) return [bid, 'auction'];
  return lowest(prices, quantity, buyer);
}

// Goods of an order, or of an auction, make the cart one; they take it back with them when they leave it.
export function chooseChannel(cart, made) {
  const channel = made.auction ? AUCTION : made.made_to_order ? ORDER : '';
  if (!channel || [AUCTION, ORDER].includes(cart.channel)) return false;
  Object.assign(cart, { channel, channelBefore: cart.channel });
  return true;
}

export function leaveChannel(cart) {
  if (!cart.channelBefore || cart.lines.some((line) => line.special)) return;
  if ([AUCTION, ORDER].includes(cart.channel)) cart.channel = cart.channelBefore;
  delete cart.channelBefore;
}

function pricesOf({ price, wholesale, wholesale_from, inside }) {
  return { price, wholesale, wholesale_from, inside };
}

export function isDivisible(line) {
  return DIVISIBLE.includes(line.unit);
}

// Adds thousandths of a catalogue product and returns its line; null when that cannot be sold so. `printed` is what a
// scale's label asks for them, should that be another sum.
export function addProduct(cart, product, quantity, code = product.barcodes[0], printed = 0) {
  const known = cart.lines.find((line) => line.product === product.id);
  const line = known ?? {
    product: product.id,
    code,
    name: product.name,
    maker: product.maker,
    unit: product.unit_of_measure,
    price: product.price,
    prices: pricesOf(product),
    quantity: 0,
    ...(product.one_of_a_kind ? { only: true } : {}),
    ...(product.auction ? { bid: product.price } : {}),
    ...(product.auction || product.made_to_order ? { special: true } : {}),
  };
  if (printed) line.price = product.price;
  const asked = gross(line.quantity, line.price) - labelOff(line) + (printed || gross(quantity, line.price));
  const labelled = printed || line.printed;
  if (!setQuantity(line, line.quantity + quantity)) return null;
  if (!known) {
    if (cart.lines.length >= MOST_LINES) return null;
    cart.lines.push(line);
  }
  if (labelled) keepPrinted(line, asked);
  askPrices(cart);
  return line;
}

// What was printed is what is paid: the quantity is the least that costs it.
function keepPrinted(line, printed) {
  while (gross(line.quantity, line.price) < printed) line.quantity += 1;
  line.printed = printed;
}

// The discount of a line whose labels ask for less than its quantity costs.
function labelOff(line) {
  return line.printed ? gross(line.quantity, line.price) - line.printed : 0;
}

// False, and nothing changed, when the line cannot be sold in that quantity.
export function setQuantity(line, quantity) {
  if (quantity <= 0 || quantity > (line.only ? THOUSAND : MOST_PIECES) || (quantity % THOUSAND && !isDivisible(line))) return false;
  line.quantity = quantity;
  delete line.printed; // another quantity is not what a label was printed for
  return true;
}

export function removeLine(cart, product) {
  cart.lines = cart.lines.filter((line) => line.product !== product);
}

// Gives every line the prices that are in force; returns [{name, before, now}] of those that changed.
// `productOf(line)` is undefined when the product is not sold any more (the line is marked `gone`).
export function reprice(cart, productOf) {
  const before = cart.lines.map((line) => line.price);
  for (const line of cart.lines) {
    const product = productOf(line);
    line.gone = !product;
    if (product) line.prices = pricesOf(product);
    if (product && product.price !== line.price) delete line.printed;
  }
  askPrices(cart);
  return cart.lines
    .map(({ name, price }, i) => ({ name, before: before[i], now: price }))
    .filter((change) => change.before !== change.now);
}

// What each line comes to: gross less its discount less its part of the bill's discount.
export function amounts(lines, discount) {
  const net = lines.map(([quantity, price, off]) => gross(quantity, price) - off);
  const parts = spread(discount, net);
  return net.map((amount, i) => amount - parts[i]);
}

// {amounts, off, goods, subtotal, discount, total}: `goods` less `off`, the lines' own discounts, is the subtotal, and
// that less the bill's discount the total; a discount never exceeds what is bought.
export function totals(cart) {
  const worth = cart.lines.map((line) => gross(line.quantity, line.price));
  const off = cart.lines.map((line, i) => Math.min((line.discount ?? 0) + labelOff(line), worth[i]));
  const rows = cart.lines.map((line, i) => [line.quantity, line.price, off[i]]);
  const goods = sum(worth);
  const subtotal = goods - sum(off);
  const discount = Math.min(cart.discount, subtotal);
  const each = amounts(rows, discount);
  return { amounts: each, off, goods, subtotal, discount, total: sum(each) };
}

// {given, most}: rupiah given away on lines and bill, and how many of them `limit` percent of the goods' value are.
export function givenAway(cart, limit) {
  const { goods, total } = totals(cart);
  return { given: goods - total - sum(cart.lines.map(labelOff)), most: percent(goods, limit) };
}

// The payments of a document from what was handed over; change comes out of cash alone.
// {payments, change, due}: `due` is what is still missing.
export function settle(total, tenders) {
  let due = total;
  const given = tenders.filter((tender) => tender.tendered > 0);
  const payments = [...given.filter((t) => t.method !== 'cash'), ...given.filter((t) => t.method === 'cash')].map(
    ({ method, tendered, reference = '' }) => {
      const change = method === 'cash' ? Math.max(0, tendered - Math.max(0, due)) : 0;
      due -= tendered - change;
      return { method, tendered, change, reference };
    },
  );
  return { payments, change: sum(payments.map((payment) => payment.change)), due };
}

// Rupiah handed over for the cart already, in parts.
export function received(cart) {
  return sum((cart.taken ?? []).map((tender) => tender.tendered));
}

// What cash is rounded by, so that `due` becomes a multiple of `step` (0: not at all); never down to nothing.
export function cashRounding(due, step) {
  if (!step || due <= 0) return 0;
  const over = due % step;
  const rounding = 2 * over >= step ? step - over : 0 - over;
  return due + rounding ? rounding : 0;
}

// The usual down payment on what is due, in whole thousands; none that would be all of it.
export function downPayment(due, percentage) {
  const down = Math.ceil(percent(due, percentage) / 1_000) * 1_000;
  return down < due ? down : 0;
}

// What a buyer is likely to hand over for `total`, above the exact amount.
export function likelyNotes(total) {
  const above = NOTES.map((note) => Math.ceil(total / note) * note).filter((amount) => amount > total);
  return [...new Set(above)].sort((a, b) => a - b).slice(0, 4);
}

// The staff number of an officer who buys, where it was typed; other documents stay as they always were.
function staffNumber({ buyer, buyerRef = '' }) {
  const number = buyer === 'petugas' ? buyerRef.replace(/[^0-9A-Za-z]/g, '').slice(0, 20) : '';
  return number ? { buyer_ref: number } : {};
}

export function saleDocument(cart, { register, soldAt, version, payments, rounding = 0 }) {
  const { amounts: each, off, discount, total } = totals(cart);
  return {
    id: cart.id,
    register,
    number: 0, // the outbox gives it, in the transaction that keeps the sale
    sold_at: soldAt,
    catalog_version: version,
    buyer: cart.buyer,
    channel: cart.channel,
    refund_of: null,
    note: '',
    lines: cart.lines.map((line, i) => ({
      product: line.code,
      quantity: line.quantity,
      unit_price: line.price,
      discount: off[i],
      amount: each[i],
    })),
    discount,
    rounding,
    total: total + rounding,
    payments,
    ...staffNumber(cart),
  };
}

// Whether two documents sell the same; they may have been paid a moment apart.
export function sameGoods(a, b) {
  const goods = ({ lines, discount, buyer, channel }) => JSON.stringify([lines, discount, buyer, channel]);
  return goods(a) === goods(b);
}

// An instant as the wall clock of the zone shows it, with its offset: 2026-04-26T09:30:12.345+09:00
export function stamp(milliseconds, zone) {
  const hours = OFFSETS[zone];
  return `${new Date(milliseconds + hours * 3_600_000).toISOString().slice(0, -1)}+0${hours}:00`;
}

// `09.31`
export function wallClock(milliseconds, zone) {
  return stamp(milliseconds, zone).slice(11, 16).replace(':', '.');
}

// `5*` and `1,5*` before a code or a name: [typed quantity or null, the rest].
export function multiplier(text) {
  const found = /^\s*(\d{1,6}(?:[.,]\d{1,3})?)\s*[*×]\s*(.*)$/.exec(text);
  return found ? [found[1], found[2].trim()] : [null, text.trim()];
}

function sum(numbers) {
  return numbers.reduce((a, b) => a + b, 0);
}
