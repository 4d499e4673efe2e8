import { TRPCError } from '@trpc/server';
import { isOpen, reasonOf } from './gate.ts';
import type { Subject } from './subject.ts';

/** tRPC procedure: one that is dark is NOT_FOUND, as if nobody had written it. */
export async function procedureGate(flag: string, subject: Subject, path: string): Promise<void> {
  if (!(await isOpen(flag, subject))) {
    throw new TRPCError({ code: 'NOT_FOUND', message: `No procedure found on path "${path}"` });
  }
}

/** tRPC procedure that is known to be there: FORBIDDEN, with a reason for the person. */
export async function refusingGate(flag: string, subject: Subject, what: string): Promise<void> {
  if (!(await isOpen(flag, subject))) {
    throw new TRPCError({ code: 'FORBIDDEN', message: await reasonOf(flag, subject, what) });
  }
}
