import type { Ledger } from '@gastown/gates';

/** Changes flags over the HTTP API, as somebody does in the console. */
export class Editor {
  constructor(private readonly ledger: Ledger) {}

  /** Appends, and returns when the ledger has said that it is there: `performance.now()`. */
  async change(reason: string, ...changes: { type: string; flag: string; [field: string]: unknown }[]): Promise<number> {
    const answer = await fetch(`${this.ledger.url}/api/v1/environments/${this.ledger.environment}/changes`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.ledger.token}`, 'content-type': 'application/json' },
      body: JSON.stringify({ reason, changes }),
    });
    const at = performance.now();
    if (!answer.ok) {
      throw new Error(`refused: ${await answer.text()}`);
    }
    return at;
  }
}
