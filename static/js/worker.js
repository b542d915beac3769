// The till's own copy of itself: a service worker keeps the page on this device, and a new build of it takes over
// only when nobody is in the middle of anything.

import { $, el, say } from './dom.js';
import { till } from './state.js';
import { when } from './status.js';

const SCRIPT = '/sw.js';
const LOOK = 15 * 60_000; // ms between looks for a new build
const SOON = 20_000; // ms until the next look when a build could not be fetched
const REST = 2_000; // ms between looks whether the till is idle
const LONGEST = 10_000; // ms that a page in another language is waited for
let install = null; // the browser's offer to install the till as an app
let switching = false; // somebody chose another language, and waits for it

addEventListener('beforeinstallprompt', (event) => {
  event.preventDefault();
  install = event;
});

// Keeps the page; returns whether the till will open without the server.
export async function keepPage() {
  if (!isSecureContext || !navigator.serviceWorker) return false;
  const policy = globalThis.trustedTypes?.createPolicy('sw', { createScriptURL: ours });
  const controlled = Boolean(navigator.serviceWorker.controller);
  navigator.serviceWorker.addEventListener('controllerchange', () => (controlled || switching) && whenIdle(() => location.reload()));
  let registration = null;
  async function look() {
    const known = registration;
    const script = policy ? policy.createScriptURL(SCRIPT) : SCRIPT;
    registration = await navigator.serviceWorker.register(script, { scope: '/', updateViaCache: 'none' });
    if (registration === known) await registration.update();
    else follow(registration, again);
  }
  const again = () => look().catch(console.info); // the server is off, or the browser will not
  await again();
  setInterval(again, LOOK);
  addEventListener('online', again);
  for (const form of document.querySelectorAll('[data-language]')) {
    form.addEventListener('submit', (event) => {
      if (!navigator.serviceWorker.controller) return; // the server's own page comes
      event.preventDefault();
      speak(form, again).finally(() => registration?.installing || registration?.waiting || location.reload());
    });
  }
  return Boolean(registration) || controlled;
}

// Has each build of `registration` take over; `again()` is called after one that could not be fetched as a whole.
function follow(registration, again) {
  const offer = () => registration.waiting && whenIdle(() => registration.waiting?.postMessage('take over'));
  const watch = (worker) =>
    worker?.addEventListener('statechange', () => (worker.state === 'redundant' ? setTimeout(again, SOON) : offer()));
  registration.addEventListener('updatefound', () => watch(registration.installing));
  watch(registration.installing);
  offer();
}

// Another language is another page to keep: it is fetched first, so that the next one that is seen speaks it.
async function speak(form, look) {
  const content = new FormData(form);
  switching = true;
  form.querySelector('button').disabled = true;
  setTimeout(() => location.reload(), LONGEST);
  await fetch(form.action, { method: 'POST', body: content, redirect: 'manual' }).catch(console.info);
  await look();
}

function ours(address) {
  if (address !== SCRIPT) throw new TypeError(address);
  return address;
}

function whenIdle(act) {
  if (isIdle()) return act();
  return setTimeout(whenIdle, REST, act);
}

// Nothing is being sold, paid, asked or read; or the page is about to be another one, with the cart as it is.
function isIdle() {
  if (switching) return true;
  const busy = till.saving || till.cart?.lines.length || $('find').value || till.paid.isShown;
  return !busy && !document.querySelector('dialog[open]');
}

// What this device is to the till: whether it opens without the server, keeps its sales, and whose register it is.
export async function drawDevice() {
  const persisted = await navigator.storage?.persisted?.();
  const kept = Boolean(navigator.serviceWorker?.controller);
  const facts = [
    [kept, isSecureContext ? say(kept ? 'page_kept' : 'page_not_kept') : say('insecure')],
    [persisted, say(persisted ? 'persisted' : 'not_persisted')],
    [till.outbox.link === 'online', say('age', { time: when(till.catalog.at, till.register.zone) })],
    [till.register.enrolled, say(till.register.enrolled ? 'enrolled' : 'not_enrolled', { register: till.register.code })],
  ];
  $('device').replaceChildren(...facts.map(([good, text]) => el('li', { class: good ? 'good' : 'poor' }, text)));
  $('install').hidden = !install;
  $('install').onclick = () => {
    install.prompt();
    install = null;
    $('install').hidden = true;
  };
}
