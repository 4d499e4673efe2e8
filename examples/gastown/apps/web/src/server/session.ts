import 'server-only';
import { Sessions, type Subject } from '@gastown/gates';
import { cookies } from 'next/headers';

export const COOKIE = 'gastown-session';

/** In place of a login: who this demo can be. */
export const PEOPLE = {
  ada: { user: 'ada', org: 'acme', admin: false },
  eve: { user: 'eve', org: 'evil', admin: false },
  root: { user: 'root', admin: true },
} as const satisfies Record<string, Subject>;

const GUEST: Subject = { user: '', admin: false };

/** Who asks; a guest, to whom only what is open to everybody is, without a session. */
export interface Session {
  subject: Subject;
  /** To be shown to the other services. */
  token: string;
}

export async function session(): Promise<Session> {
  const token = (await cookies()).get(COOKIE)?.value ?? '';
  return { subject: (await new Sessions().subject(token)) ?? GUEST, token };
}
