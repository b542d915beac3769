// Watches a file that is being made and shows the page anew when it is there.

const EVERY = 700;
const bar = document.querySelector('[data-progress]');
const said = document.querySelector('[data-said]');

async function look() {
  try {
    const answer = await fetch(bar.dataset.progress, { cache: 'no-store', redirect: 'error' });
    if (!answer.ok) throw new Error(`HTTP ${answer.status}`);
    const { state, done, total } = await answer.json();
    if (state !== 'waiting' && state !== 'working') {
      location.reload();
      return;
    }
    if (total) {
      bar.max = total;
      bar.value = done;
      said.textContent = `${done.toLocaleString('id-ID')} / ${total.toLocaleString('id-ID')}`;
    }
  } catch {
    // the next look tells
  }
  setTimeout(look, EVERY);
}

if (bar) look();
