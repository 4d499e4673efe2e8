import { choose, isOpen } from '@gastown/gates';
import { pageGate } from '@gastown/gates/page';
import { NewRig } from '../../src/client/newrig.tsx';
import { session } from '../../src/server/session.ts';
import { orNotFound, rigsOf } from '../../src/server/stack.ts';

export default async function GasTown() {
  const mine = await session();
  await pageGate('gastown', mine.subject);
  const [{ rigs }, merge, several] = await Promise.all([
    orNotFound(rigsOf(mine)),
    choose('gastown.merge-strategy', mine.subject, ['direct', 'pr']),
    isOpen('gastown.multi-rig', mine.subject),
  ]);
  return (
    <>
      <h1>Gas Town</h1>
      <dl className="facts">
        <div>
          <dt>Finished work</dt>
          <dd id="merge">{merge === 'pr' ? 'opens a pull request' : 'is merged directly'}</dd>
        </div>
        <div>
          <dt>Rigs</dt>
          <dd id="several">{several ? 'as many as you like' : 'one'}</dd>
        </div>
      </dl>
      <h2>Rigs</h2>
      {rigs.length === 0 ? (
        <p className="quiet">None yet.</p>
      ) : (
        <ul className="list" id="rigs">
          {rigs.map(({ name, repository }) => (
            <li key={name}>
              <b>{name}</b> <span>{repository}</span>
            </li>
          ))}
        </ul>
      )}
      <NewRig />
    </>
  );
}
