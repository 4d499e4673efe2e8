import { FlagdProvider } from '@openfeature/flagd-provider';
import { OpenFeature, type Client } from '@openfeature/server-sdk';
import { type Ledger, ledgerFrom } from './ledger.ts';

const PATIENCE = 2_000;

/** One for a process: a bundler may load this module several times, once for each entry. */
const shared = globalThis as typeof globalThis & { gastownFlags?: Promise<Client> };

/**
 * The flags, which this process holds itself and which follow the ledger by one stream: no question leaves the process.
 *
 * A ledger that is not there yet is waited for, two seconds at most. Until it is, every flag answers the default that it is
 * asked with, and so all gates are closed; later the provider goes on trying by itself.
 */
export function flags(ledger: Ledger = ledgerFrom()): Promise<Client> {
  return (shared.gastownFlags ??= follow(ledger));
}

async function follow({ flagd, environment, token }: Ledger): Promise<Client> {
  const { hostname, port } = new URL(`http://${flagd}`);
  const provider = new FlagdProvider({
    resolverType: 'in-process',
    host: hostname,
    port: Number(port),
    // The provider can send no header of its own, so the token goes with the name of the environment.
    selector: `${environment}?token=${token}`,
    deadlineMs: PATIENCE,
    retryBackoffMaxMs: 1_000,
    keepAliveTime: 20_000,
  });
  try {
    await OpenFeature.setProviderAndWait(provider);
  } catch (e) {
    console.error(`no flags from ${flagd} yet, so all gates are closed: ${e instanceof Error ? e.message : e}`);
  }
  return OpenFeature.getClient();
}

/** Lets go of the ledger. */
export async function closeFlags(): Promise<void> {
  delete shared.gastownFlags;
  await OpenFeature.close();
}
