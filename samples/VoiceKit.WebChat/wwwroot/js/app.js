// The page of a room: puts the parts together and follows what happens.

import { Api, mayPass } from './api.js';
import { Composer } from './composer.js';
import { find, make, say, whisper } from './dom.js';
import { Importer } from './importer.js';
import { Menu } from './menu.js';
import { nameOf, person } from './person.js';
import { Player } from './player.js';
import { MessageRow, RecordingRow } from './row.js';

const MOST_PATIENCE = 30000; // milliseconds

const room = location.pathname.split('/')[2];
const DAY = new Intl.DateTimeFormat(undefined, { weekday: 'long', day: 'numeric', month: 'long' });

class Room {
  #rows = new Map();
  #recordings = new Map();
  #list = find('#list');
  #you = '';
  #connection = 0;

  constructor(api) {
    this.api = api;
    this.player = new Player();
    this.menu = new Menu(api, room);
    this.composer = new Composer(api, this.player);
    this.importer = new Importer(api, this.player);
    this.player.addEventListener('started', event => this.#started(event.detail));
    this.player.addEventListener('ended', event => this.#playNext(event.detail));
    this.player.addEventListener('failed', event => this.#failed(event.detail));
    find('#older').addEventListener('click', () => this.#loadOlder());
    find('#invite').addEventListener('click', () => this.#invite());
    this.#bindSettings();
    this.#follow();
  }

  // The list is asked for each time the connection is made: nothing that happened in between is missed.
  #follow() {
    const events = this.api.events();
    let loaded = Promise.resolve();
    const on = (name, act) => events.addEventListener(name, async event => {
      await loaded;
      act(JSON.parse(event.data));
    });
    events.addEventListener('hello', () => { loaded = this.#refresh(); });
    on('message', ({ message, recording }) => this.#add(message, recording, true));
    on('changed', ({ message }) => this.#rows.get(message.id)?.update(message));
    on('deleted', ({ id }) => this.#remove(id));
    on('recording', ({ recording }) => this.#addRecording(recording));
    on('dropped', ({ id }) => this.#dropRecording(id));
    on('people', ({ count }) => this.#showPeople(count));
    events.addEventListener('error', () => {
      document.body.dataset.online = 'false';
      find('#people').textContent = 'Connecting…';
    });
  }

  // Asks until there is an answer, or another connection asks.
  async #refresh() {
    const connection = ++this.#connection;
    for (let pause = 500; connection === this.#connection; pause = Math.min(2 * pause, MOST_PATIENCE)) {
      try {
        const state = await this.api.get('/messages');
        if (connection === this.#connection) this.#showAll(state);
        return;
      } catch (error) {
        say(error.message, true);
        if (!mayPass(error)) return;
      }
      await new Promise(resolve => setTimeout(resolve, pause));
    }
  }

  #showAll(state) {
    this.#you = state.you;
    this.composer.limit = state.limits.seconds;
    this.importer.maxBytes = state.limits.importBytes;
    find('#older').hidden = !state.more;
    const first = state.messages[0]?.time ?? '';
    const known = new Set(state.messages.map(message => message.id));
    // Between those that were shown and those of the list there may be others, which nothing would show.
    const isGap = state.more && !state.messages.some(message => this.#rows.has(message.id));
    for (const [id, row] of this.#rows)
      if (isGap || (row.message.time >= first && !known.has(id))) this.#remove(id);
    for (const message of state.messages) this.#add(message, null, false);
    const going = new Set(state.recordings.map(recording => recording.id));
    for (const id of this.#recordings.keys()) if (!going.has(id)) this.#dropRecording(id);
    for (const recording of state.recordings) this.#addRecording(recording);
    this.#arrange();
    this.#showPeople(state.people);
    find('#me').textContent = `You are ${nameOf(this.#you)} here`;
    document.body.dataset.online = 'true';
  }

  async #loadOlder() {
    if (this.#rows.size === 0) return this.#refresh();
    const first = [...this.#rows.values()].reduce((a, b) => (a.message.time <= b.message.time ? a : b));
    const main = find('#messages');
    const below = main.scrollHeight - main.scrollTop;
    let page;
    try {
      page = await this.api.get(`/messages?before=${first.message.id}`);
    } catch (error) {
      if (error.status !== 404) return say(error.message, true);
      this.#remove(first.message.id); // It was deleted.
      return this.#loadOlder();
    }
    find('#older').hidden = !page.more;
    for (const message of page.messages) this.#add(message, null, false);
    main.scrollTop = main.scrollHeight - below;
  }

  #add(message, recording, isNew) {
    if (this.#rows.has(message.id)) {
      this.#rows.get(message.id).update(message);
      return;
    }
    const isAtEnd = this.#isAtEnd();
    const row = new MessageRow(message, {
      api: this.api, player: this.player, you: this.#you, openMenu: opened => this.menu.open(opened),
    });
    this.#rows.set(message.id, row);
    this.#place(row);
    const heard = this.#recordings.get(recording);
    if (heard) {
      const wasHeard = this.player.row === heard;
      row.position = wasHeard ? heard.position : 0;
      this.player.adopt(heard, row);
      this.#dropRecording(recording);
      if (heard.isHeard) this.#started(row);
    }
    this.#arrange();
    if (!isNew) {
      if (isAtEnd) this.#scrollToEnd();
      return;
    }
    row.element.dataset.new = 'true';
    if (isAtEnd || row.isMine) this.#scrollToEnd();
    if (!row.isMine) whisper(`New voice message from ${row.name}.`);
  }

  // By time; those who record are last.
  #place(row) {
    const after = [...this.#list.children].find(element => {
      const other = this.#rows.get(element.dataset.id);
      return element.dataset.recording || (other && other !== row && isBefore(row.message, other.message));
    });
    this.#list.insertBefore(row.element, after ?? null);
  }

  #remove(id) {
    const row = this.#rows.get(id);
    if (!row) return;
    this.player.forget(row);
    this.#rows.delete(id);
    row.element.remove();
    this.#arrange();
  }

  #addRecording(recording) {
    if (recording.person === this.#you) return;
    if (this.#recordings.has(recording.id)) {
      this.#recordings.get(recording.id).update(recording);
      return;
    }
    const isAtEnd = this.#isAtEnd();
    const row = new RecordingRow(recording, { api: this.api, player: this.player });
    this.#recordings.set(recording.id, row);
    this.#list.append(row.element);
    this.#arrange();
    if (isAtEnd) this.#scrollToEnd();
  }

  #dropRecording(id) {
    const row = this.#recordings.get(id);
    if (!row) return;
    this.player.forget(row);
    this.#recordings.delete(id);
    row.element.remove();
    this.#arrange();
  }

  // Days stand between the messages; of messages in a row by one person only the first has a name.
  #arrange() {
    for (const day of this.#list.querySelectorAll('.day')) day.remove();
    let before = null;
    for (const element of [...this.#list.children]) {
      const message = this.#rows.get(element.dataset.id)?.message;
      const date = message ? new Date(message.time).toDateString() : before?.date;
      const who = message?.person ?? this.#recordings.get(element.dataset.recording)?.recording.person;
      if (message && date !== before?.date)
        this.#list.insertBefore(make('li', { className: 'day' }, make('span', {}, DAY.format(new Date(message.time)))), element);
      element.dataset.follows = before?.who === who && before?.date === date;
      before = { date, who };
    }
    find('#empty').hidden = this.#rows.size + this.#recordings.size > 0;
  }

  #started(row) {
    if (!row) return;
    row.isHeard = true;
    if (!row.message || row.isMine || row.message.played) return;
    this.api.post(`/messages/${row.message.id}/played`).catch(() => {});
  }

  #playNext(row) {
    let element = row.element.nextElementSibling;
    while (element && !this.#rows.has(element.dataset.id)) element = element.nextElementSibling;
    const next = element && this.#rows.get(element.dataset.id);
    if (next) this.player.play(next, 0);
  }

  #failed(row) {
    if (row.message) say('The message cannot be played.', true);
    else say('The recording cannot be heard now.');
  }

  async #invite() {
    try {
      await navigator.clipboard.writeText(location.href);
      say('The link of the room is copied. Who has it can listen and talk.');
    } catch {
      say(`The link of the room: ${location.href}`);
    }
  }

  #bindSettings() {
    const clean = find('#clean');
    clean.checked = localStorage.getItem('clean') !== 'no';
    clean.addEventListener('change', () => localStorage.setItem('clean', clean.checked ? 'yes' : 'no'));
  }

  #showPeople(count) {
    find('#people').textContent = count <= 1 ? 'Only you. Share the link.' : `${count} are here`;
  }

  #isAtEnd() {
    const main = find('#messages');
    return main.scrollHeight - main.scrollTop - main.clientHeight < 120;
  }

  #scrollToEnd() {
    const main = find('#messages');
    main.scrollTop = main.scrollHeight;
  }
}

function isBefore(a, b) {
  return a.time < b.time || (a.time === b.time && a.id < b.id);
}

const rooms = JSON.parse(localStorage.getItem('rooms') ?? '[]').filter(known => known.room !== room);
localStorage.setItem('rooms', JSON.stringify([{ room, seen: Date.now() }, ...rooms].slice(0, 8)));
new Room(new Api(room, await person()));
document.body.dataset.ready = 'true';
