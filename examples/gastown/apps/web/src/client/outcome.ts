import { TRPCClientError } from '@trpc/client';

/** What came of asking a surface. */
export interface Outcome {
  open: boolean;
  /** The name of the refusal, where it has one. */
  code?: string;
  /** What it said, in its own words. */
  says: string;
}

export const opened = (says: string): Outcome => ({ open: true, says });
export const closed = (says: string, code?: string): Outcome => ({ open: false, says, ...(code && { code }) });

/** What a procedure answered: an error of tRPC's is an answer as well. */
export async function called<T>(answer: Promise<T>, says: (value: T) => string): Promise<Outcome> {
  try {
    return opened(says(await answer));
  } catch (e) {
    if (e instanceof TRPCClientError && e.data !== undefined) {
      return closed(e.message, String(e.data.code));
    }
    throw e;
  }
}
