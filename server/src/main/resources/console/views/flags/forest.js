// From a list of flags to the rows of a tree. Pure functions: no page, no network.

import { stageName } from '../../words.js';

const byKey = new Intl.Collator('en', { numeric: true });

/**
 * The rows to show, in order. A flag stands under its first parent.
 *
 * @param flags as the server lists them
 * @param filter words that must all be found in a flag; those above a flag that is found are shown too
 * @param folded keys of flags whose children are hidden; a filter looks into them nevertheless
 * @returns {Array<{flag, depth, rails, children, expanded, position, siblings, closedBy, found}>}
 */
export function rowsOf(flags, filter = '', folded = new Set()) {
  const known = new Map(flags.map((flag) => [flag.key, flag]));
  const children = new Map([['', []]]);
  flags.forEach((flag) => children.set(flag.key, []));
  flags.forEach((flag) => children.get(isUnder(flag, known) ? flag.parents[0].flag : '').push(flag));
  children.forEach((siblings) => siblings.sort((a, b) => a.archived - b.archived || byKey.compare(a.key, b.key)));

  const closers = closersOf(known);
  const words = filter.toLowerCase().split(/\s+/).filter(Boolean);
  const matches = (flag) => {
    const text = searched(flag, closers(flag));
    return words.every((word) => text.includes(word));
  };
  const hits = words.length === 0 ? known : new Map([...known].filter(([, flag]) => matches(flag)));
  const found = (flag) => hits.has(flag.key);
  const shown = (flag) => found(flag) || children.get(flag.key).some(shown);

  const rows = [];
  const walk = (siblings, above) => {
    const visible = siblings.filter(shown);
    visible.forEach((flag, index) => {
      const last = index === visible.length - 1;
      const below = children.get(flag.key).filter(shown);
      const expanded = below.length > 0 && (words.length > 0 || !folded.has(flag.key));
      rows.push({
        flag,
        depth: above.length,
        rails: above.length === 0 ? [] : [...above.slice(1), last ? 'end' : 'branch'],
        children: below.length,
        expanded,
        position: index + 1,
        siblings: visible.length,
        closedBy: closers(flag),
        found: found(flag),
      });
      if (expanded) {
        walk(below, [...above, last ? 'none' : 'through']);
      }
    });
  };
  walk(children.get(''), []);
  return rows;
}

/** For each flag, the keys of the killed flags above it, over all of its parents. */
export function closersOf(known) {
  const answers = new Map();
  const closers = (flag) => {
    const answer = answers.get(flag.key);
    if (answer) {
      return answer;
    }
    answers.set(flag.key, []); // ends a cycle, which a ledger refuses anyway
    const keys = new Set();
    for (const { flag: key } of flag.parents) {
      const parent = known.get(key);
      if (parent) {
        if (isKilled(parent)) {
          keys.add(key);
        }
        closers(parent).forEach((closer) => keys.add(closer));
      }
    }
    answers.set(flag.key, [...keys]);
    return answers.get(flag.key);
  };
  return closers;
}

export function isKilled(flag) {
  return flag.killSwitch !== 'RELEASED';
}

/** Follows first parents up to a root; a flag in a cycle, or under an unknown one, is a root itself. */
function isUnder(flag, known) {
  const seen = new Set([flag.key]);
  for (let key = flag.parents[0]?.flag; key !== undefined; key = known.get(key).parents[0]?.flag) {
    if (!known.has(key) || seen.has(key)) {
      return false;
    }
    seen.add(key);
  }
  return flag.parents.length > 0;
}

function searched(flag, closedBy) {
  return [
    flag.key,
    flag.title,
    flag.description,
    flag.owner,
    ...flag.tags,
    flag.ticket,
    stageName(flag.stage),
    flag.changedBy.id,
    flag.reason,
    isKilled(flag) ? 'killed' : '',
    closedBy.length > 0 ? 'closed' : '',
    flag.archived ? 'archived' : '',
  ]
    .join('\n')
    .toLowerCase();
}
