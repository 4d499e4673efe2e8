// Keys that do something wherever the focus is, unless one is typing. A view has its own in `shortcuts`: [{key, says, act}].

import { html } from 'lit';
import { ROUTES, go, href } from './router.js';
import { openAct } from './parts/act-dialog.js';

const OFF = 'flag-ledger.shortcuts-off';
const SEQUENCE_MS = 1_500;
const GO = ROUTES.filter(({ key }) => key);

let began = 0;

/** @param {function(): HTMLElement | null} view the one that is shown */
export function listenToKeys(view, signal) {
  document.addEventListener('keydown', (event) => pressed(event, view()), { signal });
}

function pressed(event, view) {
  const target = event.composedPath()[0];
  const typing = target.matches?.('input:not([type=checkbox], [type=radio], [type=range]), select, textarea, [contenteditable]');
  if (typing || event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || document.querySelector('dialog[open]')) {
    return;
  }
  if (event.key === '?') {
    take(event, () => showShortcuts(view));
    return;
  }
  if (localStorage.getItem(OFF)) {
    return;
  }
  const route = Date.now() - began < SEQUENCE_MS ? GO.find(({ key }) => key === event.key) : undefined;
  began = 0;
  if (route) {
    take(event, () => go(href(route.path)));
  } else if (event.key === 'g') {
    began = Date.now();
  } else {
    const own = view?.shortcuts?.find(({ key }) => key === event.key);
    if (own) {
      take(event, own.act);
    }
  }
}

function take(event, act) {
  event.preventDefault();
  act();
}

export function showShortcuts(view) {
  const rows = [
    ...(view?.shortcuts ?? []).map(({ key, says }) => [[key], says]),
    ...GO.map(({ key, title }) => [['g', key], title]),
    [['?'], 'These shortcuts'],
    [['Esc'], 'Close what is open'],
  ];
  openAct({
    title: 'Keyboard shortcuts',
    body: () => html`
      <dl class="keys">
        ${rows.map(([keys, says]) => html`<div><dt>${keys.map((key) => html`<kbd>${key}</kbd>`)}</dt><dd>${says}</dd></div>`)}
      </dl>
      <label class="check"><input type="checkbox" .checked=${!localStorage.getItem(OFF)} @change=${onOff} /> Single keys are shortcuts</label>
    `,
    reason: null,
    confirm: 'Done',
    run: async () => true,
  });
}

function onOff(event) {
  if (event.target.checked) {
    localStorage.removeItem(OFF);
  } else {
    localStorage.setItem(OFF, 'yes');
  }
}
