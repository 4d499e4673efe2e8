// What the console asks the server, and how it is told that something went wrong.

import { currentToken, tokenRefused } from './session.js';

const API = '/api/v1/environments';

/** The server refused or failed, or did not answer at all (status 0). */
export class ApiError extends Error {
  /** @param problem the whole body of the answer: may have `refusal` and `events` */
  constructor(status, title, detail, problem = {}) {
    super(detail ? `${title}: ${detail}` : title);
    this.status = status;
    this.title = title;
    this.detail = detail;
    this.refusal = problem.refusal ?? null;
    this.events = problem.events ?? [];
  }
}

/** {default, environments: [{name}]} */
export function environments(signal) {
  return get(API, {}, signal);
}

/** {subject, kind, environments: {name or *: [role]}}; null where the server knows no sign-in. */
export function me(signal) {
  return get('/api/v1/me', {}, signal).catch(nullIfMissing);
}

/** {mode: local or oidc, …}; null where the server knows no sign-in. */
export function signInWays(signal) {
  return get('/api/v1/sign-in', {}, signal).catch(nullIfMissing);
}

/** {environment, sequence, at, flags}, seen at least up to a sequence; as it was then with `at`. */
export function flags(environment, { after, at } = {}, signal) {
  return get(`${of(environment)}/flags`, { after: after || undefined, at }, signal);
}

/** {environment, events}: see docs/http.md for what may be asked. */
export function events(environment, query, signal) {
  return get(`${of(environment)}/events`, query, signal);
}

/** {environment, flag, revisions: [{event, differences}], sequence}, oldest first. */
export function flagHistory(environment, key, query = {}, signal) {
  return get(`${of(environment)}/flags/${encodeURIComponent(key)}/history`, query, signal);
}

/**
 * Writes changes, all or none: {events, sequence}.
 *
 * @param body {reason, changes, expectedRevision?, changeId?}
 */
export function append(environment, body, signal) {
  return send(`${of(environment)}/changes`, body, signal);
}

/** What changes would do, for whom, without doing it: {sequence, refusal?, flags, decisions}. */
export function preview(environment, body, signal) {
  return send(`${of(environment)}/preview`, body, signal);
}

/** The address of something of an environment: `of('gastown-production')` + '/diff'. */
export function of(environment) {
  return `${API}/${encodeURIComponent(environment)}`;
}

/** JSON by GET; what is undefined in the query is left out. */
export function get(path, query = {}, signal) {
  return json(address(path, query), { signal });
}

/** JSON by POST. */
export function send(path, body, signal) {
  return json(path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body), signal });
}

export function address(path, query = {}) {
  const said = Object.entries(query).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return said.length > 0 ? `${path}?${new URLSearchParams(said)}` : path;
}

/** The answer as it is, with the token sent along. Throws an ApiError unless it is a good one. */
export async function ask(path, { headers = {}, ...options } = {}) {
  const token = currentToken();
  const sent = { Accept: 'application/json', ...headers, ...(token ? { Authorization: `Bearer ${token}` } : {}) };
  let response;
  try {
    response = await fetch(path, { ...options, headers: sent });
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(0, 'The server does not answer', '');
  }
  if (response.ok) {
    return response;
  }
  if (response.status === 401) {
    tokenRefused(token);
  }
  const body = await response.json().catch(() => null);
  throw new ApiError(response.status, body?.title ?? `The server answered ${response.status}`, body?.detail ?? '', body ?? {});
}

async function json(path, options) {
  const response = await ask(path, options);
  try {
    return await response.json();
  } catch (error) {
    if (error.name === 'AbortError') {
      throw error;
    }
    throw new ApiError(response.status, 'The answer broke off', '');
  }
}

function nullIfMissing(error) {
  if (error.status === 404) {
    return null;
  }
  throw error;
}
