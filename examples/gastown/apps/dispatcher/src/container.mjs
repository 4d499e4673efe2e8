// A container, as far as this example goes: a process of its own that knows nothing of flags. It has the admission that it was
// started with, shows it at each step, and stops when that is refused. In JavaScript, so that it needs no compiler to start.

const { WORKER_URL, ADMISSION, STEPS, STEP_MILLIS } = process.env;

for (let step = 1; step <= Number(STEPS); step++) {
  await new Promise((resolve) => setTimeout(resolve, Number(STEP_MILLIS)));
  const answer = await fetch(`${WORKER_URL}/steps`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ADMISSION}` },
    signal: AbortSignal.timeout(5_000),
  }).catch(() => undefined); // the worker is away, and the work is not over for that
  if (answer?.status === 403) {
    const { title } = /** @type {{ title: string }} */ (await answer.json());
    process.send?.({ step, refused: title });
    process.exit(1);
  }
  process.send?.({ step });
}
