import type { EvaluationContext } from '@openfeature/server-sdk';

/** Who asks. Take it from a session or a verified token, never from something that a client may set. */
export interface Subject {
  user: string;
  org?: string;
  admin: boolean;
}

/** The subject in OpenFeature's words. */
export function contextOf({ user, org, admin }: Subject): EvaluationContext {
  return { targetingKey: user, admin, ...(org === undefined ? {} : { orgId: org }) };
}
