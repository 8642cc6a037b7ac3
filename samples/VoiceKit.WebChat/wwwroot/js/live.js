// Plays what is still being recorded. A media element by itself waits for the next 32 KiB, which is some eight seconds of a voice:
// its pieces are handed to it as they come.

const TYPE = 'audio/webm; codecs="opus"';

// Gives the address to play. Where a browser cannot be handed pieces, that of the stream itself.
export function live(url, signal) {
  if (!window.MediaSource?.isTypeSupported(TYPE)) return url;
  const source = new MediaSource();
  const address = URL.createObjectURL(source);
  source.addEventListener('sourceopen', () => {
    URL.revokeObjectURL(address);
    feed(source, url, signal).then(
      () => source.readyState === 'open' && source.endOfStream(),
      () => source.readyState === 'open' && source.endOfStream('network'));
  }, { once: true });
  return address;
}

async function feed(source, url, signal) {
  const answer = await fetch(url, { signal });
  if (!answer.ok) throw new Error(answer.statusText);
  const buffer = source.addSourceBuffer(TYPE);
  const reader = answer.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    const taken = new Promise((resolve, reject) => {
      buffer.addEventListener('updateend', resolve, { once: true });
      buffer.addEventListener('error', reject, { once: true });
    });
    buffer.appendBuffer(value);
    await taken;
  }
}
