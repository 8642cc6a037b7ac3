// Bars that light up as they play, and a slider to seek by: with a pointer, or with arrow keys.

import { make, spokenTime, svg } from './dom.js';

const STEP = 5; // from bar to bar, in CSS pixels
const WIDTH = 3;

// As many bars as fit, each the highest of those that it stands for.
export function resample(bars, count) {
  if (bars.length === 0) return new Array(count).fill(0);
  return Array.from({ length: count }, (_, i) => {
    const from = Math.floor(i * bars.length / count);
    const to = Math.max(from + 1, Math.ceil((i + 1) * bars.length / count));
    return Math.max(...bars.slice(from, to));
  });
}

function draw(bars, height) {
  const middle = height / 2;
  const room = height - WIDTH;
  return bars.map((bar, i) => {
    const half = Math.max(0.01, bar / 100 * room / 2);
    const x = i * STEP + WIDTH / 2 + 1;
    return `M${x} ${(middle - half).toFixed(2)}V${(middle + half).toFixed(2)}`;
  }).join('');
}

class Bars {
  constructor(className) {
    this.base = svg('path', { class: 'bars' });
    this.lit = svg('path', { class: 'bars lit' });
    this.picture = svg('svg', { class: 'picture', 'aria-hidden': 'true' }, this.base, this.lit);
    this.element = make('div', { className });
    this.element.append(this.picture);
    this.values = [];
    new ResizeObserver(() => this.render()).observe(this.element);
  }

  get count() {
    return Math.max(1, Math.floor((this.element.clientWidth - 1) / STEP));
  }

  fit() {
    return resample(this.values, this.count);
  }

  render() {
    const { clientWidth: width, clientHeight: height } = this.element;
    if (width === 0 || height === 0) return;
    this.picture.setAttribute('viewBox', `0 0 ${width} ${height}`);
    const path = draw(this.fit(), height);
    this.base.setAttribute('d', path);
    this.lit.setAttribute('d', path);
  }
}

// The bars of what is being recorded: the newest on the right.
export class LiveBars extends Bars {
  constructor() {
    super('wave live');
  }

  fit() {
    const shown = this.values.slice(-this.count);
    return [...new Array(this.count - shown.length).fill(0), ...shown];
  }

  set(values) {
    this.values = values;
    this.render();
  }
}

// The bars of a message. Dispatches 'seek' with the time to go to, in seconds.
export class SeekBars extends Bars {
  #seconds;
  #position = 0;
  #pointer = null; // that drags

  constructor(bars, seconds, label) {
    super('wave');
    this.values = bars;
    this.#seconds = seconds;
    this.knob = make('span', { className: 'knob' });
    this.element.append(this.knob);
    this.element.setAttribute('role', 'slider');
    this.element.setAttribute('aria-label', label);
    this.element.setAttribute('aria-valuemin', '0');
    this.element.tabIndex = 0;
    this.element.addEventListener('pointerdown', event => this.#press(event));
    this.element.addEventListener('pointermove', event => this.#drag(event));
    this.element.addEventListener('pointerup', event => this.#drop(event));
    this.element.addEventListener('pointercancel', event => {
      if (event.pointerId === this.#pointer) this.#pointer = null;
    });
    this.element.addEventListener('keydown', event => this.#key(event));
    this.show(0);
  }

  set(bars, seconds) {
    this.values = bars;
    this.#seconds = seconds;
    this.render();
    this.show(Math.min(this.#position, seconds));
  }

  // Where the sound is, in seconds; not while a finger says where it is to be.
  show(position, force = false) {
    if (this.#pointer !== null && !force) return;
    this.#position = position;
    const fraction = this.#seconds > 0 ? Math.min(1, Math.max(0, position / this.#seconds)) : 0;
    this.lit.style.clipPath = `inset(0 ${(100 * (1 - fraction)).toFixed(2)}% 0 0)`;
    this.knob.style.left = `${(100 * fraction).toFixed(2)}%`;
    this.element.setAttribute('aria-valuemax', this.#seconds.toFixed(1));
    this.element.setAttribute('aria-valuenow', position.toFixed(1));
    this.element.setAttribute('aria-valuetext', `${spokenTime(position)} of ${spokenTime(this.#seconds)}`);
  }

  #seek(seconds) {
    const detail = Math.min(this.#seconds, Math.max(0, seconds));
    this.show(detail, true);
    this.element.dispatchEvent(new CustomEvent('seek', { detail }));
  }

  #secondsAt(event) {
    const box = this.element.getBoundingClientRect();
    return (event.clientX - box.left) / box.width * this.#seconds;
  }

  #press(event) {
    if (event.button !== 0 || this.#pointer !== null) return;
    this.#pointer = event.pointerId;
    this.element.setPointerCapture(event.pointerId);
    this.show(this.#secondsAt(event), true);
  }

  #drag(event) {
    if (event.pointerId !== this.#pointer) return;
    this.show(Math.min(this.#seconds, Math.max(0, this.#secondsAt(event))), true);
  }

  #drop(event) {
    if (event.pointerId !== this.#pointer) return;
    this.#pointer = null;
    this.#seek(this.#secondsAt(event));
  }

  #key(event) {
    const small = Math.max(1, this.#seconds / 20);
    const way = { ArrowLeft: -small, ArrowDown: -small, ArrowRight: small, ArrowUp: small, PageDown: -5 * small, PageUp: 5 * small };
    if (event.key in way) this.#seek(this.#position + way[event.key]);
    else if (event.key === 'Home') this.#seek(0);
    else if (event.key === 'End') this.#seek(this.#seconds);
    else return;
    event.preventDefault();
  }
}
