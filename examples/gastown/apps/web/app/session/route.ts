import { Sessions } from '@gastown/gates';
import { cookies } from 'next/headers';
import { COOKIE, PEOPLE } from '../../src/server/session.ts';

/** In place of a login: makes the visitor one of the demo's people. */
export async function POST(request: Request): Promise<Response> {
  const who = String((await request.formData()).get('who'));
  if (!Object.hasOwn(PEOPLE, who)) {
    return new Response('There is nobody of that name here.', { status: 400 });
  }
  const token = await new Sessions().sign(PEOPLE[who as keyof typeof PEOPLE]);
  (await cookies()).set(COOKIE, token, { httpOnly: true, sameSite: 'lax', path: '/' });
  return new Response(null, { status: 303, headers: { location: '/' } });
}
