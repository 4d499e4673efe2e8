import { isOpen, reasonOf } from './gate.ts';
import { type Ledger, ledgerFrom } from './ledger.ts';
import { contextOf, type Subject } from './subject.ts';

export type Dispatched = { admitted: true; token: string } | { admitted: false; reason: string };

/**
 * Dispatch: work that goes on for longer than a request is let in once. What is let in gets an admission, a token that
 * outlives a kill switch for new access; what is not gets a reason.
 *
 * The flags of this process refuse most of what is refused. The ledger is asked only for what is let in, and has the last
 * word: it may know of a kill that is on its way here.
 */
export async function admit(
  flag: string,
  subject: Subject,
  { what, seconds, ledger = ledgerFrom() }: { what: string; seconds: number; ledger?: Ledger },
): Promise<Dispatched> {
  if (!(await isOpen(flag, subject))) {
    return { admitted: false, reason: await reasonOf(flag, subject, what) };
  }
  const answer = await fetch(`${ledger.url}/api/v1/environments/${ledger.environment}/admissions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${ledger.token}`, 'content-type': 'application/json' },
    body: JSON.stringify({ flag, context: contextOf(subject), seconds }),
  });
  if (!answer.ok) {
    throw new Error(`the ledger answered ${answer.status} to a request for an admission: ${await answer.text()}`);
  }
  const { admission } = (await answer.json()) as { admission?: { token: string } };
  return admission === undefined
    ? { admitted: false, reason: await reasonOf(flag, subject, what) }
    : { admitted: true, token: admission.token };
}
