// What the parts of the till share. One till a page; register.js fills it in, everyone else reads it.

export const till = {
  training: null, // the module of that name while nothing counts
  database: null,
  person: null, // {username, name, unit, role} of who sells
  signedIn: false, // whether the server knows it
  catalog: null,
  register: null, // {code, gallery, zone, unit, paper_width, rounding_step, qris, next_number, enrolled}
  outbox: null,
  queue: null,
  printing: null,
  cart: null,
  mine: true, // false once another tab has taken this register over
  saving: false,
  held: [], // codes scanned while a sale was being kept
  last: null, // the newest sale here: {document, cart, outcome}
  // what is on the screen
  shelf: null,
  lines: null,
  discount: null,
  dialog: null,
  aside: null, // carts that wait
  paid: null,
  drawer: null,
  back: null,
  scale: null, // reads labels that carry a weight or a price
  handed: null, // the receipt of the newest sale, to be sent
};

// What looks on while somebody buys: called whenever the cart, the payment or its end has changed. Those who look are
// fetched later, so nobody may be there.
const watchers = [];

export function watch(look) {
  watchers.push(look);
}

export function moved() {
  for (const look of watchers) look();
}
