// Saving a draft: what it will change, for whom, the steps it skips, what happened meanwhile, and why.

import { html, nothing } from 'lit';
import { append } from '../../api.js';
import { notice } from '../../notices.js';
import { openAct } from '../../parts/act-dialog.js';
import { differenceList } from '../../parts/differences.js';
import { problemView } from '../../parts/problem-view.js';
import { STAGES, listed, percent, sentence, stageName } from '../../words.js';
import { applied, changesOf, differences, skips } from './draft.js';
import './impact-view.js';

/**
 * @param {{environment: string, flag: function(): object, draft: function(): object, rebase: function(): Promise}} spec the flag and the draft
 *     as they are at any moment; `rebase` puts the draft on the newest revision
 */
export function review({ environment, flag, draft, rebase }) {
  let skipping = false;
  const skipped = () => skips(draft(), flag());
  return openAct({
    title: `Save ${flag().key}`,
    tone: takesAway(draft(), flag()) ? 'danger' : 'plain',
    wide: true,
    body: (dialog) => html`
      ${differenceList(differences(flag(), applied(draft(), flag())))}
      <impact-view .environment=${environment} .flag=${flag()} .changes=${changesOf(draft(), flag())}></impact-view>
      ${skipped().length > 0
        ? html`<label class="check warning">
            <input
              type="checkbox"
              id="skip"
              .checked=${skipping}
              @change=${(event) => {
                skipping = event.target.checked;
                dialog.requestUpdate();
              }}
            />
            <span>Skip ${listed(skipped().map((stage) => `“${stageName(stage)}”`))}, though nobody has tried it so far.</span>
          </label>`
        : nothing}
      ${takesAway(draft(), flag()) ? html`<p class="warning">This takes access away from people who have it now.</p>` : nothing}
      ${flag().killSwitch === 'RELEASED' ? nothing : html`<p class="warning">It is killed: nobody but admins will notice before it is released.</p>`}
    `,
    lacks: () => (skipped().length > 0 && !skipping ? 'Say that the step is to be skipped.' : ''),
    confirm: 'Save',
    run: async ({ reason }) => {
      const changes = changesOf(draft(), flag());
      if (changes.length === 0) {
        return { nothing: true };
      }
      const written = await append(environment, { reason, changes, expectedRevision: draft().revision });
      notice(`${flag().key} is saved`, { detail: `${done(changes)} #${written.sequence}` });
      return written;
    },
    problem: (error, dialog) =>
      error.refusal === 'REVISION_MOVED'
        ? html`${meanwhile(error.events)}
            <button
              type="button"
              class="button small rebase"
              @click=${async () => {
                await rebase(error.events);
                dialog.problem = null;
              }}
            >
              Put my changes on top
            </button>`
        : problemView(error),
  });
}

/** What others did: the page's and the dialog's words for it. */
export function meanwhile(events) {
  const [first] = events;
  if (!first) {
    return html`<p><b>It was changed meanwhile.</b></p>`;
  }
  const who = [...new Set(events.map((event) => event.actor.id))];
  return html`<p><b>${listed(who)} changed this meanwhile:</b></p>
    <ul class="meanwhile">
      ${events.map((event) => html`<li>${sentence(event)} <span class="quiet">(${event.reason})</span></li>`)}
    </ul>`;
}

function takesAway(draft, flag) {
  const wanted = applied(draft, flag);
  const [was, is] = [STAGES.indexOf(flag.stage), STAGES.indexOf(wanted.stage)];
  const gone = draft.allowlist?.removed.length > 0 && flag.stage !== 'GENERALLY_AVAILABLE';
  return is < was || (is === was && flag.stage === 'PERCENTAGE' && wanted.percentage < flag.percentage) || gone;
}

function done(changes) {
  const said = {
    FlagDescribed: () => 'described anew',
    ParentsChanged: () => 'its parents changed',
    VariantsDefined: () => 'its variants redefined',
    AllowlistChanged: () => 'its allowlist changed',
    StageMoved: ({ to, percentage }) => (to === 'PERCENTAGE' ? `open to ${percent(percentage)}` : stageName(to).toLowerCase()),
  };
  return `${listed(changes.map((change) => said[change.type](change)))}.`;
}
