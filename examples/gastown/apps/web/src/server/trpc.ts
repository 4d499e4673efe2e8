import 'server-only';
import { procedureGate } from '@gastown/gates/procedure';
import { initTRPC } from '@trpc/server';
import type { Session } from './session.ts';

const t = initTRPC.context<Session>().create();

export const router = t.router;
export const procedure = t.procedure;

/** A procedure that is not there for those to whom its flag is closed. */
export const gated = (flag: string) =>
  procedure.use(async ({ ctx, path, next }) => {
    await procedureGate(flag, ctx.subject, path);
    return next();
  });
