// A form that takes goods: a scan anywhere on the page goes into its search, which the server turns into a row.

import { listen } from './scanner.js';

const search = document.querySelector('[data-scan]');
const look = document.querySelector('[data-look]');
const scroll = Number(sessionStorage.getItem('entry-y'));

listen(
  (code) => {
    const times = /^\s*\d{1,4}\s*[*x×]\s*$/.test(search.value) ? search.value : ''; // `5*`, then the scanner
    search.value = times + code;
    search.form.requestSubmit(look);
  },
  () => false,
);
search.form.addEventListener('submit', () => sessionStorage.setItem('entry-y', scrollY));
if (scroll) {
  sessionStorage.removeItem('entry-y');
  search.focus({ preventScroll: true });
  scrollTo(0, scroll);
}
