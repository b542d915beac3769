// A form that takes goods: a scan anywhere on the page goes into its search, which the server turns into a row. The form
// alone is fetched anew, so that the page goes on listening: what is scanned meanwhile waits its turn and none is lost.

import { listen } from './scanner.js';

const waiting = [];
let busy = false;

const search = () => document.querySelector('[data-scan]');

function take(text) {
  if (busy) return waiting.push(text);
  search().value = text;
  return ask(search().form, document.querySelector('[data-look]'));
}

// A request for a document, and not a fetched text: no page of ours may turn text into markup.
function ask(form, button) {
  busy = true;
  const data = new FormData(form);
  data.set(button.name, button.value);
  const request = new XMLHttpRequest();
  request.open('POST', form.action);
  request.responseType = 'document';
  request.onloadend = () => {
    busy = false;
    const answer = request.status === 200 && request.response?.querySelector('[data-scan]')?.form;
    if (!answer) return HTMLFormElement.prototype.submit.call(named(form, button)); // the page says what is wrong
    form.replaceWith(document.adoptNode(answer));
    search().focus({ preventScroll: true });
    return waiting.length ? take(waiting.shift()) : undefined;
  };
  request.send(data);
}

function named(form, button) {
  const field = document.createElement('input');
  Object.assign(field, { type: 'hidden', name: button.name, value: button.value });
  form.append(field);
  return form;
}

listen(
  (code) => {
    const typed = search().value;
    take((/^\s*\d{1,4}\s*[*x×]\s*$/.test(typed) ? typed : '') + code); // `5*`, then the scanner
  },
  () => false,
);
document.addEventListener('submit', (event) => {
  const button = event.submitter;
  if (event.target !== search().form || !button?.name || button.value === 'simpan') return;
  event.preventDefault();
  if (!busy) ask(event.target, button);
});
