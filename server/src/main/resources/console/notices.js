// Short messages above the page that say what was done, or what went wrong where there is no better place for it.

const shown = new EventTarget();

/**
 * Shows a message; a problem stays until it is dismissed.
 *
 * @param {string} text
 * @param {{kind?: 'done' | 'problem', detail?: string, action?: {label: string, act: function}}} more
 */
export function notice(text, { kind = 'done', detail = '', action = null } = {}) {
  shown.dispatchEvent(new CustomEvent('notice', { detail: { text, kind, detail, action } }));
}

export function onNotice(listener, signal) {
  shown.addEventListener('notice', (event) => listener(event.detail), { signal });
}
