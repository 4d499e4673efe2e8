import { admit, choose } from '@gastown/gates';
import { problem } from '@gastown/gates/route';
import { signedIn, type SignedIn } from '@gastown/gates/server';
import { Hono } from 'hono';
import { z } from 'zod';
import type { Runs } from './runs.ts';

const LONGEST_STEP_MILLIS = 10_000;
const GRACE_SECONDS = 600;

const NewRun = z.object({
  task: z.string().min(1).max(100),
  steps: z.int().min(1).max(10_000).default(240),
  stepMillis: z.int().min(50).max(LONGEST_STEP_MILLIS).default(500),
});

export function dispatcherApp(runs: Runs): Hono<SignedIn> {
  const app = new Hono<SignedIn>();
  app.use('/runs', signedIn());

  app.post('/runs', async (context) => {
    const asked = NewRun.safeParse(await context.req.json().catch(() => undefined));
    if (!asked.success) {
      return problem(400, 'No run', z.prettifyError(asked.error));
    }
    const { steps, stepMillis } = asked.data;
    const subject = context.get('subject');
    const dispatched = await admit('gastown', subject, {
      what: 'Gas Town',
      seconds: GRACE_SECONDS + Math.ceil((steps * stepMillis) / 1000),
    }).catch((e: unknown) => {
      console.error(e instanceof Error ? e.message : e);
      return undefined;
    });
    if (dispatched === undefined) {
      return problem(503, 'Not dispatched', 'No admission can be had just now. Try again later.');
    }
    if (!dispatched.admitted) {
      return problem(403, 'Not dispatched', dispatched.reason);
    }
    // Chosen once: a run that was begun in one way is not finished in the other.
    const merge = await choose('gastown.merge-strategy', subject, ['direct', 'pr']);
    return context.json(runs.start(subject, dispatched.token, { ...asked.data, merge }), 202);
  });

  app.get('/runs', (context) => context.json({ runs: runs.of(context.get('subject')) }));
  app.get('/healthz', (context) => context.text('ok'));
  return app;
}
