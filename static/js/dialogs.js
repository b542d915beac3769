// The dialogs that nobody needs in the till's first second, with their words and styles: fetched once it is painted.

import { $, learn } from './dom.js';

let asked = null;

// Puts them into the page, once; a fetch that failed is tried again by whoever needs one next.
export function fetchDialogs() {
  asked ??= fetched($('dialogs').href).then(
    (page) => {
      learn(JSON.parse(page.querySelector('script').textContent));
      document.body.append(...page.querySelectorAll('dialog'));
      for (const link of document.querySelectorAll('link[data-later]')) link.rel = 'stylesheet';
    },
    (error) => {
      asked = null;
      throw error;
    },
  );
  return asked;
}

// As a document, which the browser reads itself: no text becomes markup in our hands.
function fetched(address) {
  const request = new XMLHttpRequest();
  return new Promise((resolve, reject) => {
    const fail = () => reject(new TypeError(`${address}: ${request.status}`));
    request.addEventListener('load', () => (request.status === 200 && request.response ? resolve(request.response) : fail()));
    request.addEventListener('error', fail);
    request.open('GET', address);
    request.responseType = 'document';
    request.send();
  });
}
