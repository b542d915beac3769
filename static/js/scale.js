// A scale's label at the till: what it says goes into the cart, for the price that is printed on it.

import { keep, refuse, tellAdded } from './basket.js';
import { addLabel, labelIn } from './labelled.js';
import { till } from './state.js';

export const scale = {
  // What the label says, when it is one of a product that is sold here.
  reads(code) {
    const label = labelIn(code, till.catalog.register(till.register.code)?.scale);
    return label && till.catalog.byCode.has(label.item) ? label : null;
  },

  // Whether `code` was a label: then it has been dealt with.
  takes(code) {
    const label = this.reads(code);
    if (!label) return false;
    const product = till.catalog.byCode.get(label.item);
    const line = addLabel(till.cart, product, label);
    if (!line) refuse(product.name, product.unit_of_measure, '0,001');
    else if (keep()) tellAdded(line);
    if (!till.dialog.isOpen) till.shelf.rest();
    return true;
  },
};
