// What of the system's state needs somebody's look. Pure functions: no page, no network.

/**
 * What is wrong, worst first: [{level: 'bad' | 'look', text}]; empty if all is well.
 *
 * @param {{instances: Array, silent?: Array}} fleet all instances as they were told
 * @param {{status: string} | null} ready
 * @param {Array} evaluators those of the environment that is shown
 */
export function findings({ instances, silent = [] }, ready, evaluators) {
  const found = [];
  const bad = (text) => found.push({ level: 'bad', text });
  const look = (text) => found.push({ level: 'look', text });
  if (ready && ready.status !== 'ready') {
    bad(`This instance is not ready${ready.detail ? `: ${ready.detail}` : ''}`);
  }
  silent.forEach(({ address, problem }) => bad(`${address} does not answer: ${problem}`));
  instances.filter(({ problem }) => problem).forEach(({ id, problem }) => look(`${id}: ${problem}`));
  byEnvironment(instances).forEach((copies, environment) => {
    copies.filter(({ stopped }) => stopped).forEach(({ instance, stopped }) => bad(`${environment} is stopped at ${instance}: ${stopped}`));
    copies.filter(({ lag }) => lag > 0).forEach(({ instance, lag }) => look(`${instance} is ${lag} behind in ${environment}`));
    if (!agrees(copies)) {
      bad(`The instances do not agree on ${environment}: the same sequence has different digests. Run ./ledger verify`);
    }
    if (!copies.some(({ role }) => role === 'ACTIVE')) {
      look(`Nobody owns ${environment} just now`);
    }
  });
  evaluators.filter(({ state }) => state && state !== 'READY').forEach(({ id, state }) => look(`Evaluator ${id} is ${state.toLowerCase()}`));
  return found.sort((a, b) => (a.level === b.level ? 0 : a.level === 'bad' ? -1 : 1));
}

/** Who has what: environment → [{instance, role, sequence, lag, digest, stateDigest, stopped?}]. */
export function byEnvironment(instances) {
  const environments = new Map();
  for (const { id, environments: held } of instances) {
    for (const one of held) {
      environments.set(one.environment, [...(environments.get(one.environment) ?? []), { ...one, instance: id }]);
    }
  }
  return new Map([...environments].sort(([a], [b]) => a.localeCompare(b)));
}

/** Whether those that stand at the same sequence say the same. */
export function agrees(copies) {
  const told = new Map();
  return copies.every(({ sequence, digest, stateDigest }) => {
    const before = told.get(sequence);
    told.set(sequence, digest + stateDigest);
    return before === undefined || before === digest + stateDigest;
  });
}
