// The microphone: records, tells how loud it is, and uploads while it goes on.

import { mayPass } from './api.js';

const TYPES = ['audio/webm;codecs=opus', 'audio/mp4;codecs=opus', 'audio/ogg;codecs=opus', 'audio/mp4'];
const SLICE = 250; // milliseconds
const BITRATE = 32000;
const TRIES = 4;
const KEEP_ALIVE = 15000;
const MAX_PIECE = 65536; // bytes
const FLOOR = -50; // dB

const wait = milliseconds => new Promise(resolve => setTimeout(resolve, milliseconds));

// Why the microphone cannot be had, for people.
export function microphoneProblem(error) {
  switch (error?.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return 'The microphone is blocked. Allow it for this page in the address bar, then try again.';
    case 'NotFoundError':
    case 'OverconstrainedError':
      return 'No microphone was found. Plug one in, then try again.';
    case 'NotReadableError':
      return 'The microphone cannot be opened. Another program may be using it.';
    default:
      return navigator.mediaDevices
        ? `Recording is not possible: ${error?.message ?? 'unknown reason'}`
        : 'Recording needs a secure page: open it by https, or on this computer by localhost.';
  }
}

// Tries until it goes, where trying again can help. All that is tried may be done twice.
async function again(act, ...passing) {
  for (let attempt = 1; ; attempt++) {
    try {
      return await act();
    } catch (error) {
      if (!(mayPass(error) || passing.includes(error.status)) || attempt === TRIES) throw error;
      await wait(300 * 2 ** attempt);
    }
  }
}

// Sends the pieces in their order, each until it has arrived.
class Upload {
  #api;
  #begun;
  #last;
  #number = 0;
  #failure = null;
  #abort = new AbortController();
  #alive;

  constructor(api) {
    this.#api = api;
    this.#begun = api.post('/recordings', undefined, { signal: this.#abort.signal });
    this.#last = this.#begun.then(({ id }) => { this.id = id; }).catch(error => { this.#failure = error; });
    this.#alive = setInterval(() => this.tellPaused(this.isPaused), KEEP_ALIVE);
  }

  isPaused = false;

  add(data) {
    for (let at = 0; at < data.size; at += MAX_PIECE) this.#addPiece(data.slice(at, at + MAX_PIECE));
  }

  #addPiece(piece) {
    const number = this.#number++;
    this.#last = this.#last.then(() => this.#send(number, piece)).catch(error => { this.#failure ??= error; });
  }

  tellPaused(isPaused) {
    this.isPaused = isPaused;
    this.#last = this.#last
      .then(() => this.id && !this.#failure && this.#api.put(`/recordings/${this.id}/paused`, { paused: isPaused }))
      .catch(() => {});
  }

  async finish() {
    clearInterval(this.#alive);
    await this.#last;
    if (this.#failure) throw this.#failure;
    return again(() => this.#api.post(`/recordings/${this.id}/finish`));
  }

  // The page is closed: there is no time to wait.
  abandon() {
    if (this.id) this.#api.delete(`/recordings/${this.id}`, { keepalive: true }).catch(() => {});
  }

  async drop() {
    clearInterval(this.#alive);
    this.#failure ??= new Error('dropped');
    const { id } = await this.#begun.catch(() => ({}));
    this.#abort.abort();
    if (id) await this.#api.delete(`/recordings/${id}`, { keepalive: true }).catch(() => {});
  }

  async #send(number, piece) {
    if (this.#failure) return;
    await again(() => this.#api.put(`/recordings/${this.id}/pieces/${number}`, piece, { signal: this.#abort.signal }), 409);
  }
}

// Dispatches 'lost' when the microphone goes away; what was said before is kept.
export class Recorder extends EventTarget {
  levels = []; // 0…100, some 16 a second
  #api;
  #options;
  #stream;
  #context;
  #analyser;
  #recorder;
  #upload;
  #pieces = [];
  #meter;
  #isOver = false;
  #isStopping = false;

  constructor(api, options = {}) {
    super();
    this.#api = api;
    this.#options = options;
  }

  // Opens the microphone. False when the recording was over before that.
  async start() {
    if (!navigator.mediaDevices || !window.MediaRecorder) throw new Error('There is no microphone here.');
    const isCleaned = this.#options.isCleaned ?? true;
    const audio = { echoCancellation: isCleaned, noiseSuppression: isCleaned, autoGainControl: isCleaned, channelCount: 1 };
    this.#stream = await navigator.mediaDevices.getUserMedia({ audio });
    if (this.#isOver) {
      this.#close();
      return false;
    }
    const mimeType = TYPES.find(type => MediaRecorder.isTypeSupported(type));
    this.#recorder = new MediaRecorder(this.#stream, { mimeType, audioBitsPerSecond: BITRATE });
    this.#recorder.addEventListener('dataavailable', event => this.#take(event.data));
    this.#recorder.addEventListener('stop', () => this.#lose());
    if (/webm|ogg|opus/.test(this.#recorder.mimeType)) this.#upload = new Upload(this.#api);
    this.#recorder.start(SLICE);
    this.#measure();
    return true;
  }

  // Whether it can go on.
  get isLost() {
    return this.#recorder?.state === 'inactive';
  }

  #lose() {
    if (this.#isStopping || this.#isOver) return;
    this.#upload?.tellPaused(true);
    this.#close();
    this.dispatchEvent(new Event('lost'));
  }

  pause() {
    if (this.#recorder?.state !== 'recording') return;
    this.#recorder.pause();
    this.#upload?.tellPaused(true);
  }

  resume() {
    if (this.#recorder?.state !== 'paused') return;
    this.#recorder.resume();
    this.#upload?.tellPaused(false);
  }

  // What there is so far, to listen to.
  async draft() {
    if (this.#recorder.state !== 'inactive') {
      const last = new Promise(resolve => this.#recorder.addEventListener('dataavailable', resolve, { once: true }));
      this.#recorder.requestData();
      await last;
    }
    return this.#blob();
  }

  // Ends the recording and sends it.
  async send() {
    await this.#stop();
    try {
      if (this.#upload) return await this.#upload.finish();
    } catch (error) {
      // What did not arrive piece by piece may arrive as a whole.
      if (error.status >= 400 && error.status < 500 && error.status !== 404 && error.status !== 409) throw error;
      await this.#upload.drop();
    }
    return this.resend();
  }

  // Sends all of it once more. Sound other than Opus is encoded by the server.
  async resend() {
    const blob = this.#blob();
    if (/opus|webm|ogg/.test(blob.type)) {
      // The server knows by it whether a recording is a message already, and only the answer was lost.
      const id = this.#upload?.id;
      return this.#api.post(id ? `/messages?recording=${id}` : '/messages', blob);
    }
    const { id } = await this.#api.post('/imports', blob);
    return this.#api.post(`/imports/${id}/send`);
  }

  async discard() {
    this.#isOver = true;
    await this.#stop();
    await this.#upload?.drop();
  }

  // The page is closed.
  abandon() {
    this.#isOver = true;
    this.#upload?.abandon();
    this.#close();
  }

  #blob() {
    return new Blob(this.#pieces, { type: this.#recorder.mimeType });
  }

  #take(data) {
    if (data.size === 0) return;
    this.#pieces.push(data);
    if (!this.#isOver) this.#upload?.add(data);
  }

  #measure() {
    this.#context = new AudioContext();
    this.#analyser = new AnalyserNode(this.#context, { fftSize: 2048 });
    this.#context.createMediaStreamSource(this.#stream).connect(this.#analyser);
    const samples = new Float32Array(this.#analyser.fftSize);
    this.#meter = setInterval(() => {
      if (this.#recorder.state !== 'recording') return;
      this.#analyser.getFloatTimeDomainData(samples);
      const power = samples.reduce((sum, x) => sum + x * x, 0) / samples.length;
      const decibels = 10 * Math.log10(power + 1e-12);
      this.levels.push(Math.round(100 * Math.min(1, Math.max(0, 1 - (decibels + 8) / (FLOOR + 8)))));
    }, 62);
  }

  async #stop() {
    this.#isStopping = true;
    if (this.#recorder && this.#recorder.state !== 'inactive') {
      const stopped = new Promise(resolve => this.#recorder.addEventListener('stop', resolve, { once: true }));
      this.#recorder.stop();
      await stopped;
    }
    this.#close();
  }

  #close() {
    clearInterval(this.#meter);
    this.#context?.close();
    this.#context = null;
    this.#stream?.getTracks().forEach(track => track.stop());
  }
}
