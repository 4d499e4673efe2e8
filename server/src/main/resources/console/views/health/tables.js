// The tables of the health page.

import { html, nothing } from 'lit';
import { count } from '../../words.js';
import { agrees, byEnvironment } from './findings.js';
import '../../parts/ago-time.js';

const ROLES = { ACTIVE: 'owner', STANDBY: 'copy' };

export function instanceList({ instances, silent = [] }, here) {
  return html`<ul class="cards">
    ${instances.map(
      ({ id, address, roles, state, environments, problem }) => html`<li class="card" data-instance=${id}>
        <p class="card-title"><b>${id}</b>${id === here ? html`<span class="pill">this one</span>` : nothing}</p>
        <p class="lamp" data-good=${state === 'RUNNING' && !problem}><i aria-hidden="true"></i>${state.toLowerCase()}</p>
        <p class="quiet">${roles.join(', ')}${id === address ? nothing : html`<br />${address}`}</p>
        <p class="quiet">
          ${count(environments.filter(({ role }) => role === 'ACTIVE').length, 'environment')} owned${environments.some(({ role }) => role !== 'ACTIVE')
            ? `, ${count(environments.filter(({ role }) => role !== 'ACTIVE').length, 'copy', 'copies')} kept`
            : nothing}
        </p>
        ${problem ? html`<p class="field-problem">${problem}</p>` : nothing}
      </li>`,
    )}
    ${silent.map(
      ({ address, problem }) => html`<li class="card silent">
        <p class="card-title"><b>${address}</b></p>
        <p class="lamp" data-good="false"><i aria-hidden="true"></i>does not answer</p>
        <p class="quiet">${problem}</p>
      </li>`,
    )}
  </ul>`;
}

export function environmentTable(instances, shown) {
  return html`<table class="health-table">
    <thead>
      <tr><th scope="col">Environment</th><th scope="col">Instance</th><th scope="col">Role</th><th scope="col" class="number">Sequence</th><th scope="col" class="number">Behind</th><th scope="col">Ledger digest</th><th scope="col">State digest</th></tr>
    </thead>
    <tbody>
      ${[...byEnvironment(instances)].map(([environment, copies]) =>
        copies.map(
          (copy, index) => html`<tr data-environment=${environment} class=${index > 0 ? 'same' : ''}>
            <th scope="row">
              ${index > 0 ? html`<span class="unseen">${environment}</span>` : html`${environment}${environment === shown ? html` <span class="pill">shown</span>` : nothing}`}
              ${index > 0 || copies.length === 1 ? nothing : agreement(copies)}
            </th>
            <td data-label="Instance">${copy.instance}</td>
            <td data-label="Role">${ROLES[copy.role] ?? copy.role}</td>
            <td data-label="Sequence" class="number">#${copy.sequence}</td>
            <td data-label="Behind" class="number ${copy.lag > 0 ? 'late' : ''}">${copy.lag}</td>
            <td data-label="Ledger digest">${digest(copy.digest)}</td>
            <td data-label="State digest">${digest(copy.stateDigest)} ${copy.stopped ? html`<p class="field-problem">Stopped: ${copy.stopped}</p>` : nothing}</td>
          </tr>`,
        ),
      )}
    </tbody>
  </table>`;
}

function agreement(copies) {
  return agrees(copies) ? html`<span class="agree good">agree</span>` : html`<span class="agree bad">do not agree</span>`;
}

/** @param head {sequence, stateDigest} of the environment's history */
export function evaluatorTable(evaluators, head) {
  return html`<table class="health-table">
    <thead>
      <tr><th scope="col">Evaluator</th><th scope="col">State</th><th scope="col" class="number">Sequence</th><th scope="col" class="number">Behind</th><th scope="col">Silent for</th><th scope="col">State digest</th><th scope="col">Reported</th></tr>
    </thead>
    <tbody>
      ${evaluators.map((one) => {
        const behind = head ? Math.max(0, head.sequence - one.sequence) : (one.lag ?? 0);
        return html`<tr data-evaluator=${one.id}>
          <th scope="row">${one.id}${one.host || one.version ? html`<span class="quiet">${[one.host, one.version].filter(Boolean).join(', ')}</span>` : nothing}</th>
          <td data-label="State"><span class="lamp" data-good=${one.state === 'READY'}><i aria-hidden="true"></i>${String(one.state).toLowerCase()}</span></td>
          <td data-label="Sequence" class="number">#${one.sequence}</td>
          <td data-label="Behind" class="number ${behind > 0 ? 'late' : ''}">${behind}</td>
          <td data-label="Silent for">${one.silenceMillis === undefined ? '–' : `${(one.silenceMillis / 1_000).toFixed(1)}\u00a0s`}</td>
          <td data-label="State digest">${one.stateDigest ? html`${digest(one.stateDigest)} ${sameState(one, head)}` : '–'}</td>
          <td data-label="Reported"><ago-time time=${one.reportedAt}></ago-time></td>
        </tr>`;
      })}
    </tbody>
  </table>`;
}

function sameState({ sequence, stateDigest }, head) {
  if (!head || head.sequence !== sequence) {
    return nothing;
  }
  return head.stateDigest === stateDigest ? html`<span class="agree good">agrees</span>` : html`<span class="agree bad">does not agree</span>`;
}

function digest(text) {
  return html`<span class="digest" title=${text}>${text.slice(0, 12)}…</span>`;
}
