/**
 * A container, as far as this example goes: a process of its own that knows nothing of flags. It has the admission that it
 * was started with, shows it at each step, and stops when that is refused.
 */
const { WORKER_URL, ADMISSION, STEPS, STEP_MILLIS } = process.env;

for (let step = 1; step <= Number(STEPS); step++) {
  await new Promise((resolve) => setTimeout(resolve, Number(STEP_MILLIS)));
  const answer = await fetch(`${WORKER_URL}/steps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMISSION}` },
    signal: AbortSignal.timeout(5_000),
  }).catch((e: unknown) => e);
  if (!(answer instanceof Response)) {
    process.send?.({ step, waits: String(answer) }); // the worker is away; the work is not over for that
  } else if (answer.ok) {
    process.send?.({ step });
  } else {
    process.send?.({ step, refused: ((await answer.json()) as { title: string }).title });
    process.exit(1);
  }
}
