import { createRemoteJWKSet, jwtVerify, type JWTVerifyGetKey } from 'jose';
import { factsOf, type FlagFacts } from './gate.ts';
import { type Ledger, ledgerFrom } from './ledger.ts';
import type { Subject } from './subject.ts';

/** That a subject was let in: see docs/admissions.md. */
export interface Admission {
  environment: string;
  flag: string;
  variant: string;
  subject: Subject;
  /** The last event that the decision took into account. */
  sequence: number;
  expiresAt: Date;
}

/** What has become of an admission. */
export type Standing = 'CONTINUES' | 'AHEAD' | 'EXPIRED' | 'KILLED' | 'ARCHIVED' | 'FOREIGN';

/** Believes tokens that are signed with these keys, for this environment. */
export class Admissions {
  constructor(
    private readonly keys: JWTVerifyGetKey,
    private readonly environment: string,
  ) {}

  /** With the keys that the ledger publishes, which are fetched once, and again only when a token names another. */
  static of({ url, environment, token }: Ledger = ledgerFrom()): Admissions {
    const keys = createRemoteJWKSet(new URL(`${url}/api/v1/environments/${environment}/admission-keys`), {
      headers: { authorization: `Bearer ${token}` },
      cacheMaxAge: Number.POSITIVE_INFINITY,
    });
    return new Admissions(keys, environment);
  }

  /** The admission that a token holds; throws jose's errors where it is not to be believed. */
  async verify(token: string): Promise<Admission> {
    const { payload } = await jwtVerify<Claims>(token, this.keys, {
      algorithms: ['ES256'],
      typ: 'flag-admission+jwt',
      issuer: 'flag-ledger',
      audience: this.environment,
      requiredClaims: ['env', 'flag', 'variant', 'seq', 'exp', 'iat'],
      clockTolerance: 30,
    });
    const { sub, org, admin, env, flag, variant, seq, exp } = payload;
    return {
      environment: env,
      flag,
      variant,
      subject: { user: sub ?? '', admin, ...(org === undefined ? {} : { org }) },
      sequence: seq,
      expiresAt: new Date(exp * 1000),
    };
  }
}

/** What has become of an admission, as far as this process knows. Answered from its own flags. */
export async function standing(admission: Admission, now = new Date()): Promise<Standing> {
  if (admission.environment !== ledgerFrom().environment) {
    return 'FOREIGN';
  }
  if (now >= admission.expiresAt) {
    return 'EXPIRED';
  }
  const facts = await factsOf(admission.flag);
  // Nobody is admitted while all access is killed, or after the end. So where a flag stands like that since an event that the
  // admission already knew, this process has yet to hear of what came between, and nothing here can end it.
  if (facts === undefined || (isOver(facts) && facts.sequence <= admission.sequence)) {
    return 'AHEAD';
  }
  if (facts.archived) {
    return 'ARCHIVED';
  }
  return facts.killSwitch === 'ALL_ACCESS' ? 'KILLED' : 'CONTINUES';
}

/** Whether what was admitted goes on. Once told that it does not, drop the admission. */
export function continues(standing: Standing): boolean {
  return standing === 'CONTINUES' || standing === 'AHEAD';
}

function isOver({ archived, killSwitch }: FlagFacts): boolean {
  return archived || killSwitch === 'ALL_ACCESS';
}

interface Claims {
  sub?: string;
  org?: string;
  admin: boolean;
  env: string;
  flag: string;
  variant: string;
  seq: number;
  exp: number;
}
