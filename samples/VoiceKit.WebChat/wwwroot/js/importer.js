// Existing recordings: dropped on the page or chosen, looked at by the server, listened to, then sent.

import { find, make, say, setIcon, size, time } from './dom.js';
import { SeekBars } from './waveform.js';

const ACTIONS = {
  take: 'It is sent as it is.',
  copy: 'Its sound is kept bit for bit, in another file format.',
  encode: 'It is encoded as Opus.',
};

export class Importer {
  #api;
  #player;
  #dialog = find('#import');
  #audio = new Audio();
  #import = null;
  #abort = new AbortController();
  #bars = null;
  #maxBytes = Infinity;

  constructor(api, player) {
    this.#api = api;
    this.#player = player;
    const input = find('#file');
    find('#attach').addEventListener('click', () => input.click());
    input.addEventListener('change', () => {
      if (input.files.length > 0) this.#open(input.files[0]);
      input.value = '';
    });
    this.#bindDrop();
    find('#import-send').addEventListener('click', () => this.#send());
    find('#import-cancel').addEventListener('click', () => this.#dialog.close());
    this.#dialog.addEventListener('close', () => this.#drop());
    const listen = find('#import-listen');
    listen.addEventListener('click', () => {
      if (this.#audio.paused) this.#audio.play().catch(() => say('This browser cannot play the file. It can be sent all the same.'));
      else this.#audio.pause();
    });
    for (const name of ['play', 'pause', 'ended', 'timeupdate']) this.#audio.addEventListener(name, () => this.#show());
  }

  set maxBytes(bytes) {
    this.#maxBytes = bytes;
  }

  #bindDrop() {
    let depth = 0;
    const hasFile = event => [...event.dataTransfer?.types ?? []].includes('Files');
    const mark = change => {
      depth = change;
      document.body.dataset.dropping = depth > 0;
    };
    addEventListener('dragenter', event => hasFile(event) && mark(depth + 1));
    addEventListener('dragleave', event => hasFile(event) && mark(Math.max(0, depth - 1)));
    addEventListener('dragover', event => event.preventDefault());
    addEventListener('drop', event => {
      event.preventDefault();
      mark(0);
      const file = event.dataTransfer?.files[0];
      if (file) this.#open(file);
    });
  }

  async #open(file) {
    if (this.#dialog.open) return;
    if (file.size > this.#maxBytes) {
      say(`The file is too large: ${size(file.size)}, more than ${size(this.#maxBytes)}.`, true);
      return;
    }
    this.#player.pause();
    const abort = this.#abort = new AbortController();
    this.#dialog.dataset.state = 'looking';
    find('#import-name').textContent = file.name;
    find('#import-facts').textContent = 'Looking at it…';
    find('#import-send').disabled = true;
    find('#import-bars').replaceChildren();
    this.#dialog.showModal();
    try {
      const found = await this.#api.post('/imports', file, { signal: abort.signal });
      if (abort.signal.aborted) {
        await this.#api.delete(`/imports/${found.id}`);
        return;
      }
      this.#import = found;
      this.#audio.src = URL.createObjectURL(file);
      this.#bars = new SeekBars(found.bars, found.seconds, 'Position in the file');
      this.#bars.element.addEventListener('seek', event => { this.#audio.currentTime = event.detail; });
      find('#import-bars').replaceChildren(this.#bars.element);
      find('#import-facts').replaceChildren(
        make('strong', {}, time(found.seconds)), ` · ${capital(found.content)} · about ${size(found.size)}. ${ACTIONS[found.action]}`);
      find('#import-send').disabled = false;
      this.#dialog.dataset.state = 'ready';
      this.#show();
      find('#import-send').focus();
    } catch (error) {
      if (abort.signal.aborted) return;
      this.#dialog.dataset.state = 'refused';
      find('#import-facts').textContent = error.message;
    }
  }

  async #send() {
    const { id } = this.#import;
    const abort = this.#abort;
    this.#import = null;
    find('#import-send').disabled = true;
    this.#dialog.dataset.state = 'sending';
    try {
      await this.#api.post(`/imports/${id}/send`);
    } catch (error) {
      say(error.message, true);
    }
    // The dialog may have been closed, and opened for another file.
    if (!abort.signal.aborted) this.#dialog.close();
  }

  #drop() {
    this.#abort.abort();
    if (this.#audio.src) {
      URL.revokeObjectURL(this.#audio.src);
      this.#audio.removeAttribute('src');
      this.#audio.load();
    }
    if (this.#import) this.#api.delete(`/imports/${this.#import.id}`).catch(() => {});
    this.#import = null;
  }

  #show() {
    const isPlaying = !this.#audio.paused && !this.#audio.ended;
    setIcon(find('#import-listen'), isPlaying ? 'pause' : 'play', isPlaying ? 'Pause' : 'Listen');
    this.#bars?.show(this.#audio.ended ? 0 : this.#audio.currentTime);
  }
}

function capital(text) {
  const bare = text.replace(/^an? /, '');
  return bare[0].toUpperCase() + bare.slice(1);
}
