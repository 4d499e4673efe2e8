/** Where the ledger is. */
export interface Ledger {
  /** Of the HTTP API. */
  url: string;
  /** `host:port` of flagd sync. */
  flagd: string;
  environment: string;
  /** With the role `evaluator`, which may ask for decisions and change nothing. */
  token: string;
}

/** The ledger that `./ledger up` starts, where the variables do not say otherwise. */
export function ledgerFrom(variables: NodeJS.ProcessEnv = process.env): Ledger {
  return {
    url: (variables.LEDGER_URL ?? 'http://localhost:8080').replace(/\/+$/, ''),
    flagd: variables.LEDGER_FLAGD ?? 'localhost:8015',
    environment: variables.LEDGER_ENVIRONMENT ?? 'gastown-production',
    token: variables.LEDGER_TOKEN ?? '',
  };
}
