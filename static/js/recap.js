// The evening's recap: its text into the clipboard, its picture to whatever the device shares with.

for (const button of document.querySelectorAll('[data-copy]')) {
  const label = button.querySelector('span');
  const before = label.textContent;
  button.addEventListener('click', async () => {
    const source = document.querySelector(button.dataset.copy);
    try {
      await navigator.clipboard.writeText(source.textContent);
    } catch {
      select(source); // where the page may not write it, the person can
      return;
    }
    label.textContent = button.dataset.done;
    setTimeout(() => (label.textContent = before), 2500);
  });
}

function select(element) {
  const range = document.createRange();
  range.selectNodeContents(element);
  getSelection().removeAllRanges();
  getSelection().addRange(range);
}

for (const button of document.querySelectorAll('[data-share-picture]')) {
  const probe = new File([''], button.dataset.name, { type: 'image/png' });
  if (!navigator.canShare?.({ files: [probe] })) continue;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const answer = await fetch(button.dataset.sharePicture);
    const file = new File([await answer.blob()], button.dataset.name, { type: 'image/png' });
    const text = document.querySelector('#rekap').textContent;
    await navigator.share({ files: [file], text }).catch((error) => error.name === 'AbortError' || console.error(error));
  });
}
