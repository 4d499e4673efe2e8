import assert from 'node:assert/strict';
import type { Stack } from '../scripts/stack.ts';

const AT_ONCE = 16;

/** Asks gated surfaces of all services, as fast as they answer. */
export class Load {
  private readonly kinds: { url: string; init: RequestInit }[];

  constructor({ url, worker }: Stack, session: string) {
    const cookie = { headers: { cookie: `gastown-session=${session}` } };
    const bearer = { headers: { authorization: `Bearer ${session}` } };
    const rigs = { url: `${worker}/rigs`, init: bearer };
    const convoys = { url: `${worker}/convoys`, init: bearer };
    const procedure = { url: `${url}/api/trpc/rigs.list`, init: cookie };
    const page = { url: `${url}/gastown`, init: cookie };
    this.kinds = [rigs, convoys, procedure, rigs, convoys, procedure, page, procedure];
  }

  async run(requests: number): Promise<{ seconds: number }> {
    const began = performance.now();
    let left = requests;
    const ask = async () => {
      while (left-- > 0) {
        const { url, init } = this.kinds[left % this.kinds.length]!;
        const answer = await fetch(url, init);
        await answer.arrayBuffer();
        assert.equal(answer.status, 200, url);
      }
    };
    await Promise.all(Array.from({ length: AT_ONCE }, ask));
    return { seconds: (performance.now() - began) / 1000 };
  }
}
