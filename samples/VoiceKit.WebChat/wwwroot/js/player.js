// One player for all rows: one message sounds at a time, and the next begins when it ends.

import { live } from './live.js';

const RATES = [1, 1.5, 2];

export class Player extends EventTarget {
  #audio = new Audio();
  #row = null;
  #rate = 1;
  #frame = 0;
  #abort = new AbortController();

  constructor() {
    super();
    const rate = Number(localStorage.getItem('rate'));
    if (RATES.includes(rate)) this.#rate = rate;
    this.#audio.preload = 'auto';
    this.#audio.addEventListener('play', () => this.#show());
    this.#audio.addEventListener('pause', () => this.#show());
    this.#audio.addEventListener('seeked', () => this.#show());
    this.#audio.addEventListener('ended', () => this.#end());
    this.#audio.addEventListener('error', () => this.#fail());
  }

  get audio() {
    return this.#audio;
  }

  get row() {
    return this.#row;
  }

  get rate() {
    return this.#rate;
  }

  get isPlaying() {
    return !this.#audio.paused && !this.#audio.ended;
  }

  // Plays a row, or pauses it.
  toggle(row) {
    if (this.#row === row && this.isPlaying) this.#audio.pause();
    else this.play(row);
  }

  play(row, from = row.position) {
    if (this.#row !== row) this.#load(row, from);
    this.#start();
  }

  pause() {
    this.#audio.pause();
  }

  // Goes to a time of a row; one that does not play begins there when it does.
  seek(row, seconds) {
    row.position = seconds;
    if (this.#row !== row) return;
    if (this.#audio.src.endsWith(row.source)) this.#audio.currentTime = seconds;
    else {
      const wasPlaying = this.isPlaying;
      this.#load(row, seconds);
      if (wasPlaying) this.#start();
    }
  }

  nextRate() {
    this.#rate = RATES[(RATES.indexOf(this.#rate) + 1) % RATES.length];
    localStorage.setItem('rate', this.#rate);
    this.#apply();
    this.dispatchEvent(new Event('rate'));
  }

  // What was heard while it was recorded is a message now: the sound goes on.
  adopt(row, message) {
    if (this.#row !== row) return;
    this.#row = message;
    this.#show();
  }

  // A row is gone.
  forget(row) {
    if (this.#row !== row) return;
    this.#row = null;
    this.#abort.abort();
    this.#audio.pause();
    this.#audio.removeAttribute('src');
    this.#audio.load();
  }

  #load(row, from) {
    const before = this.#row;
    this.#row = row;
    if (before && before !== row) before.showPlaying(false, before.position);
    this.#abort.abort();
    this.#abort = new AbortController();
    this.#audio.src = row.isGrowing ? live(row.source, this.#abort.signal) : row.source;
    if (!row.isGrowing) this.#audio.currentTime = from;
    this.#apply();
  }

  #apply() {
    this.#audio.preservesPitch = true;
    this.#audio.defaultPlaybackRate = this.#rate;
    this.#audio.playbackRate = this.#rate;
  }

  async #start() {
    this.#apply();
    try {
      await this.#audio.play();
      this.dispatchEvent(new CustomEvent('started', { detail: this.#row }));
    } catch (error) {
      if (error.name !== 'AbortError') this.#fail();
    }
  }

  #show() {
    cancelAnimationFrame(this.#frame);
    if (!this.#row) return;
    if (!this.#audio.ended) this.#row.position = this.#audio.currentTime;
    this.#row.showPlaying(this.isPlaying, this.#row.position);
    if (this.isPlaying) this.#frame = requestAnimationFrame(() => this.#show());
  }

  #end() {
    const row = this.#row;
    this.#row = null;
    cancelAnimationFrame(this.#frame);
    if (!row) return;
    row.position = 0;
    row.showPlaying(false, 0);
    this.dispatchEvent(new CustomEvent('ended', { detail: row }));
  }

  #fail() {
    const row = this.#row;
    if (!row) return;
    this.#row = null;
    row.showPlaying(false, 0);
    this.dispatchEvent(new CustomEvent('failed', { detail: row }));
  }
}
