import 'server-only';
import { checkCreation } from '@gastown/gates';
import { TRPCError } from '@trpc/server';
import { z } from 'zod';
import { createRig, rigsOf, runsOf, startRun } from './stack.ts';
import { gated, procedure, router } from './trpc.ts';

export const appRouter = router({
  rigs: router({
    list: gated('gastown').query(({ ctx }) => rigsOf(ctx)),
    create: procedure.input(z.object({ name: z.string(), repository: z.string() })).mutation(async ({ ctx, input }) => {
      const checked = await checkCreation(ctx.subject, { flag: 'gastown', what: 'Gas Town' });
      if (!checked.allowed) {
        throw new TRPCError({ code: 'FORBIDDEN', message: checked.reason });
      }
      return createRig(ctx, input);
    }),
  }),
  runs: router({
    // Not gated: whoever was let in sees what goes on, whatever has become of the gate.
    list: procedure.query(({ ctx }) => (ctx.token === '' ? { runs: [] } : runsOf(ctx))),
    dispatch: procedure
      .input(z.object({ task: z.string(), steps: z.int().optional() }))
      .mutation(({ ctx, input }) => startRun(ctx, input)),
  }),
});

export type AppRouter = typeof appRouter;
