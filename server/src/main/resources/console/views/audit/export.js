// All events that a filter finds, as a file: exactly what the server sends, and nothing if it broke off.

import { address, ask, of } from '../../api.js';
import { save } from './save.js';

const TYPES = { csv: 'text/csv', ndjson: 'application/x-ndjson' };

/**
 * Downloads.
 *
 * @param query the filters as `…/events` takes them
 * @param {'csv' | 'ndjson'} format
 * @param {function(number)} progress told how many bytes have come
 */
export async function exportEvents(environment, query, format, progress, signal) {
  const response = await ask(address(`${of(environment)}/events`, { ...query, format }), { headers: { Accept: TYPES[format] }, signal });
  const parts = [];
  let bytes = 0;
  const reader = response.body.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) {
    parts.push(part.value);
    bytes += part.value.length;
    progress(bytes);
  }
  save(`${environment}-events.${format}`, TYPES[format], parts);
  return bytes;
}
