// The sales of this device as a file, for a flash disk: JSON lines, the last of which proves that none is missing.
// The same words as pos/register/carried.py.

const KIND = 'etalase-sales';

// `sales` are records of the outbox; the text of the file.
export function saleFile(sales, { register, madeAt }) {
  const lines = [
    { kind: KIND, version: 1, register, made_at: madeAt },
    ...sales.map(({ cashier = '', document }) => ({ cashier, document })),
  ].map((line) => JSON.stringify(line));
  return [...lines, JSON.stringify({ count: sales.length, crc32: crc32(lines.join('\n')) }), ''].join('\n');
}

export function crc32(text) {
  let crc = 0xffffffff;
  for (const byte of new TextEncoder().encode(text)) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (crc & 1 ? 0xedb88320 : 0);
  }
  return ((crc ^ 0xffffffff) >>> 0).toString(16).padStart(8, '0');
}

export function download(name, text) {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(new Blob([text], { type: 'application/x-ndjson' }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
}
