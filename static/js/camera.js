// Scanning with the device's camera, one code after the other. The browser's own detector reads where there is one
// (Android); elsewhere the server does, from small grey pictures.

import { post } from './api.js';
import { scanned } from './basket.js';
import { isDivisible } from './cart.js';
import { $, el, say } from './dom.js';
import { Glimpses } from './glimpse.js';
import { receiptIn } from './receiptno.js';
import { buzz } from './sound.js';
import { till, watch } from './state.js';
import { tell } from './status.js';

const FORMATS = ['ean_13', 'ean_8', 'upc_a', 'upc_e', 'code_128', 'qr_code'];
const WIDEST = 960; // pixels of a picture that is sent
const QUALITY = 0.7;
const BREATH = 120; // ms between two looks
const FLASH = 450; // ms
const canvas = document.createElement('canvas');
let stream = null;
let glimpses = null;

// Puts the button into the search bar.
export function offerCamera() {
  const label = say('camera');
  const icon = $('camera').querySelector('.icon').cloneNode(true);
  $('find').after(el('button', { type: 'button', class: 'till-x', id: 'camera-open', 'aria-label': label, title: label, onclick: open }, icon));
  $('camera').addEventListener('close', stop);
  watch(() => till.dialog.isOpen && $('camera').close()); // nothing is scanned into what is being paid unseen
}

async function open() {
  if (!isSecureContext || !navigator.mediaDevices) return tell(say('camera_insecure'), 'bad');
  show('camera_begins');
  $('camera').showModal();
  try {
    const video = { facingMode: 'environment', width: { ideal: 1280 }, height: { ideal: 720 } };
    const found = await navigator.mediaDevices.getUserMedia({ video, audio: false });
    stream = found;
    if (!$('camera').open) return stop(); // closed while the browser asked
    $('camera-video').srcObject = found;
    await $('camera-video').play();
    glimpses = new Glimpses();
    show('camera_ready');
    return look(found, await detector());
  } catch (error) {
    console.info(error);
    return show(error.name === 'NotAllowedError' ? 'camera_denied' : 'camera_none', 'bad');
  }
}

function stop() {
  for (const track of stream?.getTracks() ?? []) track.stop();
  stream = null;
  $('camera-video').srcObject = null;
  if (!document.activeElement.matches('input')) till.shelf.rest(); // a weight may be asked for
}

// What reads a picture of the video: [text].
async function detector() {
  const known = (await globalThis.BarcodeDetector?.getSupportedFormats().catch(() => [])) ?? [];
  const formats = FORMATS.filter((format) => known.includes(format));
  if (!formats.includes('ean_13')) return askServer;
  const own = new globalThis.BarcodeDetector({ formats });
  return async (video) => (await own.detect(video)).map((code) => code.rawValue);
}

async function look(own, read) {
  while (stream === own) {
    try {
      for (const code of await read($('camera-video'))) if (stream === own) take(code);
    } catch (error) {
      console.info(error);
      show('camera_offline', 'bad');
    }
    await new Promise((resolve) => setTimeout(resolve, BREATH));
  }
}

async function askServer(video) {
  const scale = Math.min(1, WIDEST / video.videoWidth);
  canvas.width = Math.round(video.videoWidth * scale);
  canvas.height = Math.round(video.videoHeight * scale);
  const context = canvas.getContext('2d');
  context.filter = 'grayscale(1)';
  context.drawImage(video, 0, 0, canvas.width, canvas.height);
  const picture = await new Promise((resolve) => canvas.toBlob(resolve, 'image/jpeg', QUALITY));
  const { status, body } = await post('/api/codes', picture, { 'Content-Type': 'image/jpeg' });
  if (status !== 200) throw new Error(body.error.message);
  if ($('camera-say').dataset.key === 'camera_offline') show('camera_ready'); // it answers again
  return body.codes;
}

// A code that is seen is a scan; what asks for more than that (a weight, a return) takes the camera's place.
function take(seen) {
  if (!glimpses.isNew(seen, performance.now())) return;
  const code = [seen, seen.replace(/^0/, '')].find((each) => till.catalog.byCode.has(each)) ?? seen;
  const product = till.catalog.byCode.get(code);
  const labelled = Boolean(till.scale?.reads(code));
  if (product ? isDivisible({ unit: product.unit_of_measure }) : receiptIn(code)) $('camera').close();
  scanned(code);
  if (!$('camera').open) return;
  flash(Boolean(product) || labelled);
  $('camera-say').textContent = $('say').textContent;
  $('camera-say').dataset.kind = $('say').dataset.kind;
  $('camera-say').dataset.key = '';
  $('camera-total').textContent = $('total').textContent;
}

function flash(good) {
  const kind = good ? 'hit' : 'miss';
  $('camera-frame').classList.add(kind);
  setTimeout(() => $('camera-frame').classList.remove(kind), FLASH);
}

function show(key, kind = '') {
  if (kind === 'bad' && $('camera-say').dataset.key !== key) buzz();
  $('camera-say').textContent = say(key);
  $('camera-say').dataset.kind = kind;
  $('camera-say').dataset.key = key;
  $('camera-total').textContent = $('total').textContent;
}
