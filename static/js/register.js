// The till: brings scan, shelf, cart, payment and outbox together, and begins.

import { After } from './after.js';
import {
  CHANNEL, askToClear, draw, dropLine, lessOf, newCart, openInstead, pick, renewPrices, scanned, set, setLine, unknown,
} from './basket.js';
import { Catalog, askEarly } from './catalog.js';
import { openPay, pay, stopSwap, swap, takeBack } from './checkout.js';
import { fetchDialogs } from './dialogs.js';
import { Discount } from './discount.js';
import { $, say, write } from './dom.js';
import { Held } from './held.js';
import { listenToKeys } from './keys.js';
import { Lines } from './lines.js';
import { notice } from './notice.js';
import { Outbox } from './outbox.js';
import { Paid } from './paid.js';
import { PayDialog } from './pay.js';
import { receiptIn } from './receiptno.js';
import { listen } from './scanner.js';
import { knowPerson, pause } from './session.js';
import { Shelf } from './shelf.js';
import { listenToShift, openDrawer } from './shift.js';
import { warm } from './sound.js';
import { till } from './state.js';
import { changed, drawLink, renew, tell, tick } from './status.js';
import { got, openStore, transact } from './store.js';
import { hold } from './tab.js';

const RENEW = 60_000; // ms between looks for a changed catalogue
const REGISTER = 'kasir'; // what this device remembers
const OF_ONE_SALE = ['pesanan', 'titip', 'lelang']; // ways to sell, not places: the next cart begins without
const PATIENCE = 2_500; // ms that a till with a catalogue of its own waits for a newer one before it opens

let rest = null; // what comes after the first second, once it was asked for

if (/\blatihan\b/.test(location.search)) till.training = await import('./training.js');
till.database = await openStore(till.training?.STORE).catch((error) => {
  notice('no_store');
  throw error;
});
await till.training?.begin();
await askEarly(till.database);
while (!(await knowPerson())) {
  notice('no_catalog', {}, [[say('again'), () => location.reload()]]);
  await pause(5_000);
}
till.catalog = new Catalog(till.database, till.person.username);
till.shelf = new Shelf({ catalog: till.catalog, pick, unknown, up: () => till.lines.last() });
till.lines = new Lines({
  set: setLine,
  less: lessOf,
  remove: dropLine,
  discount: (line) => import('./linediscount.js').then(({ discount }) => discount(line)),
  leave: () => till.shelf.rest(),
});
till.discount = new Discount((amount) => set({ discount: amount }));
till.dialog = new PayDialog(
  pay,
  () => (till.cart.exchange ? 0 : till.register.rounding_step),
  () => !till.cart.exchange && ['pesanan', 'titip'].includes(till.cart.channel),
  () => till.register.down_payment ?? 50,
  (taken) => set({ taken }),
);
till.paid = new Paid({
  next: () => till.shelf.rest(),
  print: (id) => onPaper('print', id),
  pdf: (id) => onPaper('pdf', id),
  recorded: (id) => onPaper('recorded', id),
  mend: takeBack,
  told: () => till.handed?.drawShare(till.last),
});
till.back = new After({ left: () => (till.paid.isShown ? till.paid.focus() : till.shelf.rest()), swap });

await begin();

async function begin() {
  await till.catalog.load();
  const asking = till.catalog.refresh().then(
    () => 'online',
    (error) => (error.status === 401 ? 'sign_in' : 'offline'),
  );
  const reached = (till.catalog.at ? await Promise.race([asking, pause(PATIENCE)]) : await asking) ?? 'offline';
  drawLink(reached);
  if (!till.catalog.at) {
    setTimeout(begin, 5_000);
    return notice('no_catalog', {}, [[say('again'), () => location.reload()]]);
  }
  const own = till.catalog.registers.find((register) => register.enrolled);
  const remembered = own ?? till.catalog.register(localStorage.getItem(REGISTER));
  till.register = remembered ?? (till.catalog.registers.length === 1 || till.training ? till.catalog.registers[0] : null);
  if (till.training) till.register = till.training.register(till.register);
  return till.register ? sellAt(false, reached) : choose();
}

function choose() {
  if (!till.catalog.registers.length) return notice('no_register');
  const acts = till.catalog.registers.map(({ code, gallery }) => [`${code} · ${gallery}`, () => change(code)]);
  return notice('choose', {}, acts);
}

function change(code) {
  localStorage.setItem(REGISTER, code);
  location.reload();
}

async function sellAt(steal, reached = 'online') {
  const names = { register: till.register.code };
  const here = [[say('take_over'), () => sellAt(true)]];
  const lost = () => {
    till.mine = false;
    notice('lost_tab', names, here);
  };
  if (!(await hold(`till:${till.register.code}`, { steal, lost }))) return notice('other_tab', names, here);
  if (till.outbox) return location.reload(); // taken back: begin with what the other tab left
  till.outbox = new Outbox(till.database, till.register.code, changed);
  till.outbox.link = reached;
  till.outbox.cashier = till.person.username;
  await till.outbox.start(till.register.next_number, reached === 'online' && !steal);
  till.cart = (await transact(till.database, ['state'], ({ state }) => got(state.get(`cart:${till.register.code}`)))) ?? newCart();
  till.aside = new Held({ database: till.database, register: till.register, cart: () => till.cart, put: openInstead });
  await till.aside.load();
  till.catalog.sellFor(till.register.unit);
  $('place-code').textContent = till.register.code;
  $('place-gallery').textContent = till.register.gallery;
  $('change-register').hidden = till.register.enrolled || till.catalog.registers.length < 2;
  till.shelf.draw();
  if (!renewPrices()) tell(till.cart.lines.length ? '' : say('empty_cart'));
  draw();
  tick();
  listenToTheCashier();
  setInterval(tick, 1_000);
  setInterval(renew, RENEW);
  $('notice').hidden = true;
  $('till').hidden = false;
  till.shelf.rest();
  navigator.storage?.persist?.();
  await theRest().catch(console.error); // the server went away meanwhile
  warm();
  return sendForOthers();
}

// A sale may be paid before what prints it is here.
async function onPaper(act, id) {
  try {
    await theRest();
    return await till.printing[act](id);
  } catch (error) {
    console.error(error);
    return till.paid.isShown ? write($('print-state'), 'textContent', say('no_paper')) : tell(say('no_paper'), 'bad');
  }
}

// What nobody needs before the first sale is paid; a fetch that failed is tried again by whoever needs it.
function theRest() {
  rest ??= fetchTheRest().catch((error) => {
    rest = null;
    throw error;
  });
  return rest;
}

// It must not share the line with what the first sale needs.
async function fetchTheRest() {
  for (const link of document.querySelectorAll('[rel=later]')) link.rel = 'prefetch';
  if (till.training) return till.training.fetchTheRest();
  const parts = [import('./print.js'), import('./worker.js'), import('./handed.js'), import('./removals.js'), import('./buyer.js'), import('./camera.js'), import('./scale.js')];
  const atHand = [till.back.fetch(), fetchQueue(), import('./linediscount.js'), import('./agree.js'), import('./auction.js')]; // without the server too
  const [{ Printing }, { keepPage }, handed, removals, buyer, { offerCamera }, { scale }] = await Promise.all([...parts, ...atHand]);
  till.scale = scale;
  removals.begin();
  buyer.show();
  offerCamera();
  till.handed = handed;
  handed.offerPdf();
  till.printing = new Printing({
    database: till.database,
    outbox: till.outbox,
    register: till.register,
    shown: () => till.paid.id,
    missed: (text) => tell(text, 'bad'),
  });
  if (till.last) handed.drawShare(till.last);
  keepPage().then((kept) => ($('place-online').hidden = kept), console.error);
}

// The dialog of what this device holds that the server does not have.
async function fetchQueue() {
  const [{ Queue }] = await Promise.all([import('./queue.js'), fetchDialogs()]);
  const zoneOf = (code) => till.catalog.register(code)?.zone ?? till.register.zone;
  till.queue ??= new Queue({ outbox: till.outbox, zoneOf, takeBack });
  return till.queue;
}

function listenToTheCashier() {
  const back = () => till.back.open();
  listenToShift();
  listen(scanned, (code) => till.catalog.byCode.has(code) || receiptIn(code) !== null || till.scale?.reads(code));
  listenToKeys({
    selling: () => !$('till').hidden,
    paid: till.paid,
    shelf: till.shelf,
    pay: openPay,
    hold: () => till.aside.press(),
    clear: askToClear,
    drawer: openDrawer,
    back,
  });
  $('exchange-stop').addEventListener('click', stopSwap);
  $('open-back').addEventListener('click', back);
  $('void').addEventListener('click', () => till.back.load({ id: till.last.document.id, receipt: till.last.outcome?.answer?.receipt }, true));
  $('panel').addEventListener('click', (event) => {
    const method = event.target.closest('[data-pay]')?.dataset.pay;
    if (method) openPay(method);
  });
  $('buyer').addEventListener('change', (event) => set({ buyer: event.target.value }));
  $('buyer-ref').addEventListener('input', (event) => set({ buyerRef: event.target.value }));
  $('channel').addEventListener('change', (event) => {
    const { value } = event.target;
    if (!till.training && !OF_ONE_SALE.includes(value)) localStorage.setItem(CHANNEL, value);
    set({ channel: value, channelBefore: undefined });
  });
  $('pay').addEventListener('close', () => (till.paid.isShown ? till.paid.focus() : till.shelf.rest()));
  $('unsent').addEventListener('click', async () => (till.queue ?? (await fetchQueue())).open());
  $('clear').addEventListener('click', askToClear);
  $('last-print').addEventListener('click', () => onPaper('print', till.last.document.id));
  $('change-register').addEventListener('click', choose);
  $('more').addEventListener('click', () => {
    const open = $('panel').classList.toggle('open');
    $('more').setAttribute('aria-expanded', String(open));
  });
  addEventListener('click', ({ target }) => target.closest('[data-close]')?.closest('dialog').close());
}

// What another register of this device left unsent goes too, unless a tab of its own is at it.
async function sendForOthers() {
  const { waiting } = await till.outbox.unsent();
  for (const code of new Set(waiting.map((sale) => sale.register).filter((each) => each !== till.register.code))) {
    if (await hold(`till:${code}`, { lost: () => {} })) await new Outbox(till.database, code, changed).start();
  }
}
