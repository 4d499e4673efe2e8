import { jwtVerify, SignJWT } from 'jose';
import type { Subject } from './subject.ts';

const LASTS = '8h';

/** Sessions: who somebody is, signed, so that the next service need not believe a bare header. */
export class Sessions {
  private readonly secret: Uint8Array;

  constructor(secret = process.env.SESSION_SECRET ?? '') {
    if (secret.length < 32) {
      throw new Error('SESSION_SECRET has 32 characters or more, the same for all services of the stack');
    }
    this.secret = new TextEncoder().encode(secret);
  }

  sign({ user, org, admin }: Subject): Promise<string> {
    return new SignJWT({ admin, ...(org === undefined ? {} : { org }) })
      .setProtectedHeader({ alg: 'HS256', typ: 'JWT' })
      .setSubject(user)
      .setIssuedAt()
      .setExpirationTime(LASTS)
      .sign(this.secret);
  }

  /** Who a session is of; nobody, if it is not to be believed. */
  async subject(token: string | undefined): Promise<Subject | undefined> {
    try {
      const { payload } = await jwtVerify<{ org?: string; admin?: boolean }>(token ?? '', this.secret, {
        algorithms: ['HS256'],
      });
      const { sub, org, admin } = payload;
      return sub === undefined ? undefined : { user: sub, admin: admin === true, ...(org === undefined ? {} : { org }) };
    } catch {
      return undefined;
    }
  }
}

/** The token of a header `Authorization: Bearer TOKEN`. */
export function bearer(authorization: string | undefined): string | undefined {
  return authorization?.match(/^Bearer +(\S+)$/i)?.[1];
}
