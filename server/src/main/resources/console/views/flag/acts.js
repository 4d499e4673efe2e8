// What can be done with a flag at once, without a draft: each tells what it will do, asks for a reason and says what it did.

import { html, nothing } from 'lit';
import { append, flags as flagsAt, preview } from '../../api.js';
import { notice } from '../../notices.js';
import { openAct } from '../../parts/act-dialog.js';
import { count, listed, percent, stageName } from '../../words.js';
import { isKilled } from '../flags/forest.js';
import { differences } from './draft.js';
import { descendants } from './parents-editor.js';

/** Without an expected revision: whatever happened meanwhile, a kill is to be a kill. */
export function kill(environment, flag, flags) {
  let scope = isKilled(flag) ? 'ALL_ACCESS' : 'NEW_ACCESS';
  const below = [...descendants(flag.key, flags)].filter((key) => key !== flag.key);
  const choice = (value, title, says, dialog) => html`<label class="choice-card">
    <input
      type="radio"
      name="scope"
      .checked=${scope === value}
      ?disabled=${isKilled(flag) && value === 'NEW_ACCESS'}
      @change=${() => {
        scope = value;
        dialog.requestUpdate();
      }}
    />
    <span><b>${title}</b><span class="quiet">${says}</span></span>
  </label>`;
  return openAct({
    title: `Kill ${flag.key}`,
    tone: 'danger',
    body: (dialog) => html`
      <div class="choice-cards" role="radiogroup" aria-label="Whom it stops">
        ${choice('NEW_ACCESS', 'New access', 'Nobody new gets in; those who were let in may finish.', dialog)}
        ${choice('ALL_ACCESS', 'All access', 'Those who were let in are stopped too.', dialog)}
      </div>
      <p>
        ${below.length > 0 ? html`It also closes ${count(below.length, 'flag')} below: <span class="key">${listed(below.slice(0, 4))}</span>${below.length > 4 ? ` and ${below.length - 4} more` : ''}. ` : nothing}Stage,
        percentage and allowlist stay as they are, for the release.
      </p>
    `,
    reason: { placeholder: 'What is wrong? Everybody can read it, for ever.' },
    confirm: 'Kill it',
    run: async ({ reason }) => {
      const written = await append(environment, { reason, changes: [{ type: 'KillSwitchEngaged', flag: flag.key, scope }] });
      notice(`${flag.key} is killed`, {
        detail: scope === 'ALL_ACCESS' ? 'for all access: only admins get in, and those inside are stopped.' : 'for new access: only admins get in.',
      });
      return written;
    },
  });
}

export function release(environment, flag) {
  const stage = flag.stage === 'PERCENTAGE' ? `${percent(flag.percentage)} of ${flag.bucketBy === 'USER' ? 'users' : 'orgs'}` : stageName(flag.stage).toLowerCase();
  return openAct({
    title: `Release ${flag.key}`,
    body: () => html`<p>It opens again exactly as it was: <b>${stage}</b>${allowed(flag)}.</p>`,
    reason: { placeholder: 'What has been mended?' },
    confirm: 'Release it',
    run: ({ reason }) => write(environment, flag, reason, [{ type: 'KillSwitchReleased', flag: flag.key }], `${flag.key} is released`, `It is open as before: ${stage}.`),
  });
}

export function archive(environment, flag, flags) {
  const children = flags.filter(({ archived, parents }) => !archived && parents.some((parent) => parent.flag === flag.key));
  return openAct({
    title: `Archive ${flag.key}`,
    tone: 'danger',
    body: () => html`<p>It answers its off variant <code>${flag.off}</code> to everybody, admins too. Its history stays, and it can be revived.</p>
      ${children.length > 0 ? html`<p class="refused">It will be refused while ${listed(children.map(({ key }) => key))} ${children.length === 1 ? 'stands' : 'stand'} below it.</p>` : nothing}`,
    reason: {},
    confirm: 'Archive it',
    run: ({ reason }) => write(environment, flag, reason, [{ type: 'FlagArchived', flag: flag.key }], `${flag.key} is archived`, 'It can be revived from its page.'),
  });
}

export function revive(environment, flag) {
  return openAct({
    title: `Revive ${flag.key}`,
    body: () => html`<p>It lets people in again as it did: <b>${stageName(flag.stage).toLowerCase()}</b>${allowed(flag)}.</p>`,
    reason: {},
    confirm: 'Revive it',
    run: ({ reason }) => write(environment, flag, reason, [{ type: 'FlagRevived', flag: flag.key }], `${flag.key} is back`, ''),
  });
}

/** Brings the whole definition of a revision back, as one more revision. */
export async function restore(environment, flag, revision, sequence) {
  const { differenceList } = await import('../../parts/differences.js');
  const changes = [{ type: 'FlagRestored', flag: flag.key, revision }];
  let was = null;
  let problem = null;
  const shown = openAct({
    title: `Restore revision ${revision} of ${flag.key}`,
    body: (dialog) => {
      if (was === null && problem === null) {
        stateOf(environment, flag, changes, sequence).then(
          (state) => ((was = state), dialog.requestUpdate()),
          (error) => ((problem = error), dialog.requestUpdate()),
        );
        return html`<p class="quiet">Looking it up…</p>`;
      }
      const differ = was ? differences(flag, was) : [];
      return problem
        ? html`<p class="quiet">What it would change can’t be told just now: ${problem.message}</p>`
        : html`<p>${differ.length === 0 ? 'It is like that already.' : 'This is what it would change:'}</p>
            ${differenceList(differ)}`;
    },
    reason: {},
    confirm: 'Restore it',
    run: ({ reason }) => write(environment, flag, reason, changes, `${flag.key} is as it was at revision ${revision}`, 'The restoring is a revision of its own, and can be undone in the same way.'),
  });
  return shown;
}

async function stateOf(environment, flag, changes, sequence) {
  try {
    const answer = await preview(environment, { changes });
    return answer.flags.find((each) => each.flag === flag.key).after;
  } catch (error) {
    if (error.status !== 404) {
      throw error;
    }
    const then = await flagsAt(environment, { at: sequence });
    return { ...then.flags.find(({ key }) => key === flag.key) };
  }
}

async function write(environment, flag, reason, changes, done, detail) {
  const written = await append(environment, { reason, changes, expectedRevision: flag.revision });
  notice(done, { detail: `${detail} #${written.sequence}`.trim() });
  return written;
}

function allowed({ allowlist: { users, orgs } }) {
  const told = [users.length > 0 && count(users.length, 'user'), orgs.length > 0 && count(orgs.length, 'org')].filter(Boolean);
  return told.length > 0 ? `, with ${listed(told)} on its allowlist` : '';
}
