import { pageGate } from '@gastown/gates/page';
import { session } from '../../../src/server/session.ts';
import { convoysOf, orNotFound } from '../../../src/server/stack.ts';

export default async function Convoys() {
  const mine = await session();
  await pageGate('gastown.convoys', mine.subject);
  const { convoys } = await orNotFound(convoysOf(mine));
  return (
    <>
      <h1>Convoys</h1>
      <p className="lead">Work that goes through several rigs, one after the other.</p>
      {convoys.length === 0 ? (
        <p className="quiet">None yet: a convoy needs a rig.</p>
      ) : (
        <ul className="list">
          {convoys.map(({ name, rigs }) => (
            <li key={name}>
              <b>{name}</b> <span>{rigs.join(' → ')}</span>
            </li>
          ))}
        </ul>
      )}
    </>
  );
}
