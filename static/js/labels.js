// The label page: sums while one types, marks the sheet, shows the label of the row one is in. Without it all
// of this comes from the server, one button later.

const form = document.getElementById('labels');
const sum = document.getElementById('sum');
const preview = document.getElementById('preview');
const apply = document.getElementById('apply');
let shown = form.querySelector('[data-row]:not(.labels-wrong)');
let typing;
const slots = [...form.querySelectorAll('.slot')];
const perPage = slots.length || 1;
const counts = () => [...form.querySelectorAll('[name=jumlah]')];

const start = () => Number(form.elements.mulai?.value || 1);
const total = () => counts().reduce((all, input) => all + (input.validity.valid ? Number(input.value) : 0), 0);

function show() {
  const labels = total();
  const pages = labels ? Math.ceil((labels + start() - 1) / perPage) : 0;
  const values = { labels, pages };
  sum.textContent = sum.dataset.text.replace(/\{(\w+)\}/g, (_, name) => values[name].toLocaleString('id-ID'));
  slots.forEach((slot, i) => slot.classList.toggle('filled', i + 1 >= start() && i + 1 < start() + labels));
}

// As many more as the last sheet has room for.
function fill(row) {
  const input = row.querySelector('[name=jumlah]');
  const others = total() - (input.validity.valid ? Number(input.value) : 0);
  const used = (others + start() - 1) % perPage;
  input.value = perPage - used;
  show();
}

function see(row) {
  if (!preview || row.classList.contains('labels-wrong')) return;
  const address = new URL(form.dataset.preview, location.href);
  const own = (name) => row.querySelector(`[name=${name}]`)?.value ?? '';
  address.search = new URLSearchParams({
    produk: row.dataset.row,
    layout: form.elements.layout.value,
    printer: form.elements.printer.value,
    isi: form.elements.isi.value,
    produksi: own('produksi'),
    kedaluwarsa: own('kedaluwarsa'),
    sejak: own('sejak'),
  });
  shown = row;
  if (preview.src !== address.href) preview.src = address.href;
}

form.addEventListener('input', ({ target }) => {
  show();
  if (target.name === 'produksi' || target.name === 'kedaluwarsa') {
    clearTimeout(typing);
    typing = setTimeout(() => see(target.closest('[data-row]')), 200);
  }
});
form.addEventListener('focusin', ({ target }) => target.closest('[data-row]') && see(target.closest('[data-row]')));
form.addEventListener('click', ({ target }) => target.closest('[data-fill]') && fill(target.closest('[data-row]')));
form.addEventListener('change', ({ target }) => {
  if (!['layout', 'printer', 'isi', 'sejak'].includes(target.name)) return;
  sessionStorage.setItem('labels-back', JSON.stringify([scrollY, target.id || `${target.name}-${target.value}`]));
  form.requestSubmit(apply);
});

apply.hidden = true;
if (perPage > 1) form.querySelectorAll('[data-fill]').forEach((button) => { button.hidden = false; });
const back = JSON.parse(sessionStorage.getItem('labels-back') ?? 'null');
if (back) {
  const [y, id] = back;
  sessionStorage.removeItem('labels-back');
  scrollTo(0, y);
  (document.getElementById(id) ?? document.getElementById('layout')).focus({ preventScroll: true });
}
show();
// What was typed before this ran.
if (shown && [...shown.querySelectorAll('[name=produksi], [name=kedaluwarsa]')].some((input) => input.value !== input.defaultValue)) see(shown);
