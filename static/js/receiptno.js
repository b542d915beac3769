// Receipt numbers: `AMB-1-000124`, as they are scanned, typed and written.

const ADDRESS = /\/nota\/([^/?#\s]+)\s*$/i;
const PROOF = /-[A-Z][A-Z0-9]{15}$/;
const RECEIPT = /^[A-Z0-9][A-Z0-9-]*-\d{6,}$/;

// The receipt number in what was scanned or typed: a receipt's QR, its number, or (with a register) just `124`.
export function receiptIn(text, register = '') {
  const tidy = (ADDRESS.exec(text ?? '')?.[1] ?? text ?? '').trim().toUpperCase();
  const receipt = tidy.replace(PROOF, '');
  if (RECEIPT.test(receipt)) return receipt;
  return register && /^\d{1,9}$/.test(tidy) ? receiptNumber(register, Number(tidy)) : null;
}

export function receiptNumber(register, number) {
  return `${register}-${String(number).padStart(6, '0')}`;
}
