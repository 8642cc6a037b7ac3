// What can be done with a message beside listening: forward, download, delete.

import { find, icon, make, say } from './dom.js';

const AGO = new Intl.RelativeTimeFormat(undefined, { numeric: 'auto' });

export class Menu {
  #api;
  #room;
  #menu = find('#menu');
  #dialog = find('#forward');
  #row = null;

  constructor(api, room) {
    this.#api = api;
    this.#room = room;
    this.#menu.addEventListener('keydown', event => this.#key(event));
    find('#menu-forward').addEventListener('click', () => this.#openForward());
    find('#menu-download').addEventListener('click', () => this.#menu.hidePopover());
    find('#menu-delete').addEventListener('click', () => this.#delete());
    find('#forward-cancel').addEventListener('click', () => this.#dialog.close());
    find('#forward-new').addEventListener('click', () => this.#forwardToNew());
    find('#forward-link').addEventListener('keydown', event => {
      if (event.key === 'Enter' && !event.isComposing) this.#forwardToLink(event.target.value);
    });
    find('#forward-go').addEventListener('click', () => this.#forwardToLink(find('#forward-link').value));
    this.#menu.addEventListener('toggle', event => {
      if (event.newState === 'closed') this.#row?.more.focus();
    });
  }

  open(row) {
    this.#row = row;
    find('#menu-delete').hidden = !row.isMine;
    find('#menu-download').href = this.#api.url(`/messages/${row.message.id}/download`);
    this.#menu.showPopover();
    const anchor = row.more.getBoundingClientRect();
    const { offsetWidth: width, offsetHeight: height } = this.#menu;
    const top = anchor.bottom + height + 8 > innerHeight ? anchor.top - height - 4 : anchor.bottom + 4;
    this.#menu.style.left = `${Math.max(8, Math.min(innerWidth - width - 8, anchor.right - width))}px`;
    this.#menu.style.top = `${Math.max(8, top)}px`;
    this.#items()[0].focus();
  }

  #items() {
    return [...this.#menu.querySelectorAll('[role=menuitem]')].filter(item => !item.hidden);
  }

  #key(event) {
    const items = this.#items();
    const at = items.indexOf(document.activeElement);
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: items.length - 1 }[event.key];
    if (to !== undefined) items[(to + items.length) % items.length].focus();
    else if (event.key === 'Tab') this.#menu.hidePopover();
    else return;
    event.preventDefault();
  }

  async #delete() {
    this.#menu.hidePopover();
    try {
      await this.#api.delete(`/messages/${this.#row.message.id}`);
      say('Deleted.');
      find('#mic').focus();
    } catch (error) {
      say(error.message, true);
    }
  }

  #openForward() {
    this.#menu.hidePopover();
    const known = JSON.parse(localStorage.getItem('rooms') ?? '[]').filter(({ room }) => room !== this.#room);
    find('#forward-rooms').replaceChildren(...known.map(({ room, seen }) => {
      const minutes = Math.round((seen - Date.now()) / 60000);
      const when = Math.abs(minutes) < 90 ? AGO.format(minutes, 'minute') : AGO.format(Math.round(minutes / 60), 'hour');
      const button = make('button', { type: 'button', className: 'choice' },
        icon('room'), make('span', {}, `Room ${room.slice(0, 4)}…`), make('small', {}, when));
      button.addEventListener('click', () => this.#forward(room));
      return make('li', {}, button);
    }));
    find('#forward-link').value = '';
    this.#dialog.showModal();
  }

  #forwardToLink(link) {
    const room = /([\w-]{32})\/?$/.exec(link.trim())?.[1];
    if (room) this.#forward(room);
    else if (link.trim()) say('This is not the link of a room.', true);
  }

  async #forwardToNew() {
    let room;
    try {
      ({ room } = await this.#api.newRoom());
    } catch (error) {
      say(error.message, true);
      return;
    }
    const rooms = JSON.parse(localStorage.getItem('rooms') ?? '[]');
    localStorage.setItem('rooms', JSON.stringify([...rooms, { room, seen: Date.now() }].slice(-8)));
    if (await this.#forward(room)) window.open(`/r/${room}`, '_blank', 'noopener');
  }

  async #forward(room) {
    this.#dialog.close();
    try {
      await this.#api.post(`/messages/${this.#row.message.id}/forward`, { to: room });
      say('Forwarded.');
      return true;
    } catch (error) {
      say(error.message, true);
      return false;
    }
  }
}
