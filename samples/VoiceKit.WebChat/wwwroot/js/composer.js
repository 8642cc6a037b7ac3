// The row under the messages: hold to record, slide up to lock, slide left to delete; pause, listen, send. What a touch means is
// HoldToRecord's to say; here its answers are carried out and shown.

import { find, make, say, setIcon, spokenTime, time, whisper } from './dom.js';
import { HoldToRecord } from './hold-to-record.js';
import { microphoneProblem, Recorder } from './recorder.js';
import { LiveBars, SeekBars } from './waveform.js';

const MARGIN = 2; // seconds that a recording is shorter than the longest that the server takes: its clock is another one
const LONGEST_WAIT = 2 ** 31 - 1; // of a timer, in milliseconds
const LONGEST = 'This is the longest message there can be.';

export class Composer {
  #root = find('#composer');
  #mic = find('#mic');
  #send = find('#send');
  #pause = find('#pause');
  #listen = find('#listen');
  #clock = find('#elapsed');
  #button = new HoldToRecord({}, () => this.#now());
  #api;
  #player;
  #recorder = null;
  #opening = null;
  #openingSince = null;
  #openingTime = 0;
  #live = new LiveBars();
  #draft = new SeekBars([], 0, 'Position in the draft');
  #audio = new Audio();
  #origin = null;
  #limit = Infinity;
  #limitTimer = 0;

  constructor(api, player) {
    this.#api = api;
    this.#player = player;
    find('#live').append(this.#live.element, this.#draft.element);
    this.#bindPointer();
    this.#bindButtons();
    this.#bindDraft();
    setIcon(this.#mic, 'mic', 'Record a voice message: hold, or press Enter to record hands-free');
    this.#show();
    addEventListener('beforeunload', event => this.#isLosing && event.preventDefault());
    addEventListener('pagehide', () => this.#recorder?.abandon());
  }

  set limit(seconds) {
    this.#limit = 1000 * Math.max(seconds - MARGIN, seconds / 2);
  }

  get isBusy() {
    return this.#button.state !== 'idle';
  }

  // Whether something that was said is lost when the page is closed.
  get #isLosing() {
    return this.isBusy || this.#root.dataset.sending === 'true' || find('#failed').childElementCount > 0;
  }

  #bindPointer() {
    const mic = this.#mic;
    mic.addEventListener('pointerdown', event => {
      if (event.button !== 0 || this.#root.dataset.sending === 'true') return;
      event.preventDefault();
      mic.setPointerCapture(event.pointerId);
      if (this.#button.state === 'idle') this.#origin = { x: event.clientX, y: event.clientY };
      this.#do(this.#button.press(event.pointerId));
    });
    mic.addEventListener('pointermove', event => {
      if (!this.#origin) return;
      this.#do(this.#button.move(event.clientX - this.#origin.x, event.clientY - this.#origin.y, event.pointerId));
    });
    mic.addEventListener('pointerup', event => this.#do(this.#button.release(event.pointerId)));
    mic.addEventListener('pointercancel', event => this.#do(this.#button.cancel(event.pointerId)));
    mic.addEventListener('contextmenu', event => event.preventDefault());
  }

  #bindButtons() {
    // A key does not hold: it starts a recording that is locked at once. A finger has been dealt with above.
    this.#mic.addEventListener('keydown', event => {
      if (event.key !== 'Enter' && event.key !== ' ') return;
      event.preventDefault();
      if (!event.repeat) this.#startLocked();
    });
    this.#mic.addEventListener('click', event => {
      if (event.detail === 0) this.#startLocked();
    });
    this.#send.addEventListener('keydown', event => {
      if (event.repeat) event.preventDefault();
    });
    this.#send.addEventListener('click', () => this.#do(this.#button.send()));
    find('#discard').addEventListener('click', () => this.#do(this.#button.discard()));
    this.#pause.addEventListener('click', () => {
      if (this.#button.state !== 'paused') this.#do(this.#button.pause());
      else if (this.#button.elapsed >= this.#limit) say(LONGEST);
      else this.#do(this.#button.resume());
    });
    document.addEventListener('keydown', event => {
      // In a dialog or a menu it closes that.
      if (event.key !== 'Escape' || event.defaultPrevented || find('dialog[open], [popover]:popover-open')) return;
      if (this.isBusy) this.#do(this.#button.discard());
    });
  }

  #bindDraft() {
    const audio = this.#audio;
    this.#listen.addEventListener('click', () => this.#toggleDraft());
    this.#draft.element.addEventListener('seek', event => this.#seekDraft(event.detail));
    for (const name of ['play', 'pause', 'ended']) audio.addEventListener(name, () => this.#showDraft());
    audio.addEventListener('timeupdate', () => this.#showDraft());
  }

  #startLocked() {
    if (this.#button.state !== 'idle' || this.#root.dataset.sending === 'true') return;
    this.#do(this.#button.press(-1));
    this.#do(this.#button.move(0, -this.#button.lockDistance, -1));
  }

  #do(action) {
    switch (action) {
      case 'start': this.#start(); break;
      case 'lock': whisper('Recording, hands-free. Enter sends, Escape deletes.'); break;
      case 'pause': this.#pauseRecording(); break;
      case 'resume': this.#resumeRecording(); break;
      case 'send': this.#finish(); break;
      case 'discard': this.#drop('Deleted.'); break;
      case 'tooShort': this.#drop(this.#isOpening ? 'Hold again to record.' : 'Hold to record, let go to send.'); break;
      case 'hint': say('Hold to record, let go to send.'); break;
    }
    this.#show();
  }

  async #start() {
    this.#player.pause();
    whisper('Recording.');
    navigator.vibrate?.(15);
    const recorder = new Recorder(this.#api, { isCleaned: localStorage.getItem('clean') !== 'no' });
    recorder.addEventListener('lost', () => this.#loseMicrophone(recorder));
    this.#recorder = recorder;
    this.#openingSince ??= performance.now();
    this.#opening = recorder.start();
    this.#frame();
    try {
      await this.#opening;
      if (this.#recorder === recorder) this.#endOpening();
      this.#watchLimit();
    } catch (error) {
      this.#fail(recorder, error);
    }
  }

  #fail(recorder, error) {
    recorder.discard();
    if (this.#recorder && this.#recorder !== recorder) return;
    if (this.#recorder === recorder) {
      this.#recorder = null;
      this.#endOpening();
      this.#button.discard();
      this.#show();
    }
    say(microphoneProblem(error), true);
  }

  get #isOpening() {
    return this.#openingSince !== null;
  }

  // The time that is recorded: it stands still while the microphone is opened, and whoever uses the page is asked for it.
  #now() {
    return (this.#openingSince ?? performance.now()) - this.#openingTime;
  }

  #endOpening() {
    if (!this.#isOpening) return;
    this.#openingTime += performance.now() - this.#openingSince;
    this.#openingSince = null;
  }

  async #pauseRecording() {
    const recorder = this.#recorder;
    await this.#opening.catch(() => {});
    if (this.#recorder !== recorder || this.#button.state !== 'paused') return;
    recorder.pause();
    whisper(`Paused at ${spokenTime(this.#button.elapsed / 1000)}.`);
    this.#draft.set(recorder.levels.slice(), this.#button.elapsed / 1000);
    this.#draft.show(0);
  }

  #resumeRecording() {
    this.#audio.pause();
    this.#forgetDraft();
    this.#recorder?.resume();
    whisper('Recording again.');
    this.#frame();
  }

  async #finish() {
    const recorder = this.#recorder;
    this.#recorder = null;
    this.#forgetDraft();
    this.#root.dataset.sending = 'true';
    this.#show();
    try {
      await recorder.send();
      whisper('Sent.');
    } catch (error) {
      this.#offerAgain(recorder, error);
    } finally {
      this.#root.dataset.sending = 'false';
      this.#show();
      if (document.activeElement === document.body || this.#root.contains(document.activeElement)) this.#mic.focus();
    }
  }

  // Nothing that was said is lost because the line was.
  #offerAgain(recorder, error) {
    const failed = find('#failed');
    const again = make('button', { type: 'button', className: 'text' }, 'Send again');
    const drop = make('button', { type: 'button', className: 'text' }, 'Delete');
    const note = make('p', { role: 'alert' }, `Your message was not sent. ${error.message} `, again, drop);
    again.addEventListener('click', async () => {
      again.disabled = true;
      try {
        await recorder.resend();
        note.remove();
      } catch (next) {
        again.disabled = false;
        say(next.message, true);
      }
    });
    drop.addEventListener('click', () => note.remove());
    failed.append(note);
  }

  async #drop(text) {
    const recorder = this.#recorder;
    this.#recorder = null;
    this.#endOpening();
    this.#forgetDraft();
    const hadFocus = this.#root.contains(document.activeElement);
    say(text);
    this.#show();
    if (hadFocus) this.#mic.focus();
    await recorder?.discard();
  }

  async #toggleDraft() {
    if (!this.#audio.paused) {
      this.#audio.pause();
      return;
    }
    this.#player.pause();
    await this.#loadDraft();
    await this.#audio.play().catch(error => say(error.message, true));
  }

  async #seekDraft(seconds) {
    await this.#loadDraft();
    this.#audio.currentTime = seconds;
  }

  async #loadDraft() {
    if (this.#audio.src || !this.#recorder) return;
    const draft = await this.#recorder.draft();
    this.#audio.src = URL.createObjectURL(draft);
  }

  #forgetDraft() {
    if (!this.#audio.src) return;
    URL.revokeObjectURL(this.#audio.src);
    this.#audio.removeAttribute('src');
    this.#audio.load();
    this.#showDraft();
  }

  #showDraft() {
    const isPlaying = !this.#audio.paused && !this.#audio.ended && this.#audio.src !== '';
    setIcon(this.#listen, isPlaying ? 'pause' : 'play', isPlaying ? 'Pause the draft' : 'Listen to the draft');
    this.#listen.dataset.state = isPlaying ? 'playing' : 'idle';
    this.#draft.show(this.#audio.ended ? 0 : this.#audio.currentTime || 0);
    if (isPlaying) this.#clock.textContent = time(this.#audio.currentTime);
    else this.#clock.textContent = time(this.#button.elapsed / 1000);
  }

  #frame() {
    const { state } = this.#button;
    if (state !== 'recording' && state !== 'locked' && state !== 'pressed') return;
    this.#clock.textContent = time(this.#button.elapsed / 1000);
    if (this.#recorder) this.#live.set(this.#recorder.levels);
    requestAnimationFrame(() => this.#frame());
  }

  // By a timer: a tab that is not seen has no frames.
  #watchLimit() {
    clearTimeout(this.#limitTimer);
    const { state, elapsed } = this.#button;
    if (this.#isOpening || (state !== 'recording' && state !== 'locked')) return;
    this.#limitTimer = setTimeout(() => this.#reachLimit(), Math.min(LONGEST_WAIT, this.#limit - elapsed));
  }

  // What was said until then is kept as a draft.
  #loseMicrophone(recorder) {
    if (this.#recorder !== recorder) return;
    say('The microphone is gone. What you said before can be sent.', true);
    this.#keepAsDraft();
  }

  // The longest message there can be is kept as a draft.
  #reachLimit() {
    say(LONGEST);
    this.#keepAsDraft();
  }

  #keepAsDraft() {
    if (this.#button.state === 'recording') this.#do(this.#button.cancel());
    else if (this.#button.state === 'locked') this.#do(this.#button.pause());
    else this.#show();
  }

  #show() {
    const { state } = this.#button;
    const root = this.#root;
    root.dataset.state = state;
    root.style.setProperty('--cancel', this.#button.slideToCancel.toFixed(3));
    root.style.setProperty('--lock', this.#button.slideToLock.toFixed(3));
    const isHandsFree = state === 'locked' || state === 'paused';
    this.#send.hidden = !isHandsFree;
    // The focus does not stay on what is not there any more.
    this.#pause.hidden = state === 'paused' && Boolean(this.#recorder?.isLost);
    const gone = [document.body, this.#mic, ...this.#pause.hidden ? [this.#pause] : []];
    if (isHandsFree && gone.includes(document.activeElement)) this.#send.focus();
    this.#mic.tabIndex = isHandsFree ? -1 : 0;
    this.#mic.setAttribute('aria-hidden', isHandsFree);
    setIcon(this.#pause, state === 'paused' ? 'mic' : 'pause', state === 'paused' ? 'Go on recording' : 'Pause');
    this.#showDraft();
    this.#watchLimit();
  }
}
