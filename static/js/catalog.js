// The catalogue as this till holds it: kept in IndexedDB, renewed by change sets, searched in memory.

import { ask } from './api.js';
import { got, transact } from './store.js';

// Takes from a product what it costs beside its usual price.
export const USUAL = { wholesale: undefined, wholesale_from: undefined, inside: undefined };

let early = null; // {since, answer}: what was asked before it was known who sells

// Asks while the server is still asked who sells: on a slow line each question takes its time.
export async function askEarly(database) {
  const head = await transact(database, ['state'], ({ state }) => got(state.get('catalog')));
  const since = head?.version ?? 0;
  early = { since, answer: changesSince(since) };
  early.answer.catch(() => {}); // whoever takes it is told
}

function changesSince(since) {
  return ask(`/api/catalog?since=${since}`, { headers: { 'X-Outbox': '1' } });
}

export class Catalog {
  #database;
  #person;
  #texts = new Map(); // id -> [its name, all that a search looks through]
  #order = null; // all products as the shelf shows them, once they are sorted
  #own = '';
  products = new Map();
  byCode = new Map();
  version = 0;
  registers = [];
  at = 0; // when the server last confirmed it, by this device's clock

  constructor(database, person) {
    this.#database = database;
    this.#person = person;
  }

  // What is stored here, if it is this person's.
  async load() {
    await transact(this.#database, ['catalog', 'state'], async ({ catalog, state }) => {
      const head = await got(state.get('catalog'));
      if (head?.person !== this.#person) return;
      const products = await got(catalog.getAll());
      Object.assign(this, { version: head.version, registers: head.registers, at: head.at });
      this.#take(products, []);
    });
  }

  // Asks for what changed since; throws when there is no answer. Returns whether anything did.
  async refresh() {
    const since = this.version;
    const asked = early?.since === since ? early.answer : changesSince(since);
    early = null;
    const answer = await asked;
    if (answer.status !== 200) throw Object.assign(new Error('catalog'), { status: answer.status });
    if (answer.body.version < since) {
      this.version = 0; // another database stands behind this address now
      return this.refresh();
    }
    await this.#keep(answer.body, since === 0);
    return answer.body.products.length + answer.body.removed.length > 0;
  }

  async #keep({ version, products, removed, registers }, whole) {
    if (whole) for (const index of [this.products, this.byCode, this.#texts]) index.clear();
    Object.assign(this, { version, registers, at: Date.now() });
    this.#take(products, removed);
    await transact(
      this.#database,
      ['catalog', 'state'],
      async ({ catalog, state }) => {
        if (whole) catalog.clear();
        for (const product of products) catalog.put(product);
        for (const id of removed) catalog.delete(id);
        state.put({ person: this.#person, version, registers, at: this.at }, 'catalog');
      },
      { write: true },
    );
  }

  // Remembers what an act at this till has changed about its register, until the server tells it anew.
  async note(code, change) {
    Object.assign(this.register(code), change);
    const { version, registers, at } = this;
    const put = async ({ state }) => state.put({ person: this.#person, version, registers, at }, 'catalog');
    await transact(this.#database, ['state'], put, { write: true });
  }

  #take(products, removed) {
    this.#order = null;
    for (const id of [...removed, ...products.map((product) => product.id)]) {
      for (const code of this.products.get(id)?.barcodes ?? []) this.byCode.delete(code);
      this.products.delete(id);
      this.#texts.delete(id);
    }
    for (const product of products) {
      if (!product.barcodes.length) continue; // nothing to put on the sale document
      this.products.set(product.id, product);
      for (const code of product.barcodes) this.byCode.set(code, product);
      const name = plain(product.name);
      this.#texts.set(product.id, [name, `${name} ${plain(`${product.maker} ${product.barcodes.join(' ')}`)}`]);
    }
  }

  // Prices set for later that have come by this device's clock, for a till that the server cannot tell; whether any has.
  ripen(now = Date.now()) {
    let any = false;
    for (const product of this.products.values()) {
      while (Date.parse(product.next_prices?.[0]?.from_at) <= now) {
        const { from_at, ...prices } = product.next_prices.shift();
        Object.assign(product, USUAL, prices);
        any = true;
      }
    }
    return any;
  }

  // Takes pieces of which there was only one off the shelf; the server says the same with the next change set.
  sold(ids) {
    this.#take([], ids.filter((id) => this.products.get(id)?.one_of_a_kind));
  }

  register(code) {
    return this.registers.find((register) => register.code === code);
  }

  // The products of `unit`, who sells here, come before those of others.
  sellFor(unit) {
    this.#own = unit;
    this.#order = null;
  }

  // Names of the categories, the largest first.
  categories() {
    const counts = new Map();
    for (const { category } of this.products.values()) counts.set(category, (counts.get(category) ?? 0) + 1);
    return [...counts].sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])).map(([name]) => name);
  }

  // Own and featured first, then by name.
  list(category = '') {
    const all = this.#sorted();
    return category ? all.filter((product) => product.category === category) : all;
  }

  // Every word typed must occur in the name, the maker or a code; names that begin with it come first.
  search(text) {
    const query = plain(text);
    const parts = query.split(' ').filter(Boolean);
    const score = (product) => {
      const [name] = this.#texts.get(product.id);
      return this.#rank(product) + (name.startsWith(query) ? 8 : ` ${name}`.includes(` ${query}`) ? 4 : 0);
    };
    const fits = ({ id }) => parts.every((part) => this.#texts.get(id)[1].includes(part));
    return this.#sorted()
      .filter(fits)
      .map((product) => [score(product), product])
      .sort((a, b) => b[0] - a[0]) // those that score the same are in order already
      .map(([, product]) => product);
  }

  #sorted() {
    const { compare } = new Intl.Collator('id');
    this.#order ??= [...this.products.values()].sort((a, b) => this.#rank(b) - this.#rank(a) || compare(a.name, b.name));
    return this.#order;
  }

  #rank(product) {
    return (product.maker === this.#own ? 2 : 0) + (product.featured ? 1 : 0);
  }
}

function plain(text) {
  return text.normalize('NFD').replace(/[\u0300-\u036f]/g, '').toLowerCase().replace(/\s+/g, ' ').trim();
}
