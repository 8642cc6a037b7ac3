// The server's side of the room.

const TIMEOUT = 60000; // milliseconds
const UPLOAD_TIMEOUT = 600000;

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
}

// Whether trying again can help.
export function mayPass(error) {
  return error.status === 0 || error.status === 429 || error.status >= 500;
}

export class Api {
  #base;
  #secret;

  constructor(room, secret) {
    this.#base = `/api/rooms/${room}`;
    this.#secret = secret;
  }

  url(path) {
    return this.#base + path;
  }

  events() {
    return new EventSource(this.url('/events'));
  }

  get(path) {
    return this.#ask('GET', path);
  }

  post(path, body, options) {
    return this.#ask('POST', path, body, options);
  }

  put(path, body, options) {
    return this.#ask('PUT', path, body, options);
  }

  delete(path, options) {
    return this.#ask('DELETE', path, undefined, options);
  }

  newRoom() {
    return this.#fetch('POST', '/api/rooms');
  }

  #ask(method, path, body, options) {
    return this.#fetch(method, this.url(path), body, options);
  }

  // Bytes go as they are, all else as JSON.
  async #fetch(method, url, body, options = {}) {
    const headers = { 'X-Person': this.#secret };
    const isBytes = body instanceof Blob;
    if (body !== undefined) headers['Content-Type'] = isBytes ? 'application/octet-stream' : 'application/json';
    // It can be given up until the answer begins; then it is done, and who asked has to know of what.
    const end = new AbortController();
    const giveUp = () => end.abort();
    const timer = setTimeout(() => end.abort(new DOMException('', 'TimeoutError')), isBytes ? UPLOAD_TIMEOUT : TIMEOUT);
    if (options.signal?.aborted) giveUp();
    options.signal?.addEventListener('abort', giveUp);
    try {
      const answer = await fetch(
        url, { ...options, signal: end.signal, method, headers, body: isBytes ? body : JSON.stringify(body) });
      options.signal?.removeEventListener('abort', giveUp);
      if (answer.ok) return answer.status === 204 ? null : await answer.json();
      const problem = await answer.json().catch(() => ({}));
      throw new ApiError(answer.status, [problem.title, problem.detail].filter(Boolean).join('. ') || `Error ${answer.status}`);
    } catch (error) {
      if (error instanceof ApiError || error.name === 'AbortError') throw error;
      throw new ApiError(0, error.name === 'TimeoutError' ? 'The server does not answer.' : 'The server cannot be reached.');
    } finally {
      clearTimeout(timer);
      options.signal?.removeEventListener('abort', giveUp);
    }
  }
}
