'use client';

import { useEffect, useState } from 'react';
import type { Run } from '../server/stack.ts';
import { trpc } from './trpc.ts';

const EVERY_MILLIS = 500;

/** The agents of the one who is signed in, and how far they are. */
export function Agents() {
  const [runs, setRuns] = useState<Run[]>([]);
  useEffect(() => {
    let stopped = false;
    let timer: ReturnType<typeof setTimeout>;
    const look = async () => {
      const answer = await trpc.runs.list.query().catch(() => undefined);
      if (stopped) {
        return;
      }
      if (answer !== undefined) {
        setRuns(answer.runs);
      }
      timer = setTimeout(look, EVERY_MILLIS);
    };
    void look();
    return () => {
      stopped = true;
      clearTimeout(timer);
    };
  }, []);
  return (
    <section aria-label="Agents">
      <h2>Your agents</h2>
      {runs.length === 0 ? (
        <p className="quiet">None. An agent that was let in goes on while new ones are refused, until all access is killed.</p>
      ) : (
        <table>
          <thead>
            <tr>
              <th>Agent</th>
              <th>Task</th>
              <th>Steps</th>
              <th>Merges</th>
              <th>State</th>
            </tr>
          </thead>
          <tbody>
            {runs.map(({ id, task, step, steps, merge, state, outcome }) => (
              <tr key={id} id={`run-${id}`} data-state={state} data-step={step}>
                <td>
                  <code>{id}</code>
                </td>
                <td>{task}</td>
                <td>
                  <progress max={steps} value={step} /> {step} of {steps}
                </td>
                <td>{merge === 'pr' ? 'by pull request' : 'directly'}</td>
                <td>
                  <em>{state.toLowerCase()}</em> {outcome?.toLowerCase()}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}
