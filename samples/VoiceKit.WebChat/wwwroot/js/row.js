// A message of the list.

import { icon, make, setIcon, spokenTime, time } from './dom.js';
import { colorOf, nameOf } from './person.js';
import { SeekBars } from './waveform.js';

const CLOCK = new Intl.DateTimeFormat(undefined, { hour: '2-digit', minute: '2-digit' });

function avatar(person) {
  const name = nameOf(person ?? '000000000000');
  const face = make('span', { className: 'avatar', 'aria-hidden': 'true' }, name[0]);
  face.dataset.color = colorOf(person ?? '000000000000');
  return face;
}

export class MessageRow {
  position = 0;
  isGrowing = false;
  #api;
  #player;
  #you;

  constructor(message, { api, player, you, openMenu }) {
    this.message = message;
    this.#api = api;
    this.#player = player;
    this.#you = you;
    this.source = this.#url();
    this.name = this.isMine ? 'you' : nameOf(message.person ?? '000000000000');

    this.play = make('button', { type: 'button', className: 'round play' });
    this.speed = make('button', { type: 'button', className: 'speed' });
    this.more = make('button', { type: 'button', className: 'more', 'aria-haspopup': 'menu' });
    this.bars = new SeekBars(message.bars, message.seconds, `Position in the message from ${this.name}`);
    this.clock = make('span', { className: 'position' });
    this.mark = make('span', { className: 'mark' }, icon('mic'));
    this.markText = make('span', { className: 'unseen' });
    const sent = make('time', { dateTime: message.time }, CLOCK.format(new Date(message.time)));
    const forwarded = message.forwarded > 0
      ? make('p', { className: 'forwarded' }, icon('forward'), message.forwarded > 4 ? 'Forwarded many times' : 'Forwarded')
      : null;
    const side = make('div', { className: 'side' }, avatar(message.person), this.mark, this.speed);
    const track = make('div', { className: 'track' },
      this.bars.element, make('div', { className: 'meta' }, this.clock, sent));
    const line = make('div', { className: 'line' }, side, this.play, track, this.more);
    this.bubble = make('article', { className: 'bubble' },
      this.isMine ? null : make('h2', { className: 'name' }, this.name), forwarded, line, this.markText);
    this.element = make('li', { className: `row ${this.isMine ? 'mine' : 'theirs'}` }, this.bubble);
    this.element.dataset.id = message.id;
    this.bubble.style.setProperty('--length', Math.min(1, 0.35 + message.seconds / 60));

    setIcon(this.more, 'more', 'More');
    this.play.addEventListener('click', () => player.toggle(this));
    this.speed.addEventListener('click', () => player.nextRate());
    this.bars.element.addEventListener('seek', event => {
      player.seek(this, event.detail);
      if (player.row !== this) this.showPlaying(false, event.detail);
    });
    this.more.addEventListener('click', () => openMenu(this));
    player.addEventListener('rate', () => this.#showRate());
    this.#showRate();
    this.update(message);
    this.showPlaying(false, 0);
  }

  get isMine() {
    return this.message.person === this.#you;
  }

  update(message) {
    this.message = message;
    if (this.#player.row !== this) this.source = this.#url();
    this.element.dataset.played = message.played;
    const played = !message.readable ? 'cannot be read now'
      : this.isMine ? message.played ? 'heard' : 'not heard yet'
      : message.played ? 'played' : 'not played yet';
    this.element.dataset.readable = message.readable;
    this.markText.textContent = `, ${played}`;
    this.mark.title = played;
    this.bubble.setAttribute('aria-label',
      `Voice message from ${this.name}, ${spokenTime(message.seconds)}, ${CLOCK.format(new Date(message.time))}, ${played}`);
  }

  showPlaying(isPlaying, position) {
    const isOn = isPlaying || this.#player.row === this;
    this.element.dataset.state = isPlaying ? 'playing' : isOn ? 'paused' : 'idle';
    setIcon(this.play, isPlaying ? 'pause' : 'play', isPlaying ? 'Pause' : `Play message from ${this.name}`);
    this.bars.show(position);
    this.clock.textContent = time(isOn || position > 0 ? position : this.message.seconds);
  }

  #showRate() {
    this.speed.textContent = `${this.#player.rate}×`;
    this.speed.setAttribute('aria-label', `Speed ${this.#player.rate} times; change`);
  }

  #url() {
    const plays = (type) => this.#player.audio.canPlayType(`audio/${type}; codecs=opus`) !== '';
    const format = plays('ogg') ? '' : plays('mp4') ? '&as=mp4' : '&as=caf';
    return this.#api.url(`/messages/${this.message.id}/audio?v=${this.message.version}${format}`);
  }
}

// Somebody is recording: it can be listened to already.
export class RecordingRow {
  position = 0;
  isGrowing = true;
  isHeard = false; // by whoever uses the page

  constructor(recording, { api, player }) {
    this.recording = recording;
    this.source = api.url(`/recordings/${recording.id}/audio`);
    const name = nameOf(recording.person);
    this.play = make('button', { type: 'button', className: 'round play' });
    this.text = make('span', { className: 'position' });
    const dots = make('span', { className: 'dots', 'aria-hidden': 'true' }, ...Array.from({ length: 60 }, () => make('i')));
    const line = make('div', { className: 'line' },
      make('div', { className: 'side' }, avatar(recording.person), make('span', { className: 'mark' }, icon('mic'))),
      this.play,
      make('div', { className: 'track' }, dots, make('div', { className: 'meta' }, this.text)));
    this.bubble = make('article', { className: 'bubble', 'aria-label': `${name} is recording` },
      make('h2', { className: 'name' }, name), line);
    this.element = make('li', { className: 'row theirs growing' }, this.bubble);
    this.element.dataset.recording = recording.id;
    this.name = name;
    this.play.addEventListener('click', () => player.toggle(this));
    this.update(recording);
    this.showPlaying(false);
  }

  update(recording) {
    this.recording = recording;
    this.element.dataset.paused = recording.paused;
    this.play.disabled = recording.canBeHeard === false;
    this.#write();
  }

  showPlaying(isPlaying, position = 0) {
    this.element.dataset.state = isPlaying ? 'playing' : 'idle';
    this.element.dataset.position = position.toFixed(2);
    setIcon(this.play, isPlaying ? 'pause' : 'play', isPlaying ? 'Pause' : `Listen to ${this.name} while recording`);
    this.#write(isPlaying ? position : null);
  }

  #write(position = null) {
    const what = this.recording.paused ? 'paused' : 'recording…';
    this.text.textContent = position === null ? what : `${time(position)} · ${what}`;
  }
}
