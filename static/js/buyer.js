// What the buyer looks at: the gallery's QRIS code with the amount locked in, in the payment dialog, and all of it on a
// display of its own. A gallery without a code takes QRIS by its reference alone.

import { askedByCode } from './asked.js';
import { $, el, say } from './dom.js';
import { rupiah } from './money.js';
import { picture } from './picture.js';
import { listenForDisplay } from './screen.js';
import { watch } from './state.js';

let drawn = ''; // the code that stands in the dialog

// Begins to draw whenever what is bought changes.
export function show() {
  const box = el('figure', { class: 'pay-qris', id: 'pay-qris', hidden: true });
  $('pay-other').prepend(box);
  watch(() => draw(box));
  draw(box);
  listenForDisplay();
}

function draw(box) {
  const asked = askedByCode();
  box.hidden = !asked;
  if (!asked) return;
  const amount = rupiah(asked.amount);
  if (drawn !== asked.code) {
    box.replaceChildren(
      picture(asked.code, say('qris_of', { payee: asked.payee, amount })),
      el('figcaption', {}, el('strong', {}, asked.payee), el('output', {}, amount), el('span', { role: 'status' })),
    );
    drawn = asked.code;
  }
  const state = box.querySelector('[role=status]');
  state.className = asked.proved ? 'tag' : 'tag warn-tag';
  state.textContent = say(asked.proved ? 'qris_proved' : 'qris_waits');
}
