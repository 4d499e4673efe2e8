// What differs between two revisions or two moments, in words: for histories, the audit and the time machine.

import { html, nothing } from 'lit';
import { styles } from '../styles.js';
import { count, killScope, percent, stageName } from '../words.js';

await styles('/css/differences.css');

const FIELDS = {
  type: 'Type',
  stage: 'Stage',
  percentage: 'Percentage',
  killSwitch: 'Kill switch',
  parents: 'Parents',
  archived: 'Archived',
  title: 'Title',
  description: 'Description',
  owner: 'Owner',
  tags: 'Tags',
  ticket: 'Ticket',
  variants: 'Variants',
  off: 'Off variant',
  on: 'On variants',
  bucketBy: 'Drawn by',
  seed: 'Seed',
  algorithm: 'Algorithm',
  allowlist: 'Allowlist',
};
const MOST_ENTRIES = 8;

/** A list of differences as the server tells them: `[{field, before, after}]`, and of an allowlist `{field, added, removed}`. */
export function differenceList(differences) {
  return html`<ul class="differences">
    ${differences.map(
      (difference) => html`<li data-field=${difference.field}>
        <span class="field-name">${FIELDS[difference.field] ?? difference.field}</span>
        ${difference.field === 'allowlist' ? entering(difference) : fromTo(difference)}
      </li>`,
    )}
  </ul>`;
}

function fromTo({ field, before, after }) {
  const [old, now] = [valueWords(field, before), valueWords(field, after)];
  return html`<span class="values"
    >${old === '' ? html`<span class="none">none</span>` : html`<del>${old}</del>`}<span class="arrow" aria-hidden="true"> → </span
    ><span class="unseen"> became </span>${now === '' ? html`<span class="none">none</span>` : html`<ins>${now}</ins>`}</span
  >`;
}

function entering({ added, removed }) {
  const line = (sign, said, names) =>
    names.length === 0
      ? nothing
      : html`<span class="entries" title=${names.join('\n')}
          ><span class="unseen">${said} </span><span aria-hidden="true">${sign}</span> ${names.slice(0, MOST_ENTRIES).join(', ')}${names.length > MOST_ENTRIES
            ? ` and ${count(names.length - MOST_ENTRIES, 'more', 'more')}`
            : nothing}</span
        >`;
  return html`<span class="values">${line('+', 'added', entryNames(added))}${line('−', 'removed', entryNames(removed))}</span>`;
}

/** The entries of an allowlist: a user's org stands behind an @. */
export function entryNames({ users = [], orgs = [] }) {
  return [...users.map(({ id, org }) => (org ? `${id} @ ${org}` : id)), ...orgs.map((org) => `org ${org}`)];
}

/** How the value of a flag's field is said. */
export function valueWords(field, value) {
  if (value === null || value === undefined) {
    return '';
  }
  switch (field) {
    case 'stage':
      return stageName(value);
    case 'percentage':
      return percent(value);
    case 'killSwitch':
      return value === 'RELEASED' ? 'released' : `killed for ${killScope(value)}`;
    case 'parents':
      return value.map(({ flag, variants }) => (variants ? `${flag} = ${variants.join(' or ')}` : flag)).join(', ');
    case 'tags':
      return value.join(', ');
    case 'variants':
      return Object.entries(value)
        .map(([name, given]) => `${name}: ${JSON.stringify(given)}`)
        .join(', ');
    case 'on':
      return value.map(({ variant, weight }) => (value.length > 1 ? `${variant} ${weight}` : variant)).join(', ');
    case 'archived':
      return value ? 'yes' : 'no';
    case 'bucketBy':
      return value === 'USER' ? 'user' : 'org';
    default:
      return String(value);
  }
}
