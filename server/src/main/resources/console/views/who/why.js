// Why a subject gets a flag or does not, in words. Pure functions: no page, no network.

import { isKilled } from '../flags/forest.js';
import { killScope, percent } from '../../words.js';

const BUCKETS_PER_PERCENT = 1_000;

/**
 * One decision explained.
 *
 * @param decision as the server tells it
 * @param {Map<string, object>} decisions those of all flags from the same cut, by key
 * @param {Map<string, object>} flags as they were at that cut, by key
 */
export function why(decision, decisions, flags) {
  const flag = flags.get(decision.flag);
  switch (decision.reason) {
    case 'ADMIN':
      return 'An admin: every flag is open to them unless it is archived or a parent is closed';
    case 'ALLOWLIST':
      return allowed(decision.because?.entry ?? {});
    case 'PERCENTAGE':
      return `${drawn(flag, decision)} is below ${percent(flag?.percentage ?? 0)}`;
    case 'GENERALLY_AVAILABLE':
      return 'Generally available: everybody gets it';
    case 'KILLED':
      return `Killed for ${killScope(flag?.killSwitch ?? '')}: only admins get in`;
    case 'ARCHIVED':
      return 'Archived: nobody gets it';
    case 'PARENT':
      return parent(decision, decisions, flags);
    case 'STAGE':
      return notYet(flag, decision);
    default:
      return decision.reason;
  }
}

function allowed({ user, org }) {
  if (user && org) {
    return `On the allowlist by the entry ${user} @ ${org}, which admits all of ${org}`;
  }
  return user ? `On the allowlist: user ${user}` : `On the allowlist: org ${org}`;
}

/** Where the draw has put them, of a hundred. */
function drawn(flag, { bucket }) {
  const unit = flag?.bucketBy === 'USER' ? 'the user’s' : 'the org’s';
  return `Drawn: ${unit} place ${percent(bucket / BUCKETS_PER_PERCENT)}`;
}

function notYet(flag, decision) {
  switch (flag?.stage) {
    case 'PERCENTAGE':
      return decision.bucket === undefined
        ? `Open to ${percent(flag.percentage)}, but there is neither a user nor an org to draw by`
        : `${drawn(flag, decision)} is not below ${percent(flag.percentage)}, and not on the allowlist`;
    case 'ALLOWLIST':
      return 'Not on the allowlist';
    default:
      return 'Open to admins only';
  }
}

/** The chain up to the one that is to blame. */
function parent(decision, decisions, flags) {
  const key = decision.because?.parent;
  const above = decisions.get(key);
  if (!above) {
    return `Its parent ${key} lets nobody in`;
  }
  if (above.granted) {
    const wanted = flags.get(decision.flag)?.parents.find(({ flag }) => flag === key)?.variants ?? [];
    return `Its parent ${key} serves ${above.variant}, not ${wanted.join(' or ')}`;
  }
  const root = blamed(above, decisions);
  const cause = isKilled(flags.get(root.flag) ?? { killSwitch: 'RELEASED' }) && root.reason === 'KILLED' ? 'is killed' : lower(why(root, decisions, flags));
  return root.flag === key ? `Its parent ${key} does not let them in: it ${said(cause)}` : `Its parent ${key} does not let them in, as ${root.flag} ${said(cause)}`;
}

function blamed(decision, decisions, depth = 0) {
  const next = decision.reason === 'PARENT' && depth < 20 ? decisions.get(decision.because?.parent) : null;
  return next && !next.granted ? blamed(next, decisions, depth + 1) : decision;
}

function said(cause) {
  return cause === 'is killed' ? cause : `says “${cause}”`;
}

function lower(text) {
  return text.charAt(0).toLowerCase() + text.slice(1);
}
