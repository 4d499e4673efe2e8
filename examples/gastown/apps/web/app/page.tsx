import { Agents } from '../src/client/agents.tsx';
import { Surfaces } from '../src/client/surfaces.tsx';
import { session } from '../src/server/session.ts';

export default async function ControlRoom() {
  const { subject } = await session();
  return (
    <>
      <h1>Control room</h1>
      {subject.user === '' ? (
        <p className="lead">You are a guest. Choose at the top right who you are.</p>
      ) : (
        <p className="lead">
          One flag, <code>gastown</code>, guards six kinds of surface. Try what each of them does for{' '}
          <b>{subject.org === undefined ? subject.user : `${subject.user} of ${subject.org}`}</b>.
        </p>
      )}
      <Surfaces key={subject.user} />
      <Agents key={`${subject.user}'s agents`} />
    </>
  );
}
