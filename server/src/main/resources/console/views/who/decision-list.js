// What every flag answers a subject, as a table: now, or then and now.

import { html, nothing } from 'lit';
import { flagHref } from '../../router.js';
import { why } from './why.js';

/**
 * A template.
 *
 * @param {Array<{title: string, decisions: Map, flags: Map}>} cuts one, or two to be compared
 * @param {Array<{key: string, depth: number}>} order the flags, as in the tree
 * @param {string | null} picked the flag whose timeline is shown
 * @param {function(string)} pick
 * @param {function(string): unknown} timeline makes the template of the picked flag's timeline
 */
export function decisionList(cuts, order, picked, pick, timeline) {
  return html`<table class="decisions">
    <thead>
      <tr>
        <th scope="col">Flag</th>
        ${cuts.map(({ title }) => html`<th scope="col">${title}</th>`)}
        <th scope="col"><span class="unseen">Timeline</span></th>
      </tr>
    </thead>
    <tbody>
      ${order.map(
        ({ key, title, depth }) => html`${row(cuts, key, title, depth, picked, pick)}
          ${key === picked ? html`<tr class="timeline-row"><td colspan=${cuts.length + 2}>${timeline(key)}</td></tr>` : nothing}`,
      )}
    </tbody>
  </table>`;
}

function row(cuts, key, title, depth, picked, pick) {
  const answers = cuts.map(({ decisions }) => decisions.get(key));
  const differs = answers.length > 1 && JSON.stringify(shown(answers[0])) !== JSON.stringify(shown(answers[1]));
  return html`<tr data-flag=${key} class="${differs ? 'differs-row' : ''} ${key === picked ? 'picked' : ''}" @click=${(event) => event.target.closest('a, button') || pick(key)}>
    <th scope="row" data-depth=${depth}>
      <a href=${flagHref(key)}>${title || key}</a>
      ${title ? html`<span class="key">${key}</span>` : nothing} ${differs ? html`<span class="pill differs-pill">differs</span>` : nothing}
    </th>
    ${cuts.map((cut, index) => html`<td data-cut=${index}>${answer(answers[index], cut)}</td>`)}
    <td class="end">
      <button type="button" class="button small" aria-expanded=${key === picked} aria-label="Timeline of ${key}" @click=${() => pick(key)}>Timeline</button>
    </td>
  </tr>`;
}

function shown(decision) {
  return decision ? [decision.granted, decision.variant] : null;
}

function answer(decision, { decisions, flags }) {
  if (!decision) {
    return html`<span class="none">There was no such flag</span>`;
  }
  return html`<p class="answer ${decision.granted ? 'yes' : 'no'}">
      <svg viewBox="0 0 14 14" aria-hidden="true"><path d=${decision.granted ? 'M2.5 7.5 6 11l5.5-8' : 'M3.5 3.5l7 7m0-7-7 7'} /></svg>
      <b>${decision.granted ? 'Yes' : 'No'}</b> <span class="variant" title=${JSON.stringify(decision.value)}>${decision.variant}</span>
    </p>
    <p class="because" data-reason=${decision.reason}>${why(decision, decisions, flags)}</p>`;
}
