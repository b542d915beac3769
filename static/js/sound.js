// Short tones, so that the cashier need not look: one high for a scan, two low for a mistake. The way to the
// loudspeaker takes a browser long to open and a tone long to build, so both are done before the first scan (`warm`).

const LOUD = 0.06;
const SILENT = 0.0001;
const SCANNED = [[1760, 0, 0.07]]; // hertz, begins at, lasts; seconds
const MISTAKEN = [[220, 0, 0.14], [180, 0.18, 0.2]];

let audio = null;
const built = new Map();

// Opens the way; a device without sound still sells.
export function warm() {
  try {
    audio ??= new AudioContext();
    for (const tones of [SCANNED, MISTAKEN]) if (!built.has(tones)) built.set(tones, build(tones));
  } catch {
    audio = null;
  }
}

// Square waves that fade away.
function build(tones) {
  const rate = audio.sampleRate;
  const end = Math.max(...tones.map(([, begins, lasts]) => begins + lasts));
  const buffer = audio.createBuffer(1, Math.ceil(end * rate), rate);
  const samples = buffer.getChannelData(0);
  for (const [hertz, begins, lasts] of tones) {
    for (let i = 0; i < lasts * rate; i += 1) {
      const volume = LOUD * (SILENT / LOUD) ** (i / rate / lasts);
      samples[Math.floor(begins * rate) + i] = volume * Math.sign(Math.sin((2 * Math.PI * hertz * i) / rate));
    }
  }
  return buffer;
}

function play(tones) {
  warm();
  if (!audio) return;
  if (audio.state !== 'running') audio.resume().catch(() => {}); // not before somebody has touched the page
  const source = audio.createBufferSource();
  source.buffer = built.get(tones);
  source.connect(audio.destination);
  source.start();
}

export const chirp = () => play(SCANNED);
export const buzz = () => play(MISTAKEN);
