import { spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { Ledger } from '@gastown/gates';

const LEDGER = fileURLToPath(new URL('../../../ledger', import.meta.url));
const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** The ledger with a token that may ask for decisions and no more: LEDGER_TOKEN, or one of the key that `./ledger up` made. */
export function asEvaluator(ledger: Ledger): Ledger {
  return ledger.token !== '' ? ledger : { ...ledger, token: issue(`evaluator@${ledger.environment}`) };
}

/** The ledger with a token that may change flags. */
export function asEditor(ledger: Ledger): Ledger {
  return { ...ledger, token: process.env.LEDGER_EDITOR_TOKEN ?? issue(`editor@${ledger.environment}`) };
}

/** A token of the local key. */
function issue(role: string): string {
  const { status, stdout } = spawnSync(
    LEDGER,
    ['token', '--role', role, '--subject', 'service:gastown', '--valid', '30d', '--auth', process.env.LEDGER_AUTH ?? '.ledger/auth'],
    { cwd: ROOT, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] },
  );
  if (status !== 0) {
    throw new Error('there is no token for the ledger: set LEDGER_TOKEN to one with the role evaluator');
  }
  return stdout.trim();
}
