// Short tones, so that the cashier need not look: one high for a scan, two low for a mistake.
let audio = null;

function tone(frequency, start, length) {
  const swing = audio.createOscillator();
  const volume = audio.createGain();
  swing.type = 'square';
  swing.frequency.value = frequency;
  volume.gain.setValueAtTime(0.06, audio.currentTime + start);
  volume.gain.exponentialRampToValueAtTime(0.0001, audio.currentTime + start + length);
  swing.connect(volume).connect(audio.destination);
  swing.start(audio.currentTime + start);
  swing.stop(audio.currentTime + start + length);
}

function play(...tones) {
  try {
    audio ??= new AudioContext();
    audio.resume();
    for (const each of tones) tone(...each);
  } catch {
    // a device without sound still sells
  }
}

export const chirp = () => play([1760, 0, 0.07]);
export const buzz = () => play([220, 0, 0.14], [180, 0.18, 0.2]);
