// A full-page message instead of the till, with what can be done about it.

import { $, el, say } from './dom.js';

// `acts` are [text, function]; a single one is the one that matters.
export function notice(key, values = {}, acts = []) {
  for (const dialog of document.querySelectorAll('dialog[open]')) dialog.close();
  $('till').hidden = true;
  $('paid').hidden = true;
  $('notice-title').textContent = say(key, values);
  $('notice-text').textContent = say(`${key}_text`);
  $('notice-acts').replaceChildren(
    ...acts.map(([text, act]) => {
      const kind = acts.length > 1 ? 'btn-outline-primary' : 'btn-primary';
      return el('button', { type: 'button', class: `btn btn-lg ${kind}`, onclick: act }, text);
    }),
  );
  $('notice').hidden = false;
  if (acts.length > 1) $('notice-acts').firstChild.focus(); // what stands alone is not for the Enter of a scan
}
