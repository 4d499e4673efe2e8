// What the console asks the server, and how it is told that something went wrong.

const API = '/api/v1/environments';

/** The server refused or failed, or did not answer at all (status 0). */
export class ApiError extends Error {
  constructor(status, title, detail) {
    super(detail ? `${title}: ${detail}` : title);
    this.status = status;
    this.title = title;
    this.detail = detail;
  }
}

/** {default, environments: [{name}]} */
export function environments(signal) {
  return get(API, {}, signal);
}

/** {environment, sequence, at, flags}, seen at least up to a sequence. */
export function flags(environment, after, signal) {
  return get(`${of(environment)}/flags`, after ? { after } : {}, signal);
}

/** {environment, events}: those behind a sequence, oldest first. */
export function events(environment, after, limit, signal) {
  return get(`${of(environment)}/events`, { after, limit }, signal);
}

/** Every event as it comes; events up to `after` are left out, or all that are there by now. */
export function feed(environment, after) {
  return new EventSource(address(`${of(environment)}/feed`, after === undefined ? {} : { after }));
}

function of(environment) {
  return `${API}/${encodeURIComponent(environment)}`;
}

function address(path, query) {
  const text = new URLSearchParams(query).toString();
  return text ? `${path}?${text}` : path;
}

async function get(path, query, signal) {
  let response;
  try {
    response = await fetch(address(path, query), { headers: { Accept: 'application/json' }, signal });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, 'The server does not answer', '');
  }
  const body = await response.json().catch(() => null);
  if (!response.ok || body === null) {
    throw new ApiError(response.status, body?.title ?? `The server answered ${response.status}`, body?.detail ?? '');
  }
  return body;
}
