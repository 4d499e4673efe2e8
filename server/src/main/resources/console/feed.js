// Server-sent events by fetch, which unlike EventSource sends the token along and tells why it was refused.

import { address, ask, of } from './api.js';

const SILENT_AFTER_MS = 40_000; // the server says something every 15 s
const SHORTEST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 8_000;

/**
 * Follows an environment's feed until the signal aborts; comes back by itself and gets what it missed.
 *
 * @param {number | undefined} after events up to this sequence are left out; those that are there by now if undefined
 * @param {{message: function({event, id, data}), lost: function(Error)}} listener told of each message, and whenever
 *     the connection is lost or refused
 */
export async function follow(environment, after, listener, signal) {
  let last = after;
  let failures = 0;
  while (!signal.aborted) {
    try {
      await listen(environment, last, signal, (message) => {
        failures = 0;
        if (message.id) {
          last = Number(message.id);
        }
        listener.message(message);
      });
      listener.lost(new Error('the server ended the feed'));
    } catch (error) {
      if (!signal.aborted) {
        listener.lost(error);
      }
    }
    await pause(Math.min(LONGEST_PAUSE_MS, SHORTEST_PAUSE_MS * 2 ** failures++), signal);
  }
}

async function listen(environment, last, signal, each) {
  const connection = new AbortController();
  const stop = () => connection.abort();
  signal.addEventListener('abort', stop);
  let silence = setTimeout(stop, SILENT_AFTER_MS);
  try {
    const headers = { Accept: 'text/event-stream', ...(last === undefined ? {} : { 'Last-Event-ID': String(last) }) };
    const response = await ask(address(`${of(environment)}/feed`), { headers, signal: connection.signal });
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const take = parser(each);
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      clearTimeout(silence);
      silence = setTimeout(stop, SILENT_AFTER_MS);
      take(part.value);
    }
  } finally {
    clearTimeout(silence);
    signal.removeEventListener('abort', stop);
  }
}

/** Takes a stream's text in pieces of any length and tells of each whole message. */
export function parser(each) {
  let rest = '';
  let message = {};
  const take = (line) => {
    if (line === '') {
      if (message.data !== undefined) {
        each({ event: 'message', ...message });
      }
      message = {};
    } else if (!line.startsWith(':')) {
      const [, field, value] = /^([^:]*):? ?(.*)$/.exec(line);
      message[field] = field === 'data' && message.data !== undefined ? `${message.data}\n${value}` : value;
    }
  };
  return (text) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop();
    lines.forEach((line) => take(line.replace(/\r$/, '')));
  };
}

function pause(milliseconds, signal) {
  return new Promise((resolve) => {
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener('abort', () => (clearTimeout(timer), resolve()), { once: true });
  });
}
