// The door to what happens after a sale. Its modules are fetched once the till is painted, not before: nobody returns
// anything in the first second, and afterwards they are here without the server too.

import { fetchDialogs } from './dialogs.js';
import { receiptIn } from './receiptno.js';
import { till } from './state.js';

export class After {
  #acts;
  #dialog = null;
  #loading = null;

  // `acts` are those of BackDialog.
  constructor(acts) {
    this.#acts = acts;
  }

  // The dialog; a fetch that failed is tried again the next time.
  fetch() {
    this.#loading ??= Promise.all([import('./back.js'), fetchDialogs()]).then(
      ([{ BackDialog }]) => (this.#dialog = new BackDialog(till, this.#acts)),
      (error) => {
        this.#loading = null;
        throw error;
      },
    );
    return this.#loading;
  }

  async open() {
    return (await this.fetch()).open();
  }

  // A sale by its receipt number or its id; `whole` to undo all of it.
  async load(sale, whole = false) {
    return (await this.fetch()).load(sale, whole);
  }

  // Chooses again what a refused refund was to give back.
  async again(record) {
    return (await this.fetch()).again(record);
  }

  // Takes what a scanner read if it is a receipt, or if the dialog is open; else the till may have it.
  scanned(code) {
    const receipt = till.catalog.byCode.has(code) ? null : receiptIn(code);
    if (receipt) this.load({ receipt }).catch(console.error);
    return receipt !== null || Boolean(this.#dialog?.scanned(code));
  }
}
