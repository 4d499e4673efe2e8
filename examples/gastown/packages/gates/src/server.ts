import { serve } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import { createMiddleware } from 'hono/factory';
import { closeFlags, flags } from './flags.ts';
import { problem } from './route.ts';
import { bearer, Sessions } from './session.ts';
import type { Subject } from './subject.ts';

/** What a handler behind {@link signedIn} finds in its context. */
export interface SignedIn {
  Variables: { subject: Subject };
}

/** Lets those through who have a session, and tells the handlers who they are. */
export function signedIn(sessions = new Sessions()) {
  return createMiddleware<SignedIn>(async (context, next) => {
    const subject = await sessions.subject(bearer(context.req.header('authorization')));
    if (subject === undefined) {
      return problem(401, 'Who are you?', 'Send the header Authorization: Bearer SESSION.');
    }
    context.set('subject', subject);
    return next();
  });
}

export const subjectOf = (context: Context): Subject => (context as Context<SignedIn>).get('subject');

/** Serves until the process is told to end. */
export async function run(name: string, app: Hono<any>, port: number, stop?: () => void): Promise<void> {
  await flags();
  const server = serve({ fetch: app.fetch, port, hostname: '127.0.0.1' }, (at) =>
    console.log(`${name} at http://localhost:${at.port}`),
  );
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.once(signal, () => {
      stop?.();
      server.close();
      void closeFlags().finally(() => process.exit(0));
    });
  }
}
