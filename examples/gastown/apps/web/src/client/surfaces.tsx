'use client';

import type { Problem } from '@gastown/gates/route';
import { useEffect, useRef, useState } from 'react';
import { SETTLED_MILLIS, useLive } from './live.tsx';
import { called, closed, opened, type Outcome } from './outcome.ts';
import { trpc } from './trpc.ts';

interface Surface {
  id: string;
  title: string;
  about: string;
  /** Whether trying it leaves something behind. */
  acts?: true;
  attempt: () => Promise<Outcome>;
}

let made = 0;
const next = () => `${Date.now().toString(36)}${made++}`;

const SURFACES: Surface[] = [
  {
    id: 'page',
    title: 'Page',
    about: 'Next.js server component: 404 where it is dark',
    attempt: async () => {
      const answer = await fetch('/gastown', { headers: { accept: 'text/html' }, cache: 'no-store' });
      return answer.ok ? opened(`GET /gastown: ${answer.status}`) : closed(`GET /gastown: ${answer.status}`);
    },
  },
  {
    id: 'nav',
    title: 'Navigation item',
    about: 'Not rendered where it is dark; follows live',
    attempt: async () =>
      document.querySelector('nav a[href="/gastown"]') === null
        ? closed('there is no item “Gas Town” above')
        : opened('there is an item “Gas Town” above'),
  },
  {
    id: 'procedure',
    title: 'Procedure',
    about: 'tRPC query: NOT_FOUND where it is dark',
    attempt: () => called(trpc.rigs.list.query(), ({ rigs }) => `rigs.list: ${rigs.length === 1 ? '1 rig' : `${rigs.length} rigs`}`),
  },
  {
    id: 'route',
    title: 'Route',
    about: 'HTTP API of the worker: a 404 problem where it is dark',
    attempt: async () => {
      const answer = await fetch('/api/worker/rigs', { cache: 'no-store' });
      if (answer.ok) {
        return opened(`GET /rigs: ${answer.status}`);
      }
      const { status, title, detail } = (await answer.json()) as Problem;
      return closed(detail, `${status} ${title}`);
    },
  },
  {
    id: 'creation',
    title: 'Creation',
    about: 'A check before something is made: refused with a reason',
    acts: true,
    attempt: () =>
      called(trpc.rigs.create.mutate({ name: `rig-${next()}`, repository: 'acme/town' }), ({ name }) => `created ${name}`),
  },
  {
    id: 'dispatch',
    title: 'Dispatch',
    about: 'A container for an agent: refused, or admitted until its work is done',
    acts: true,
    attempt: () => called(trpc.runs.dispatch.mutate({ task: 'fix the gates' }), ({ id }) => `agent ${id} runs`),
  },
];

/** The six kinds of surface behind the flag, and what each answers when it is tried. */
export function Surfaces() {
  const [outcomes, setOutcomes] = useState<Record<string, Outcome & { at: number }>>({});
  const attempt = async ({ id, attempt }: Surface) => {
    const at = Date.now();
    const outcome = await attempt().catch((e: unknown) => closed(`failed: ${e instanceof Error ? e.message : e}`));
    setOutcomes((before) => ({ ...before, [id]: { ...outcome, at } }));
  };

  const [busy, setBusy] = useState(false);
  const attemptAll = async () => {
    setBusy(true);
    await Promise.all(SURFACES.map(attempt));
    setBusy(false);
  };

  // What was tried before the flags changed is no longer known: reads are done again, actions wait for the button.
  const { changedAt } = useLive();
  const tried = useRef(outcomes);
  tried.current = outcomes;
  useEffect(() => {
    const again = setTimeout(() => {
      const old = SURFACES.filter(({ id }) => (tried.current[id]?.at ?? Number.POSITIVE_INFINITY) < changedAt);
      const unknown = old.filter(({ acts }) => acts).map(({ id }) => id);
      setOutcomes((before) => Object.fromEntries(Object.entries(before).filter(([id]) => !unknown.includes(id))));
      old.filter(({ acts }) => !acts).forEach((surface) => void attempt(surface));
    }, SETTLED_MILLIS);
    return () => clearTimeout(again);
  }, [changedAt]);

  return (
    <section aria-label="Surfaces">
      <div className="bar">
        <h2>Surfaces</h2>
        <button className="primary" id="all" disabled={busy} onClick={() => void attemptAll()}>
          Try all six
        </button>
      </div>
      <ul className="board">
        {SURFACES.map((surface) => {
          const outcome = outcomes[surface.id];
          const state = outcome === undefined ? 'untried' : outcome.open ? 'open' : 'closed';
          return (
            <li key={surface.id} id={surface.id} data-state={state}>
              <h3>
                {surface.title} <em>{state}</em>
              </h3>
              <p>{surface.about}</p>
              <output>
                {outcome?.code && <code>{outcome.code}</code>} {outcome?.says}
              </output>
              <button onClick={() => void attempt(surface)}>Try</button>
            </li>
          );
        })}
      </ul>
    </section>
  );
}
