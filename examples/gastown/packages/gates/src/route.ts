import type { Context, MiddlewareHandler } from 'hono';
import { isOpen, reasonOf } from './gate.ts';
import type { Subject } from './subject.ts';

/** Of RFC 9457. */
export interface Problem {
  status: number;
  title: string;
  detail: string;
}

/** Answers with a problem, which nobody is to cache: the next change of the flag makes it wrong. */
export function problem(status: 400 | 401 | 403 | 404 | 503, title: string, detail: string): Response {
  return Response.json({ status, title, detail } satisfies Problem, {
    status,
    headers: { 'content-type': 'application/problem+json', 'cache-control': 'no-store' },
  });
}

/** Route of an HTTP API: a dark one is a 404 problem that tells of no flag. */
export function hidingRoute(flag: string, subject: (context: Context) => Subject): MiddlewareHandler {
  return async (context, next) => {
    if (await isOpen(flag, subject(context))) {
      return next();
    }
    return problem(404, 'Not found', `There is nothing at ${context.req.path}.`);
  };
}

/** Route that is known to be there: a 403 problem, with a reason for the person. */
export function refusingRoute(flag: string, subject: (context: Context) => Subject, what: string): MiddlewareHandler {
  return async (context, next) => {
    if (await isOpen(flag, subject(context))) {
      return next();
    }
    return problem(403, 'Not open', await reasonOf(flag, subject(context), what));
  };
}
