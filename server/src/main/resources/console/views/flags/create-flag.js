// The dialog that makes a flag.

import { html } from 'lit';
import { append } from '../../api.js';
import { notice } from '../../notices.js';
import { openAct } from '../../parts/act-dialog.js';
import { flagHref, go } from '../../router.js';
import { styles } from '../../styles.js';
import '../flag/parents-editor.js';
import '../flag/variants-editor.js';

await styles('/css/flag.css');

const KEY = /^[a-z0-9][a-z0-9._-]{0,126}$/;
const TYPES = {
  BOOLEAN: ['Boolean', { on: true, off: false }],
  STRING: ['String', { off: 'off', on: 'on' }],
  INTEGER: ['Integer', { off: 0, on: 1 }],
  DOUBLE: ['Double', { off: 0, on: 1 }],
  OBJECT: ['JSON object', { off: {}, on: {} }],
};

/** @param flags those that are there: their keys are taken, and any of them can be a parent */
export function createFlag(environment, flags) {
  let flag = { key: '', title: '', type: 'BOOLEAN', variants: TYPES.BOOLEAN[1], off: 'off', on: [{ variant: 'on', weight: 1 }], parents: [] };
  const set = (dialog, change) => {
    flag = { ...flag, ...change };
    dialog.requestUpdate();
  };
  const wrongKey = () => {
    if (flag.key === '') {
      return 'A flag needs a key.';
    }
    if (!KEY.test(flag.key)) {
      return 'A key has lower-case letters, digits, dots, dashes and underscores, begins with a letter or digit, and has at most 127 characters.';
    }
    return flags.some(({ key }) => key === flag.key) ? `There is a flag ${flag.key} already${flags.find(({ key }) => key === flag.key).archived ? ', archived' : ''}.` : '';
  };
  return openAct({
    title: 'Create a flag',
    wide: true,
    body: (dialog) => html`
      <div class="about">
        <p class="field">
          <label for="new-key">Key</label>
          <input
            id="new-key"
            class="input key"
            autofocus
            autocomplete="off"
            spellcheck="false"
            placeholder="gastown.convoys"
            aria-invalid=${dialog.told && wrongKey() !== ''}
            .value=${flag.key}
            @input=${(event) => set(dialog, { key: event.target.value.trim(), ...parentGuessed(event.target.value.trim(), flag, flags) })}
          />
        </p>
        <p class="field">
          <label for="new-title">Title</label>
          <input id="new-title" class="input" autocomplete="off" placeholder="for people" .value=${flag.title} @input=${(event) => set(dialog, { title: event.target.value })} />
        </p>
        <p class="field">
          <label for="new-type">Type: it stays for ever</label>
          <select
            id="new-type"
            class="select"
            .value=${flag.type}
            @change=${(event) => set(dialog, { type: event.target.value, variants: TYPES[event.target.value][1], off: 'off', on: [{ variant: 'on', weight: 1 }] })}
          >
            ${Object.entries(TYPES).map(([type, [name]]) => html`<option value=${type}>${name}</option>`)}
          </select>
        </p>
      </div>
      ${flag.type === 'BOOLEAN'
        ? ''
        : html`<variants-editor .flag=${flag} .draft=${{}} .readonly=${false} @edit=${(event) => set(dialog, event.detail.value)}></variants-editor>`}
      <parents-editor .flag=${flag} .flags=${flags} .draft=${{}} .readonly=${false} @edit=${(event) => set(dialog, { parents: event.detail.value, guessed: false })}></parents-editor>
      <p class="quiet">It begins closed to all but admins; you open it step by step.</p>
    `,
    reason: { placeholder: 'What is it for?' },
    lacks: wrongKey,
    confirm: 'Create it',
    run: async ({ reason }) => {
      const { key, title, type, variants, off, on, parents } = flag;
      const change = { type: 'FlagCreated', flag: key, valueType: type, variants, off, on, parents, ...(title ? { title } : {}) };
      const written = await append(environment, { reason, changes: [change] });
      notice(`${key} is created`, { detail: `Only admins get in so far. #${written.sequence}` });
      go(flagHref(key));
      return written;
    },
  });
}

/** A key with dots in it is a part of another by habit, which is proposed until somebody chooses. */
function parentGuessed(key, { guessed = true, parents }, flags) {
  if (!guessed) {
    return {};
  }
  const above = key.slice(0, key.lastIndexOf('.'));
  const parent = flags.find((flag) => flag.key === above && !flag.archived);
  return { parents: parent ? [{ flag: parent.key }] : parents.length > 0 ? [] : parents };
}
