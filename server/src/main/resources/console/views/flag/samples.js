// The orgs that a change is tried on before it is made: pasted once, and remembered by this browser.

import { preview } from '../../api.js';

const KEPT = 'flag-ledger.sample-orgs';
export const MOST_SAMPLES = 500;

/** Made-up names, as good as any others: a share of them gets in that is near the percentage. */
const MADE_UP = Array.from({ length: 200 }, (_, index) => `org-${String(index + 1).padStart(3, '0')}`);

/** {orgs, own}: `own` where somebody pasted them. */
export function sampleOrgs() {
  const kept = JSON.parse(localStorage.getItem(KEPT) ?? 'null');
  return kept?.length > 0 ? { orgs: kept, own: true } : { orgs: MADE_UP, own: false };
}

/** Keeps other orgs, each once; none brings back the made-up ones. */
export function keepSampleOrgs(text) {
  const orgs = [...new Set(text.split(/[\s,;]+/).filter(Boolean))].slice(0, MOST_SAMPLES);
  localStorage.setItem(KEPT, JSON.stringify(orgs));
}

/**
 * What changes would do to the sample orgs.
 *
 * @returns {Promise<{refusal, orgs: [{org, before, after}], others: Map<string, {gain, lose}>}>} access before and after;
 *     `others` are flags below, whose access changes too
 */
export async function tryOn(environment, flag, changes, signal) {
  const { orgs } = sampleOrgs();
  const answer = await preview(environment, { changes, contexts: orgs.map((orgId) => ({ orgId })) }, signal);
  const others = new Map();
  const own = [];
  for (const { flag: key, context, before, after } of answer.decisions ?? []) {
    const [was, is] = [Boolean(before?.granted), Boolean(after?.granted)];
    if (key === flag) {
      own.push({ org: context.orgId, before: was, after: is });
    } else if (was !== is) {
      const sum = others.get(key) ?? { gain: 0, lose: 0 };
      sum[is ? 'gain' : 'lose'] += 1;
      others.set(key, sum);
    }
  }
  return { refusal: answer.refusal ?? null, orgs: own, others };
}
