// What led to a moment: who did what, when and why.

import { html, nothing } from 'lit';
import { flagHref, href } from '../../router.js';
import { actorName, count, deed } from '../../words.js';
import { when } from './when.js';

const MOST_TOLD = 3;

/**
 * A template for a moment.
 *
 * @param now the flags as they are now; a revision that is the newest needs no restoring
 */
export function thisEvent({ sequence, changes, size, next }, now) {
  if (sequence === 0) {
    return html`<div class="this-event">
      <p class="what">Before the first event: there was no flag yet.</p>
      <p class="why">${next ? `The first was made on ${when(Date.parse(next.ledgerTime))}.` : nothing}</p>
    </div>`;
  }
  const last = changes.at(-1);
  return html`<div class="this-event">
    ${changes.slice(0, MOST_TOLD).map(
      (event) => html`<p class="what">${told(event)} ${restore(event, now)}</p>`,
    )}
    ${size > MOST_TOLD ? html`<p class="what quiet">and ${count(size - MOST_TOLD, 'more change', 'more changes')} in one batch</p>` : nothing}
    <p class="why">${last.reason}</p>
    <p class="when">
      <time datetime=${last.ledgerTime}>${when(Date.parse(last.ledgerTime))}</time>
      <a href=${href('/audit', { since: sequence - size + 1, until: sequence, open: sequence })}>#${sequence} in the audit</a>
    </p>
  </div>`;
}

function told(event) {
  const [before, after] = deed(event);
  return html`<b>${actorName(event.actor)}</b> ${before} <a class="key" href=${flagHref(event.flag)}>${event.flag}</a>${after ? ` ${after}` : nothing}`;
}

function restore(event, now) {
  const revision = now.find(({ key }) => key === event.flag)?.revision;
  if (revision === undefined || revision <= event.revision) {
    return nothing;
  }
  return html`<a class="restore" href=${flagHref(event.flag, { revision: event.revision })}>Restore revision ${event.revision}…</a>`;
}
