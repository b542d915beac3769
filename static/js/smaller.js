// Shows a photo before it is sent, and sends it no larger than it is needed: on a slow line that is most of the wait.
// Large ones take a second to draw; the words of `data-smaller` and `data-small` say so meanwhile and after.
// What cannot be drawn here goes as it is; the server judges every file anew.

const LARGEST = 2263; // pixels: what a scan of a page is kept at, and more than a photo of goods
const ENOUGH = 400_000; // bytes: not worth the work

async function shrunk(file) {
  const picture = await createImageBitmap(file, { imageOrientation: 'from-image' });
  const scale = Math.min(1, LARGEST / Math.max(picture.width, picture.height));
  const canvas = document.createElement('canvas');
  canvas.width = Math.max(1, Math.round(picture.width * scale));
  canvas.height = Math.max(1, Math.round(picture.height * scale));
  const paper = canvas.getContext('2d');
  paper.fillStyle = '#fff';
  paper.fillRect(0, 0, canvas.width, canvas.height);
  paper.drawImage(picture, 0, 0, canvas.width, canvas.height);
  picture.close();
  const small = await new Promise((done) => canvas.toBlob(done, 'image/jpeg', 0.85));
  return small && small.size < file.size ? new File([small], 'foto.jpg', { type: small.type }) : file;
}

const megabytes = new Intl.NumberFormat(document.documentElement.lang, { maximumFractionDigits: 1, minimumFractionDigits: 1 });
const size = (file) => `${megabytes.format(Math.max(file.size, 50_000) / 1e6)} MB`;

async function take(input, shown, say) {
  const [file] = input.files;
  URL.revokeObjectURL(shown.src);
  shown.hidden = true;
  say.textContent = '';
  if (!file?.type.startsWith('image/')) return;
  if (file.size > ENOUGH) say.textContent = input.dataset.smaller;
  const small = file.size > ENOUGH ? await shrunk(file).catch(() => file) : file;
  if (input.files[0] !== file) return; // another one was chosen meanwhile
  if (small !== file) {
    const chosen = new DataTransfer();
    chosen.items.add(small);
    input.files = chosen.files;
  }
  say.textContent = small === file ? '' : input.dataset.small.replace('{before}', size(file)).replace('{after}', size(small));
  shown.src = URL.createObjectURL(small);
}

for (const input of document.querySelectorAll('input[type=file][data-smaller]')) {
  const say = document.createElement('p');
  say.className = 'help';
  say.setAttribute('role', 'status');
  const shown = new Image();
  shown.className = 'chosen-photo';
  shown.alt = '';
  shown.hidden = true;
  shown.addEventListener('load', () => (shown.hidden = false));
  input.after(say, shown);
  let making = null;
  input.addEventListener('change', () => {
    const mine = take(input, shown, say).finally(() => (making = making === mine ? null : making));
    making = mine;
  });
  input.form.addEventListener('submit', (event) => {
    if (!making) return;
    event.preventDefault();
    making.then(() => input.form.requestSubmit(event.submitter));
  });
}
