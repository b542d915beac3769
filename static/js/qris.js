// A static QRIS code with the amount locked in. The code is EMVCo's list of fields, each two digits of tag, two of
// length and the value, and ends with a check figure over all before it. pos/units/qris.py has read it already.

const FIRST_USE = '01'; // 11: for any number of payments, 12: for one
const CURRENCY = '53';
const AMOUNT = '54';
const TIPS = ['55', '56', '57'];
const CHECK = '63';

// [[tag, value]], or null when the text is no such list.
export function fields(text) {
  const found = [];
  const characters = [...text];
  for (let at = 0; at < characters.length; ) {
    const head = /^(\d\d)(\d\d)$/.exec(characters.slice(at, at + 4).join(''));
    const value = head && characters.slice(at + 4, at + 4 + Number(head[2]));
    if (value?.length !== Number(head?.[2])) return null;
    found.push([head[1], value.join('')]);
    at += 4 + value.length;
  }
  return found;
}

// CRC-16/CCITT-FALSE in four capital hexadecimal digits.
export function crc(text) {
  let sum = 0xffff;
  for (const byte of new TextEncoder().encode(text)) {
    sum ^= byte << 8;
    for (let bit = 0; bit < 8; bit += 1) sum = (sum & 0x8000 ? (sum << 1) ^ 0x1021 : sum << 1) & 0xffff;
  }
  return sum.toString(16).toUpperCase().padStart(4, '0');
}

// The same payee asks for `amount` rupiah, once; null when that cannot be written.
export function lockAmount(text, amount) {
  const list = fields(text);
  if (!list?.some(([tag]) => tag === CURRENCY) || !Number.isSafeInteger(amount) || amount <= 0) return null;
  const kept = list.filter(([tag]) => ![AMOUNT, CHECK, ...TIPS].includes(tag));
  const asked = kept.flatMap(([tag, value]) => {
    if (tag === FIRST_USE) return [[tag, '12']];
    return tag === CURRENCY ? [[tag, value], [AMOUNT, String(amount)]] : [[tag, value]];
  });
  const open = `${asked.map(written).join('')}${CHECK}04`;
  return open + crc(open);
}

// The name that the payer's telephone will show.
export function merchant(text) {
  return fields(text)?.find(([tag]) => tag === '59')?.[1] ?? '';
}

function written([tag, value]) {
  return tag + String([...value].length).padStart(2, '0') + value;
}
