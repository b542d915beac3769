// A receipt as a message, and as a file for whatever the device shares with. pos/receipts/share.py says the same.

import { grouped, rupiah } from './money.js';

// `items` are [quantity with unit, name, rupiah], `sums` [what lies between them and the total, rupiah].
export function message({ gallery, title, receipt, when, items, sums, total, owed, address }) {
  return [
    `*${gallery}*`,
    `${title} ${receipt}`,
    when,
    '',
    ...items.map(([quantity, name, amount]) => `${quantity} ${name}: ${grouped(amount)}`),
    ...sums.map(([name, amount]) => `${name}: ${grouped(amount)}`),
    `*Total ${rupiah(total)}*`,
    ...(owed ? [`Belum dibayar: ${grouped(owed)}`] : []),
    '',
    `Periksa keasliannya: ${address}`,
  ].join('\n');
}

export function whatsapp(text) {
  return `https://wa.me/?text=${encodeURIComponent(text)}`;
}

// Shows `button` where the device can share files; a press shares the PDF that stands at `address()` as `name()`.
export function offerFile(button, address, name) {
  const probe = new File([''], 'nota.pdf', { type: 'application/pdf' });
  if (!navigator.canShare?.({ files: [probe] })) return;
  button.hidden = false;
  button.addEventListener('click', async () => {
    const answer = await fetch(address());
    const file = new File([await answer.blob()], name(), { type: 'application/pdf' });
    await navigator.share({ files: [file] }).catch((error) => error.name === 'AbortError' || console.error(error));
  });
}
