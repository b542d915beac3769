// Finding a product: the search field, its results, and the shelf of tiles by category.

import { multiplier } from './cart.js';
import { $, el, say } from './dom.js';
import { grouped, quantityText, rupiah } from './money.js';

const MOST_TILES = 60;
const REST = 70; // ms without a key before the search looks: a scanner's keys come faster
const DIGITS = 200; // the same for a number: on a slow machine a scanner may falter
const CODE = /^\d{4,}$/; // only an exact match may be taken, or what the arrow keys chose
const TONES = ['tone-0', 'tone-1', 'tone-2', 'tone-3', 'tone-4', 'tone-5']; // whole words: what no module names is trimmed

export class Shelf {
  #catalog;
  #pick;
  #unknown;
  #up;
  #shown = [];
  #active = -1;
  #moved = false; // the arrow keys chose what is active
  #category = '';
  #timer = 0; // of a search that waits
  #drawn = null; // the search that is on the screen, so that a scan need not draw the shelf again

  // `pick(product, typedQuantity, code)`; `unknown(text)` when nothing fits; `up()` leaves towards the cart.
  constructor({ catalog, pick, unknown, up }) {
    this.#catalog = catalog;
    this.#pick = pick;
    this.#unknown = unknown;
    this.#up = up;
    this.field = $('find');
    this.field.addEventListener('input', () => this.#wait());
    this.field.addEventListener('keydown', (event) => this.#key(event));
    $('grid').addEventListener('click', (event) => {
      const option = event.target.closest('[role=option]');
      if (option) this.#take(this.#shown[Number(option.dataset.index)]);
    });
    $('categories').addEventListener('change', (event) => {
      this.#category = event.target.value;
      this.#show(this.#catalog.list(this.#category), false);
    });
  }

  // Draws the shelf anew (the catalogue changed).
  draw() {
    const names = this.#catalog.categories();
    if (!names.includes(this.#category)) this.#category = '';
    $('categories').replaceChildren(
      ...['', ...names].map((name) => {
        const radio = el('input', { type: 'radio', name: 'category', value: name, checked: name === this.#category });
        return el('label', {}, radio, el('span', {}, name || say('all')));
      }),
    );
    this.#drawn = null;
    this.#search();
  }

  // A scanned code: the product it means, with the `5*` that was typed before it. (A scanner that stumbled may
  // have left the beginning of its code in the field.)
  scanned(code) {
    const [times, text] = multiplier(this.field.value + code);
    const full = [text, code].find((each) => this.#catalog.byCode.has(each));
    if (!full) return this.#unknown(code);
    this.clear();
    return this.#pick(this.#catalog.byCode.get(full), times, full);
  }

  // Gives the keyboard back to the search; a phone is spared its own keyboard popping up.
  rest() {
    if (!matchMedia('(pointer: fine)').matches) document.activeElement.blur();
    else if (document.activeElement !== this.field) this.field.focus();
  }

  clear() {
    if (this.field.value) this.field.value = '';
    this.#search();
  }

  #wait() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), /^\d+$/.test(this.field.value) ? DIGITS : REST);
  }

  #search() {
    clearTimeout(this.#timer);
    const [, text] = multiplier(this.field.value);
    if (text === this.#drawn) return text || this.#activate(-1);
    this.#drawn = text;
    if (text) return this.#show(this.#catalog.search(text), true, text);
    return this.#show(this.#catalog.list(this.#category), false);
  }

  #show(products, found, text = '') {
    const grid = $('grid');
    this.#shown = products.slice(0, MOST_TILES);
    grid.classList.toggle('found', found);
    const more = products.length - this.#shown.length;
    const empty = found ? say('nothing', { text }) : say('no_products');
    grid.replaceChildren(
      ...this.#shown.map((product, i) => tile(product, i, found)),
      ...(products.length ? [] : [el('li', { class: 'till-empty', role: 'presentation' }, empty)]),
      ...(more > 0 ? [el('li', { class: 'till-empty', role: 'presentation' }, say('more_products', { count: more }))] : []),
    );
    $('categories').hidden = found;
    this.field.setAttribute('aria-expanded', String(found));
    grid.scrollTop = 0;
    this.#moved = false;
    this.#activate(found && products.length ? 0 : -1);
  }

  #activate(index) {
    const options = $('grid').querySelectorAll('[role=option]');
    options[this.#active]?.setAttribute('aria-selected', 'false');
    this.#active = index;
    const option = options[index];
    if (option) {
      option.setAttribute('aria-selected', 'true');
      option.scrollIntoView({ block: 'nearest' });
      this.field.setAttribute('aria-activedescendant', option.id);
    } else {
      this.field.removeAttribute('aria-activedescendant');
    }
  }

  #key(event) {
    if (event.key.length === 1) this.#wait();
    if (event.key === 'Enter' || event.key.startsWith('Arrow')) this.#search();
    if (event.key === 'Enter') {
      event.preventDefault();
      this.#enter();
    } else if (event.key === 'ArrowDown' || (event.key === 'ArrowUp' && this.#active > 0)) {
      event.preventDefault();
      this.#moved = true;
      this.#activate(Math.min(this.#active + (event.key === 'ArrowDown' ? 1 : -1), this.#shown.length - 1));
    } else if (event.key === 'ArrowUp') {
      event.preventDefault();
      this.#activate(-1);
      if (!this.field.value) this.#up();
    } else if (event.key === 'Escape' && this.field.value) {
      event.preventDefault();
      event.stopPropagation();
      this.clear();
    }
  }

  #enter() {
    const [, text] = multiplier(this.field.value);
    const exact = this.#catalog.byCode.get(text);
    if (exact) this.#take(exact, text);
    else if (this.#active >= 0 && (this.#moved || !CODE.test(text))) this.#take(this.#shown[this.#active]);
    else if (text) this.#unknown(text);
  }

  #take(product, code) {
    const [times] = multiplier(this.field.value);
    this.clear();
    this.#pick(product, times, code);
  }
}

function tile(product, index, found) {
  const marks = { role: 'option', id: `option-${index}`, 'data-index': index, 'aria-selected': 'false' };
  return el(
    'li',
    { ...marks, class: product.featured ? 'featured' : null },
    face(product),
    el('span', { class: 'tile-name' }, product.name),
    el('span', { class: 'tile-maker' }, found ? `${product.maker} · ${product.barcodes[0]}` : product.maker),
    el(
      'span',
      { class: 'tile-price' },
      rupiah(product.price),
      el('small', {}, ` /${product.unit_of_measure}`),
    ),
    beside(product),
  );
}

// The prices beside the usual one, and how it is sold; the inside price shows while such a buyer is chosen.
function beside({ wholesale, wholesale_from: least, inside, made_to_order: ordered, auction }) {
  const tags = [];
  if (auction) tags.push(el('small', { class: 'tag warn-tag' }, say('auction')));
  if (ordered) tags.push(el('small', { class: 'tag' }, say('made_to_order')));
  if (inside !== undefined) tags.push(el('small', { class: 'tag tile-inside' }, `${say('inside')} ${grouped(inside)}`));
  if (wholesale !== undefined) {
    tags.push(el('small', { class: 'tag' }, say('wholesale_tile', { price: grouped(wholesale), quantity: quantityText(least) })));
  }
  return tags.length ? el('span', { class: 'tile-rates' }, ...tags) : null;
}

// Its photo, or the letters it begins with while there is none to be had.
function face({ name, category, photo }) {
  const letters = el('span', { class: `tile-face ${TONES[tone(category)]}`, 'aria-hidden': 'true' }, initials(name));
  if (!photo) return letters;
  const picture = el('img', { class: 'tile-face', src: `/foto/${photo}-kecil.webp`, alt: '', loading: 'lazy', decoding: 'async' });
  picture.addEventListener('error', () => picture.replaceWith(letters), { once: true });
  return picture;
}

function initials(name) {
  const letters = name.replace(/[^\p{L}\p{N} ]/gu, '').split(' ').filter(Boolean);
  return letters.slice(0, 2).map((word) => word[0].toUpperCase()).join('');
}

function tone(category) {
  return [...category].reduce((sum, char) => (sum * 31 + char.codePointAt(0)) % TONES.length, 0);
}
