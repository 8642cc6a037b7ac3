// The server's side of the room.

export class ApiError extends Error {
  constructor(status, message) {
    super(message);
    this.status = status;
  }
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

  // Bytes go as they are, all else as JSON.
  async #ask(method, path, body, options = {}) {
    const headers = { 'X-Person': this.#secret };
    const isBytes = body instanceof Blob;
    if (body !== undefined) headers['Content-Type'] = isBytes ? 'application/octet-stream' : 'application/json';
    let answer;
    try {
      answer = await fetch(this.url(path), { ...options, method, headers, body: isBytes ? body : JSON.stringify(body) });
    } catch (error) {
      if (error.name === 'AbortError') throw error;
      throw new ApiError(0, 'The server cannot be reached.');
    }
    if (!answer.ok) {
      const problem = await answer.json().catch(() => ({}));
      throw new ApiError(answer.status, [problem.title, problem.detail].filter(Boolean).join('. ') || `Error ${answer.status}`);
    }
    return answer.status === 204 ? null : answer.json();
  }
}
