// How things are called on the page. Every sentence is made here, so that all views say the same.

export const STAGES = ['ADMIN_ONLY', 'ALLOWLIST', 'PERCENTAGE', 'GENERALLY_AVAILABLE'];

const STAGE_NAMES = {
  ADMIN_ONLY: 'Admins only',
  ALLOWLIST: 'Allowlist',
  PERCENTAGE: 'Percentage',
  GENERALLY_AVAILABLE: 'Generally available',
};

const KILL_SCOPES = { NEW_ACCESS: 'new access', ALL_ACCESS: 'all access' };

const numbers = new Intl.NumberFormat('en', { maximumFractionDigits: 3 });
const exactTime = new Intl.DateTimeFormat('en-GB', { dateStyle: 'full', timeStyle: 'long' });
const shortDate = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'short', year: 'numeric' });

export function stageName(stage) {
  return STAGE_NAMES[stage] ?? stage;
}

export function killScope(scope) {
  return KILL_SCOPES[scope] ?? scope;
}

export function percent(number) {
  return `${numbers.format(number)}\u00a0%`;
}

export function count(number, one, many = `${one}s`) {
  return `${numbers.format(number)}\u00a0${number === 1 ? one : many}`;
}

/** Names in a row: a, b and c. */
export function listed(texts) {
  return texts.length < 2 ? texts.join('') : `${texts.slice(0, -1).join(', ')} and ${texts.at(-1)}`;
}

/** A time as one says it: just now, 12 s ago, 3 min ago … and the date when that was long ago. */
export function ago(then, now = Date.now()) {
  const seconds = Math.floor((now - then.getTime()) / 1_000);
  if (seconds < 10) {
    return 'just now'; // also when the two clocks differ a little
  }
  if (seconds < 60) {
    return `${Math.floor(seconds / 10) * 10}\u00a0s ago`;
  }
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) {
    return `${minutes}\u00a0min ago`;
  }
  const hours = Math.floor(minutes / 60);
  if (hours < 24) {
    return `${hours}\u00a0h ago`;
  }
  const days = Math.floor(hours / 24);
  return days < 30 ? `${days}\u00a0d ago` : shortDate.format(then);
}

export function exactly(time) {
  return exactTime.format(time);
}

export function actorName(actor) {
  return actor.onBehalfOf ? `${actor.id} for ${actor.onBehalfOf}` : actor.id;
}

/** A flag that is on or off and nothing else: its variants go without saying. */
export function isPlainBoolean(flag) {
  return (
    flag.type === 'BOOLEAN' &&
    flag.off === 'off' &&
    flag.on.length === 1 &&
    flag.on[0].variant === 'on' &&
    Object.keys(flag.variants).length === 2
  );
}

/** The on variants with their share of the weights, where there is more than one: [{name, share?, value}]. */
export function served(flag) {
  const on = flag.on.filter(({ weight }) => weight > 0);
  const sum = on.reduce((total, { weight }) => total + weight, 0);
  return on.map(({ variant, weight }) => ({
    name: variant,
    share: on.length > 1 ? percent(Math.round((1_000 * weight) / sum) / 10) : '',
    value: JSON.stringify(flag.variants[variant]),
  }));
}

/** What an event did, around the flag's name: [before, after]. */
export function deed(event) {
  const change = event.change;
  switch (change.type) {
    case 'FlagCreated':
      return ['created', ''];
    case 'FlagDescribed':
      return [`changed the ${listed(Object.keys(change).filter((key) => key !== 'type' && key !== 'flag'))} of`, ''];
    case 'VariantsDefined':
      return ['redefined the variants of', ''];
    case 'StageMoved':
      return stageMoved(change);
    case 'AllowlistChanged':
      return allowlistChanged(change);
    case 'BucketingChanged':
      return ['redrew', `by ${change.bucketBy.toLowerCase()}`];
    case 'ParentsChanged':
      return change.parents.length > 0
        ? ['put', `under ${listed(change.parents.map((parent) => parent.flag))}`]
        : ['freed', 'from its parents'];
    case 'KillSwitchEngaged':
      return ['killed', `for ${killScope(change.scope)}`];
    case 'KillSwitchReleased':
      return ['released', ''];
    case 'FlagRestored':
      return ['restored', `to revision ${change.revision}`];
    case 'FlagArchived':
      return ['archived', ''];
    case 'FlagRevived':
      return ['revived', ''];
    default:
      return ['changed', `(${change.type})`];
  }
}

/** What an event did, as one sentence. */
export function sentence(event) {
  const [before, after] = deed(event);
  return [actorName(event.actor), before, event.flag, after].filter(Boolean).join(' ');
}

function stageMoved(change) {
  switch (change.to) {
    case 'PERCENTAGE':
      return ['set', `to ${percent(change.percentage)}`];
    case 'GENERALLY_AVAILABLE':
      return ['made', 'generally available'];
    case 'ALLOWLIST':
      return ['moved', 'to its allowlist'];
    default:
      return ['moved', 'to admins only'];
  }
}

function allowlistChanged({ added, removed }) {
  const entering = entries(added);
  const leaving = entries(removed);
  if (entering && leaving) {
    return [`let ${entering} in and took ${leaving} out of`, ''];
  }
  return entering ? [`let ${entering} into`, ''] : [`took ${leaving} out of`, ''];
}

/** One entry by its name, more by their number. */
function entries({ users, orgs }) {
  if (users.length + orgs.length === 1) {
    return users.length === 1 ? users[0].id : orgs[0];
  }
  return listed([users.length && count(users.length, 'user'), orgs.length && count(orgs.length, 'org')].filter(Boolean));
}
