// What somebody wants of a flag and has not saved: only what they touched, so that it can be put on top of any newer revision.
// Pure functions: no page, no network.
//
// A draft is {revision, stage?: {to, percentage?}, allowlist?: {added: [entry], removed: [entry]}, variants?: {variants, off, on},
// parents?: [{flag, variants?}], about?: {title?, description?, owner?, tags?, ticket?}}; an entry is {user, org?} or {org}.

export const MOST_ENTRIES = 10_000;

export function emptyDraft(flag) {
  return { revision: flag.revision };
}

export function isTouched(draft, flag) {
  return draft !== undefined && changesOf(draft, flag).length > 0;
}

/** One and the same for a user, whatever the org: a user stands on an allowlist once. */
export function entryId(entry) {
  return entry.user === undefined ? `org ${entry.org}` : `user ${entry.user}`;
}

export function entriesOf({ users = [], orgs = [] }) {
  return [...users.map(({ id, org }) => (org ? { user: id, org } : { user: id })), ...orgs.map((org) => ({ org }))];
}

/** The changes that make a flag what the draft wants; none where it is so already. */
export function changesOf(draft, flag) {
  const of = { flag: flag.key };
  const changes = [];
  const about = Object.fromEntries(Object.entries(draft.about ?? {}).filter(([field, value]) => !same(value, flag[field])));
  if (Object.keys(about).length > 0) {
    changes.push({ type: 'FlagDescribed', ...of, ...about });
  }
  if (draft.parents && !same(draft.parents, flag.parents)) {
    changes.push({ type: 'ParentsChanged', ...of, parents: draft.parents });
  }
  if (draft.variants && !(same(draft.variants.variants, flag.variants) && draft.variants.off === flag.off && same(draft.variants.on, flag.on))) {
    changes.push({ type: 'VariantsDefined', ...of, ...draft.variants });
  }
  const { added, removed } = allowlistChange(draft, flag);
  if (added.length + removed.length > 0) {
    changes.push({ type: 'AllowlistChanged', ...of, added: listOf(added), removed: listOf(removed) });
  }
  if (draft.stage && movesStage(draft.stage, flag)) {
    const { to, percentage } = draft.stage;
    changes.push({ type: 'StageMoved', ...of, to, ...(to === 'PERCENTAGE' ? { percentage } : {}), ...(skips(draft, flag).length > 0 ? { skip: true } : {}) });
  }
  return changes;
}

/** The flag as it would be. */
export function applied(draft, flag) {
  const { added, removed } = allowlistChange(draft, flag);
  const gone = new Set([...removed, ...added].map(entryId));
  const list = [...entriesOf(flag.allowlist).filter((entry) => !gone.has(entryId(entry))), ...added];
  const stage = draft.stage && movesStage(draft.stage, flag) ? { stage: draft.stage.to, percentage: draft.stage.percentage ?? flag.percentage } : {};
  return { ...flag, ...draft.about, ...draft.variants, ...(draft.parents ? { parents: draft.parents } : {}), allowlist: listOf(list), ...stage };
}

/** The stages that would be skipped, which nobody has tried then. */
export function skips(draft, flag) {
  const order = ['ADMIN_ONLY', 'ALLOWLIST', 'PERCENTAGE', 'GENERALLY_AVAILABLE'];
  return draft.stage ? order.slice(order.indexOf(flag.stage) + 1, order.indexOf(draft.stage.to)) : [];
}

/** What differs between two flags, as the server tells differences of histories: [{field, before, after} or {field, added, removed}]. */
export function differences(before, after) {
  const fields = ['stage', 'percentage', 'killSwitch', 'variants', 'off', 'on', 'parents', 'bucketBy', 'seed', 'title', 'description', 'owner', 'tags', 'ticket', 'archived'];
  const plain = fields
    .filter((field) => !same(before[field], after[field]))
    .filter((field) => field !== 'percentage' || after.stage === 'PERCENTAGE')
    .map((field) => ({ field, before: before[field], after: after[field] }));
  const [old, now] = [before, after].map(({ allowlist }) => new Map(entriesOf(allowlist).map((entry) => [JSON.stringify(entry), entry])));
  const added = [...now].filter(([id]) => !old.has(id)).map(([, entry]) => entry);
  const removed = [...old].filter(([id]) => !now.has(id)).map(([, entry]) => entry);
  return added.length + removed.length > 0 ? [...plain, { field: 'allowlist', added: listOf(added), removed: listOf(removed) }] : plain;
}

/** Entries as they were typed: one a line, or with commas or blanks between them. What stands behind the last @ is a user's org. */
export function parseEntries(text, kind) {
  const words = text.split(/[\s,;]+/).filter(Boolean);
  return words.map((word) => {
    const at = word.lastIndexOf('@');
    if (kind === 'org') {
      return { org: word };
    }
    return at > 0 && at < word.length - 1 ? { user: word.slice(0, at), org: word.slice(at + 1) } : { user: word };
  });
}

export function same(a, b) {
  return canonical(a) === canonical(b);
}

function canonical(value) {
  const sorted = (_, each) =>
    each && typeof each === 'object' && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).sort(([a], [b]) => (a < b ? -1 : 1)))
      : each;
  return JSON.stringify(value, sorted);
}

function movesStage({ to, percentage }, flag) {
  return to !== flag.stage || (to === 'PERCENTAGE' && percentage !== flag.percentage);
}

/** Leaves out who has come or gone meanwhile. */
function allowlistChange({ allowlist = { added: [], removed: [] } }, flag) {
  const there = new Map(entriesOf(flag.allowlist).map((entry) => [entryId(entry), entry]));
  const added = allowlist.added.filter((entry) => !same(there.get(entryId(entry)), entry));
  const replaced = added.filter((entry) => there.has(entryId(entry))).map((entry) => there.get(entryId(entry)));
  const removed = allowlist.removed.filter((entry) => there.has(entryId(entry)));
  return { added, removed: [...removed, ...replaced] };
}

function listOf(entries) {
  return {
    users: entries.filter(({ user }) => user !== undefined).map(({ user, org }) => (org ? { id: user, org } : { id: user })),
    orgs: entries.filter(({ user }) => user === undefined).map(({ org }) => org),
  };
}
