// The till: holds the open cart and brings scan, shelf, payment and outbox together.

import {
  addProduct, isDivisible, openCart, removeLine, reprice, sameGoods, saleDocument, setQuantity, stamp, totals, wallClock,
} from './cart.js';
import { Catalog } from './catalog.js';
import { Discount } from './discount.js';
import { $, say } from './dom.js';
import { listenToKeys } from './keys.js';
import { Lines, whyNot } from './lines.js';
import { THOUSAND, grouped, quantityText, readQuantity, rupiah } from './money.js';
import { notice } from './notice.js';
import { NotStored, Outbox } from './outbox.js';
import { Paid } from './paid.js';
import { PayDialog } from './pay.js';
import { Queue } from './queue.js';
import { listen } from './scanner.js';
import { Shelf } from './shelf.js';
import { buzz, chirp } from './sound.js';
import { got, openStore, transact } from './store.js';
import { hold } from './tab.js';
import { uuid7 } from './uuid.js';

const RENEW = 60_000; // ms between looks for a changed catalogue
const PATIENCE = 2_500; // ms that a buyer waits for the server before the till goes on without it
const IMPATIENCE = 300; // the same when the server was out of reach a moment ago
const OLD = 15 * 60_000; // ms after which the catalogue's age is shown as a warning
const REGISTER = 'kasir'; // what this device remembers
const CHANNEL = 'saluran';

const database = await openStore().catch((error) => {
  notice('no_store');
  throw error;
});
const catalog = new Catalog(database, $('till').dataset.person);
let register = null; // {code, gallery, zone, unit, paper_width, next_number}
let outbox = null;
let queue = null;
let cart = openCart();
let mine = true; // false once another tab has taken this register over
let saving = false;
let last = null; // the newest sale here: {document, cart, outcome}
const held = []; // codes scanned while a sale was being kept

const shelf = new Shelf({ catalog, pick, unknown, up: () => lines.last() });
const lines = new Lines({ set: setLine, remove: dropLine, leave: () => shelf.rest() });
const discount = new Discount((amount) => set({ discount: amount }));
const dialog = new PayDialog(pay);
const paid = new Paid({ next: () => shelf.rest(), printed: (id) => outbox.markPrinted(id), mend: takeBack });

await begin();

// -- beginning -----------------------------------------------------------------------------------------

async function begin() {
  await catalog.load();
  const reached = await catalog.refresh().then(
    () => 'online',
    (error) => (error.status === 401 ? 'sign_in' : 'offline'),
  );
  drawLink(reached);
  if (!catalog.at) {
    setTimeout(begin, 5_000);
    return notice('no_catalog', {}, [[say('again'), () => location.reload()]]);
  }
  const remembered = catalog.register(localStorage.getItem(REGISTER));
  register = remembered ?? (catalog.registers.length === 1 ? catalog.registers[0] : null);
  return register ? sellAt(false, reached) : choose();
}

function choose() {
  if (!catalog.registers.length) return notice('no_register');
  const acts = catalog.registers.map(({ code, gallery }) => [`${code} · ${gallery}`, () => change(code)]);
  return notice('choose', {}, acts);
}

function change(code) {
  localStorage.setItem(REGISTER, code);
  location.reload();
}

async function sellAt(steal, reached = 'online') {
  const names = { register: register.code };
  const here = [[say('take_over'), () => sellAt(true)]];
  const lost = () => {
    mine = false;
    notice('lost_tab', names, here);
  };
  if (!(await hold(`till:${register.code}`, { steal, lost }))) return notice('other_tab', names, here);
  if (outbox) return location.reload(); // taken back: begin with what the other tab left
  outbox = new Outbox(database, register.code, changed);
  outbox.link = reached;
  queue = new Queue({ outbox, zoneOf: (code) => catalog.register(code)?.zone ?? register.zone, takeBack });
  await outbox.start(register.next_number, reached === 'online' && !steal);
  cart = (await transact(database, ['state'], ({ state }) => got(state.get(`cart:${register.code}`)))) ?? newCart();
  catalog.sellFor(register.unit);
  $('place-code').textContent = register.code;
  $('place-gallery').textContent = register.gallery;
  $('change-register').hidden = catalog.registers.length < 2;
  shelf.draw();
  if (!renewPrices()) tell(cart.lines.length ? '' : say('empty_cart'));
  draw();
  tick();
  listenToTheCashier();
  setInterval(tick, 1_000);
  setInterval(renew, RENEW);
  $('notice').hidden = true;
  $('till').hidden = false;
  shelf.rest();
  navigator.storage?.persist?.();
  return sendForOthers();
}

function listenToTheCashier() {
  listen(scanned, (code) => catalog.byCode.has(code));
  listenToKeys({ selling: () => !$('till').hidden, paid, shelf, pay: openPay, clear: askToClear });
  $('panel').addEventListener('click', (event) => {
    const method = event.target.closest('[data-pay]')?.dataset.pay;
    if (method) openPay(method);
  });
  $('buyer').addEventListener('change', (event) => set({ buyer: event.target.value }));
  $('channel').addEventListener('change', (event) => {
    localStorage.setItem(CHANNEL, event.target.value);
    set({ channel: event.target.value });
  });
  $('pay').addEventListener('close', () => (paid.isShown ? paid.focus() : shelf.rest()));
  $('clear').addEventListener('click', askToClear);
  $('change-register').addEventListener('click', choose);
  $('more').addEventListener('click', () => {
    const open = $('panel').classList.toggle('open');
    $('more').setAttribute('aria-expanded', String(open));
  });
  for (const button of document.querySelectorAll('[data-close]')) {
    button.addEventListener('click', () => button.closest('dialog').close());
  }
}

// What another register of this device left unsent goes too, unless a tab of its own is at it.
async function sendForOthers() {
  const { waiting } = await outbox.unsent();
  for (const code of new Set(waiting.map((sale) => sale.register).filter((each) => each !== register.code))) {
    if (await hold(`till:${code}`, { lost: () => {} })) await new Outbox(database, code, changed).start();
  }
}

// -- the cart ------------------------------------------------------------------------------------------

function newCart() {
  return openCart(localStorage.getItem(CHANNEL) ?? 'galeri');
}

function scanned(code) {
  if (saving) return held.push(code);
  if ($('till').hidden && !paid.isShown) return buzz();
  paid.leave(true);
  for (const id of ['sure', 'queue']) $(id).close();
  lines.settle();
  return shelf.scanned(code);
}

// Takes a product from the shelf or the scanner; `typed` is what stood before the `*`, or null for one.
function pick(product, typed, code) {
  const divisible = isDivisible({ unit: product.unit_of_measure });
  const quantity = typed === null ? THOUSAND : readQuantity(typed, divisible);
  const line = quantity ? addProduct(cart, product, quantity, code) : null;
  if (!line) return refuse(product.name, product.unit_of_measure, typed);
  chirp();
  keep();
  lines.flash(line);
  tell(say('added', { name: line.name, quantity: quantityText(line.quantity), unit: line.unit }), 'good');
  if (divisible && typed === null && !dialog.isOpen) lines.edit(line); // it wants its weight
  else if (!dialog.isOpen) shelf.rest();
  return line;
}

function unknown(text) {
  buzz();
  tell(say('unknown_code', { code: text }), 'bad');
  shelf.rest();
  shelf.clear();
}

function refuse(name, unit, typed) {
  buzz();
  tell(whyNot(name, unit, typed ?? ''), 'bad');
  shelf.clear();
  return false;
}

function setLine(line, quantity, typed) {
  if (quantity === null || !setQuantity(line, quantity)) return refuse(line.name, line.unit, typed);
  tell('');
  return keep();
}

function dropLine(line) {
  removeLine(cart, line.product);
  tell('');
  shelf.rest();
  return keep();
}

function set(change) {
  Object.assign(cart, change);
  tell('');
  keep();
}

// Draws the cart and remembers it, so that a page loaded anew goes on with it.
function keep() {
  draw();
  const put = async ({ state }) => state.put(cart, `cart:${register.code}`);
  transact(database, ['state'], put, { write: true }).catch(console.error);
  return true;
}

function askToClear() {
  if (!cart.lines.length) return;
  $('sure-text').textContent = say('clear_text', { lines: cart.lines.length, total: rupiah(totals(cart).total) });
  $('sure').returnValue = '';
  $('sure').onclose = () => {
    if ($('sure').returnValue === 'yes') clear();
    shelf.rest();
  };
  $('sure').showModal();
}

function clear() {
  cart = newCart();
  discount.clear();
}

function draw() {
  const sums = totals(cart);
  lines.draw(cart, totals({ ...cart, discount: 0 }).amounts); // the column adds up to the subtotal
  discount.draw(sums);
  $('total').textContent = rupiah(sums.total);
  $('total').classList.toggle('long', sums.total >= 100_000_000);
  $('count').textContent = cart.lines.length ? say('count', { lines: cart.lines.length }) : '';
  $('buyer').querySelector(`[value="${cart.buyer}"]`).checked = true;
  $('channel').value = cart.channel;
  const chosen = $('buyer').querySelector(':checked + span').textContent;
  const off = sums.discount ? ` · ${say('discount')} ${grouped(sums.discount)}` : '';
  $('more-text').textContent = `${chosen} · ${$('channel').selectedOptions[0].textContent}${off}`;
  const ready = cart.lines.length > 0 && !cart.lines.some((line) => line.gone);
  for (const button of document.querySelectorAll('[data-pay]')) button.disabled = !ready;
  $('clear').disabled = !cart.lines.length;
  dialog.update(sums.total);
}

// -- paying --------------------------------------------------------------------------------------------

function openPay(method) {
  if (dialog.isOpen) return dialog.open(method, totals(cart).total);
  if (!lines.settle() || !discount.isRight) return null;
  document.activeElement?.blur();
  if (!renewPrices() && cart.lines.length && !cart.lines.some((line) => line.gone)) {
    tell('');
    dialog.open(method, totals(cart).total);
  }
  return null;
}

// Keeps the sale, sends it, shows it; returns a sentence when it could not be kept.
async function pay(payments) {
  if (saving) return '';
  const { total } = totals(cart);
  if (payments.reduce((sum, each) => sum + each.tendered - each.change, 0) !== total) {
    dialog.update(total);
    return say('check_again');
  }
  saving = true;
  const soldAt = stamp(Date.now(), register.zone);
  const sale = saleDocument(cart, { register: register.code, soldAt, version: catalog.version, payments });
  try {
    const kept = await outbox.add(sale, cart);
    if (!sameGoods(kept.document, sale)) {
      set({ id: uuid7() });
      return say('already_paid');
    }
    const outcome = await outbox.outcome(sale.id, outbox.link === 'offline' ? IMPATIENCE : PATIENCE);
    if (outcome?.kind === 'returned') await cameBack(outcome);
    else finished(kept.document, outcome);
    return '';
  } catch (error) {
    if (error instanceof NotStored) return say('not_stored');
    throw error;
  } finally {
    saving = false;
    for (const code of held.splice(0)) scanned(code);
  }
}

function finished(sale, outcome) {
  last = { document: sale, cart, outcome };
  cart = newCart();
  lines.clear();
  $('panel').classList.remove('open');
  tell('');
  draw();
  drawLast();
  if (mine) paid.show(last, register, outcome);
  if (outcome?.kind === 'refused') buzz();
}

// Nothing was paid: the price had changed at the server.
async function cameBack({ cart: returned, error }) {
  cart = returned;
  await catalog.refresh().catch(console.error);
  for (const [code, price] of Object.entries(error.prices ?? {})) {
    const product = catalog.byCode.get(code);
    if (product) product.price = price;
  }
  shelf.draw();
  if (!renewPrices()) tell(`${error.message} ${say('check_again')}`, 'bad');
  buzz();
}

// Gives the open cart the prices in force and says so; whether anything changed.
function renewPrices() {
  const changes = reprice(cart, (line) => catalog.products.get(line.product)?.price);
  const gone = cart.lines.some((line) => line.gone);
  if (changes.length || gone) keep();
  if (!changes.length) return false;
  const sentences = changes.map(({ name, before, now }) =>
    say('price_changed', { name, before: rupiah(before), now: rupiah(now) }),
  );
  tell([...sentences, say('check_again')].join(' '), 'bad');
  return true;
}

async function takeBack(id) {
  if (cart.lines.length) return false;
  const returned = await outbox.takeBack(id);
  if (!returned) return false;
  paid.leave(true);
  cart = { ...returned, id: uuid7() }; // the server has judged the old document for good
  if (last?.document.id === id) last = null;
  drawLast();
  lines.clear();
  if (!renewPrices()) keep();
  return true;
}

// -- what the cashier is told --------------------------------------------------------------------------

function tell(text, kind = '') {
  $('say').textContent = text;
  $('say').dataset.kind = kind;
  if (kind === 'bad' && dialog.isOpen) dialog.complain(text);
}

// The outbox moved: counts, the link, and the server's word on the newest sale.
async function changed() {
  await queue.draw();
  drawLink(outbox.link);
  if (!last || last.outcome) return;
  const sale = await outbox.find(last.document.id);
  if (sale?.answer) last.outcome = { kind: 'sent', answer: sale.answer };
  else if (sale?.queue === 'refused') last.outcome = { kind: 'refused', error: { message: sale.problem } };
  if (last.outcome) paid.outcome(last.document.id, last.outcome, register);
  drawLast();
}

function drawLink(link) {
  $('link').dataset.link = link;
  $('link-text').textContent = say(link);
  $('sign-in').hidden = link !== 'sign_in' && link !== 'person';
}

function drawLast() {
  $('last').hidden = !last;
  if (!last) return;
  const change = last.document.payments.reduce((sum, payment) => sum + payment.change, 0);
  const receipt = last.outcome?.answer?.receipt ?? say(last.outcome ? 'refused' : 'pending_short');
  const back = last.outcome?.kind === 'refused' ? '' : ` · ${say('change')} ${rupiah(change)}`;
  $('last-text').textContent = say('last', { receipt }) + back;
  paid.link($('last-print'), 'print', last.outcome?.answer?.receipt, register);
}

function tick() {
  $('clock').textContent = `${wallClock(Date.now(), register.zone)} ${register.zone}`;
  $('age').textContent = say('age', { time: wallClock(catalog.at, register.zone) });
  $('age').classList.toggle('old', Date.now() - catalog.at > OLD);
}

async function renew() {
  try {
    const changes = await catalog.refresh();
    if (outbox.link !== 'online') outbox.push();
    drawLink((outbox.link = 'online'));
    if (changes && mine && !dialog.isOpen && !saving) {
      shelf.draw();
      renewPrices();
    }
  } catch (error) {
    outbox.link = error.status === 401 ? 'sign_in' : 'offline';
    drawLink(outbox.link);
  }
}
