// The button of a voice message as a state machine: the same as HoldToRecord of VoiceKit.Recording, checked by the same scripts.
// Inputs return an action: none, start, lock, pause, resume, send, discard, tooShort or hint.

const DEFAULTS = {
  cancelDistance: 120, // to the left; in CSS pixels
  lockDistance: 60, // up
  slop: 8,
  rightToLeft: false,
  minimumMs: 1000,
  holdDelayMs: 0,
  onCancel: 'pause', // or 'lock', 'discard'
};

export class HoldToRecord {
  #options;
  #clock;
  #state = 'idle';
  #axis = null;
  #toCancel = 0;
  #toLock = 0;
  #elapsed = 0;
  #since = 0;
  #pointer = 0;

  constructor(options = {}, clock = () => performance.now()) {
    this.#options = { ...DEFAULTS, ...options };
    this.#clock = clock;
  }

  get state() {
    return this.#state;
  }

  get slideToCancel() {
    return this.#state === 'recording' ? this.#toCancel : 0;
  }

  get slideToLock() {
    return this.#state === 'recording' ? this.#toLock : 0;
  }

  get lockDistance() {
    return this.#options.lockDistance;
  }

  // In milliseconds, without pauses.
  get elapsed() {
    const isRunning = this.#state === 'recording' || this.#state === 'locked';
    return isRunning ? this.#elapsed + this.#clock() - this.#since : this.#elapsed;
  }

  press(pointer = 0) {
    if (this.#state !== 'idle') return 'none';
    this.#state = 'pressed';
    this.#pointer = pointer;
    this.#slide(0, 0);
    this.#elapsed = 0;
    this.#since = this.#clock();
    return this.tick();
  }

  move(dx, dy, pointer = 0) {
    if (!this.#isHeld || pointer !== this.#pointer || !Number.isFinite(dx) || !Number.isFinite(dy)) return 'none';
    this.#slide(dx, dy);
    return this.tick();
  }

  tick() {
    if (this.#state === 'pressed')
      return this.#clock() - this.#since >= this.#options.holdDelayMs ? this.#go('recording', 'start') : 'none';
    return this.#state === 'recording' ? this.#followSlide() : 'none';
  }

  release(pointer = 0) {
    if (!this.#isHeld || pointer !== this.#pointer) return 'none';
    if (this.#state === 'pressed') return this.#go('idle', 'hint');
    const slid = this.#followSlide();
    return slid === 'none' ? this.#finish() : slid;
  }

  cancel(pointer = this.#pointer) {
    if (!this.#isHeld || pointer !== this.#pointer) return 'none';
    if (this.#state === 'pressed') return this.#go('idle', 'none');
    switch (this.#options.onCancel) {
      case 'lock': return this.#go('locked', 'lock');
      case 'discard': return this.discard();
      default: return this.#go('paused', 'pause');
    }
  }

  send() {
    return this.#state === 'locked' || this.#state === 'paused' ? this.#finish() : 'none';
  }

  discard() {
    return this.#go('idle', this.#state === 'idle' || this.#state === 'pressed' ? 'none' : 'discard');
  }

  pause() {
    return this.#state === 'locked' ? this.#go('paused', 'pause') : 'none';
  }

  resume() {
    return this.#state === 'paused' ? this.#go('locked', 'resume') : 'none';
  }

  get #isHeld() {
    return this.#state === 'pressed' || this.#state === 'recording';
  }

  // One axis at a time, chosen near the press point and left only there.
  #slide(dx, dy) {
    const { rightToLeft, slop, cancelDistance, lockDistance } = this.#options;
    const left = Math.max(0, rightToLeft ? dx : -dx);
    const up = Math.max(0, -dy);
    if (Math.max(left, up) <= slop) this.#axis = null;
    else this.#axis ??= left > up ? 'cancel' : 'lock';
    const fraction = (way, distance) => Math.min(1, Math.max(0, (way - slop) / (distance - slop)));
    this.#toCancel = this.#axis === 'cancel' ? fraction(left, cancelDistance) : 0;
    this.#toLock = this.#axis === 'lock' ? fraction(up, lockDistance) : 0;
  }

  #followSlide() {
    if (this.#toCancel >= 1) return this.discard();
    return this.#toLock >= 1 ? this.#go('locked', 'lock') : 'none';
  }

  #finish() {
    return this.#go('idle', this.elapsed < this.#options.minimumMs ? 'tooShort' : 'send');
  }

  #go(state, action) {
    this.#elapsed = this.elapsed;
    this.#state = state;
    this.#since = this.#clock();
    return action;
  }
}
