// A form whose answer is a file that takes a while: it says so, and cannot be sent twice by impatience.

const PAUSE = 8000; // milliseconds

for (const form of document.querySelectorAll('form[data-slow]')) {
  const button = form.querySelector('button');
  const said = form.querySelector('[data-slow-said]');
  const before = said.textContent;
  form.addEventListener('submit', () => {
    said.textContent = form.dataset.slow;
    setTimeout(() => (button.disabled = true)); // after the browser has read the form
    setTimeout(() => {
      button.disabled = false;
      said.textContent = before;
    }, PAUSE);
  });
}
