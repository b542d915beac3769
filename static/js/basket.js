// The open cart: what is scanned into it, what is changed and taken out, and how it stands on the screen.

import {
  WITHIN, addProduct, askPrices, chooseChannel, isDivisible, leaveChannel, openCart, received, removeLine, reprice, setQuantity, totals,
} from './cart.js';
import { $, say, write } from './dom.js';
import { difference } from './exchange.js';
import { whyNot } from './lines.js';
import { THOUSAND, grouped, quantityText, readQuantity, rupiah } from './money.js';
import { buzz, chirp } from './sound.js';
import { moved, till } from './state.js';
import { tell } from './status.js';
import { transact } from './store.js';

export const CHANNEL = 'saluran'; // what this device remembers

export function newCart() {
  return openCart(localStorage.getItem(CHANNEL) ?? 'galeri');
}

export function scanned(code) {
  if (till.saving) return till.held.push(code);
  if ($('till').hidden && !till.paid.isShown) return buzz();
  if (till.back.scanned(code)) return null;
  till.paid.leave(true);
  for (const id of ['sure', 'queue', 'drawer', 'line-off', 'agree', 'bid']) $(id)?.close();
  till.lines.settle();
  return till.shelf.scanned(code);
}

// Takes a product from the shelf or the scanner; `typed` is what stood before the `*`, or null for one.
export function pick(product, typed, code) {
  const divisible = isDivisible({ unit: product.unit_of_measure });
  const quantity = typed === null ? THOUSAND : readQuantity(typed, divisible);
  const line = quantity ? addProduct(till.cart, product, quantity, code) : null;
  if (!line && product.auction) return askBid(till.cart.lines.find((each) => each.product === product.id)); // again
  if (!line) return refuse(product.name, product.unit_of_measure, typed, product.one_of_a_kind);
  const ordered = chooseChannel(till.cart, product) && product.made_to_order;
  keep();
  tellAdded(line);
  if (ordered) tell(say('ordered', { name: product.name }), 'good');
  if (product.auction) return askBid(line);
  if (divisible && typed === null && !till.dialog.isOpen) till.lines.edit(line); // it wants its weight
  else if (!till.dialog.isOpen) till.shelf.rest();
  return line;
}

// What was bid for it, in a dialog.
function askBid(line) {
  import('./auction.js').then(({ ask }) => ask(line)).catch(console.error);
  return line;
}

export function tellAdded(line) {
  chirp();
  till.lines.flash(line);
  tell(say('added', { name: line.name, quantity: quantityText(line.quantity), unit: line.unit }), 'good');
}

export function unknown(text) {
  if (till.scale?.takes(text)) return till.shelf.clear();
  if (till.back.scanned(text)) return till.shelf.clear();
  buzz();
  const told = say('unknown_code', { code: text });
  tell(told, 'bad');
  import('./gone.js').then(({ explain }) => explain(text, told)).catch(console.error);
  till.shelf.rest();
  till.shelf.clear();
}

export function refuse(name, unit, typed, only = false) {
  buzz();
  tell(whyNot(name, unit, typed ?? '', only), 'bad');
  till.shelf.clear();
  return false;
}

export function setLine(line, quantity, typed) {
  if (quantity === null || !setQuantity(line, quantity)) return refuse(line.name, line.unit, typed, line.only);
  tell('');
  return keep();
}

// Fewer pieces than were scanned; what is weighed is set as often as it takes.
export function lessOf(line, before) {
  if (line.quantity < before && !isDivisible(line)) tookOut('less', [[line, before - line.quantity]]);
}

export function dropLine(line) {
  removeLine(till.cart, line.product);
  leaveChannel(till.cart);
  tookOut('line', [[line, line.quantity]]);
  tell('');
  till.shelf.rest();
  return keep();
}

// Somebody may ask why it was scanned: kept on this device and told to the server.
function tookOut(kind, lines) {
  const [cart, at] = [till.cart.id, Date.now()];
  import('./removals.js').then(({ keep: note }) => note(kind, lines, cart, at)).catch(console.error);
}

export function set(change) {
  Object.assign(till.cart, change);
  tell('');
  keep();
}

// Draws the cart and remembers it, so that a page loaded anew goes on with it.
export function keep() {
  askPrices(till.cart);
  draw();
  const put = async ({ state }) => state.put(till.cart, `cart:${till.register.code}`);
  transact(till.database, ['state'], put, { write: true }).catch(console.error);
  return true;
}

export function askToClear() {
  if (!till.cart.lines.length) return;
  const back = received(till.cart);
  $('sure-text').textContent =
    say('clear_text', { lines: till.cart.lines.length, total: rupiah(totals(till.cart).total) }) +
    (back ? ` ${say('clear_taken', { amount: rupiah(back) })}` : '');
  $('sure').returnValue = '';
  $('sure').onclose = () => {
    if ($('sure').returnValue === 'yes') clear();
    till.shelf.rest();
  };
  $('sure').showModal();
}

// Opens a cart that waited (or a new one) in place of the open one, which has been set aside.
export function openInstead(cart, text) {
  till.cart = cart ?? newCart();
  till.lines.clear();
  draw();
  if (!renewPrices()) tell(text, 'good');
  till.shelf.rest();
}

function clear() {
  tookOut('clear', till.cart.lines.map((line) => [line, line.quantity]));
  till.cart = newCart();
  till.discount.put(0);
}

export function draw() {
  const sums = totals(till.cart);
  till.lines.draw(till.cart, totals({ ...till.cart, discount: 0 })); // the column adds up to the subtotal
  till.discount.draw(sums, received(till.cart));
  write($('total'), 'textContent', rupiah(sums.total));
  const size = { 11: 'long', 12: 'longer', 13: 'longer' }[$('total').value.length] ?? ($('total').value.length > 13 ? 'longest' : '');
  write($('total'), 'className', size); // it never leaves its place
  write($('count'), 'textContent', till.cart.lines.length ? say('count', { lines: till.cart.lines.length }) : '');
  $('buyer').querySelector(`[value="${till.cart.buyer}"]`).checked = true;
  $('buyer-ref-line').hidden = till.cart.buyer !== 'petugas';
  write($('buyer-ref'), 'value', till.cart.buyerRef ?? '');
  $('channel').value = till.cart.channel;
  $('till').classList.toggle('within', WITHIN.includes(till.cart.buyer));
  const chosen = $('buyer').querySelector(':checked + span').textContent;
  const given = sums.goods - sums.total;
  const off = given ? ` · ${say('discount')} ${grouped(given)}` : '';
  write($('more-text'), 'textContent', `${chosen} · ${$('channel').selectedOptions[0].textContent}${off}`);
  const ready = till.cart.lines.length > 0 && !till.cart.lines.some((line) => line.gone);
  for (const button of document.querySelectorAll('[data-pay]')) button.disabled = !ready;
  $('clear').disabled = !till.cart.lines.length;
  till.aside.draw();
  drawExchange();
  till.dialog.update(difference(till.cart).due);
  moved();
}

// What came back for the goods in the cart, and who gives whom how much.
function drawExchange() {
  const { exchange } = till.cart;
  $('exchange').hidden = !exchange;
  if (!exchange) return;
  const { due, back } = difference(till.cart);
  $('exchange-text').textContent = say('exchange_from', { receipt: exchange.receipt, amount: rupiah(exchange.amount) });
  $('exchange-net').textContent = due ? say('exchange_due', { amount: rupiah(due) }) : say('exchange_back', { amount: rupiah(back) });
}

// Gives the open cart the prices in force and says so; whether anything changed.
export function renewPrices() {
  const changes = reprice(till.cart, (line) => till.catalog.products.get(line.product));
  const gone = till.cart.lines.some((line) => line.gone);
  if (changes.length || gone) keep();
  if (!changes.length) return false;
  const sentences = changes.map(({ name, before, now }) =>
    say('price_changed', { name, before: rupiah(before), now: rupiah(now) }),
  );
  tell([...sentences, say('check_again')].join(' '), 'bad');
  return true;
}
