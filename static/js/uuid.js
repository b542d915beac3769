// A UUIDv7: milliseconds first, so that keys grow as sales are made.
export function uuid7(milliseconds = Date.now()) {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  let time = milliseconds;
  for (let i = 5; i >= 0; i -= 1) {
    bytes[i] = time % 256;
    time = Math.floor(time / 256);
  }
  bytes[6] = 0x70 | (bytes[6] & 0x0f);
  bytes[8] = 0x80 | (bytes[8] & 0x3f);
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, '$1-$2-$3-$4-');
}
