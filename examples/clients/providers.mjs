import { FlagdProvider } from '@openfeature/flagd-provider';
import { OFREPProvider } from '@openfeature/ofrep-provider';

const environment = process.env.LEDGER_ENVIRONMENT ?? 'gastown-production';
const token = process.env.LEDGER_TOKEN;

/** Decides in this process, from flags that are pushed to it. */
export function flagd() {
  const [host, port] = (process.env.LEDGER_FLAGD ?? 'localhost:8015').split(':');
  return new FlagdProvider({
    resolverType: 'in-process',
    host,
    port: Number(port),
    // The provider can send no header of its own, so the token goes with the name of the environment.
    selector: `${environment}?token=${token}`,
    deadlineMs: 10_000,
    // Its defaults break the stream every ten minutes and then wait for two: that long, a kill would not be seen.
    streamDeadlineMs: 0,
    retryBackoffMaxMs: 1_000,
    keepAliveTime: 20_000,
  });
}

/** Asks the ledger each time. */
export function ofrep() {
  return new OFREPProvider({
    baseUrl: process.env.LEDGER_HTTP ?? 'http://localhost:8080',
    headers: [
      ['Authorization', `Bearer ${token}`],
      ['X-Ledger-Environment', environment],
    ],
  });
}
