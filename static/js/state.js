// What the parts of the till share. One till a page; register.js fills it in, everyone else reads it.

export const till = {
  database: null,
  catalog: null,
  register: null, // {code, gallery, zone, unit, paper_width, next_number}
  outbox: null,
  queue: null,
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
  paid: null,
  back: null,
};
