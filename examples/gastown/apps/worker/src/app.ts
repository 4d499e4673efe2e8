import { type Admissions, checkCreation, bearer, continues, standing } from '@gastown/gates';
import { hidingRoute, problem } from '@gastown/gates/route';
import { signedIn, subjectOf, type SignedIn } from '@gastown/gates/server';
import { type Context, Hono } from 'hono';
import { z } from 'zod';
import { Rigs } from './rigs.ts';

const NewRig = z.object({ name: z.string().regex(/^[a-z][a-z0-9-]{0,30}$/), repository: z.string().min(1).max(200) });

export function workerApp(admissions: Admissions): Hono<SignedIn> {
  const rigs = new Rigs();
  const app = new Hono<SignedIn>();

  app.use('/rigs', signedIn(), hidingRoute('gastown', subjectOf));
  app.get('/rigs', (context) => context.json({ rigs: rigs.of(owner(context)) }));
  app.post('/rigs', async (context) => {
    const rig = NewRig.safeParse(await context.req.json().catch(() => undefined));
    if (!rig.success) {
      return problem(400, 'No rig', z.prettifyError(rig.error));
    }
    const checked = await checkCreation(
      subjectOf(context),
      ...(rigs.of(owner(context)).length > 0 ? [{ flag: 'gastown.multi-rig', what: 'A second rig' }] : []),
    );
    if (!checked.allowed) {
      return problem(403, 'Not created', checked.reason);
    }
    rigs.add(owner(context), rig.data);
    return context.json(rig.data, 201);
  });

  app.use('/convoys', signedIn(), hidingRoute('gastown.convoys', subjectOf));
  app.get('/convoys', (context) =>
    context.json({ convoys: rigs.of(owner(context)).map(({ name }) => ({ name: `${name} convoy`, rigs: [name] })) }),
  );

  // An agent is not asked whether its gate is open: it was let in, and goes on for as long as that holds.
  app.post('/steps', async (context) => {
    const token = bearer(context.req.header('authorization'));
    const admission = token === undefined ? undefined : await admissions.verify(token).catch(() => undefined);
    if (admission === undefined) {
      return problem(401, 'Not admitted', 'Send the header Authorization: Bearer ADMISSION.');
    }
    const stands = await standing(admission);
    return continues(stands)
      ? context.json({ standing: stands })
      : problem(403, stands, `The admission to ${admission.flag} is over: ${stands.toLowerCase()}.`);
  });

  app.get('/healthz', (context) => context.text('ok'));
  return app;
}

function owner(context: Context): string {
  const { org, user } = subjectOf(context);
  return org ?? user;
}
