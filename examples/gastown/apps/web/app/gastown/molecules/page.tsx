import { pageGate } from '@gastown/gates/page';
import { session } from '../../../src/server/session.ts';

export default async function Molecules() {
  await pageGate('gastown.molecules', (await session()).subject);
  return (
    <>
      <h1>Molecules</h1>
      <p className="lead">Steps of work that are written down once and bonded into bigger ones.</p>
      <p className="quiet">None yet.</p>
    </>
  );
}
