import 'server-only';
import type { Problem } from '@gastown/gates/route';
import { TRPCError } from '@trpc/server';
import { notFound } from 'next/navigation';
import { dispatcherUrl, workerUrl } from './services.ts';
import type { Session } from './session.ts';

export interface Rig {
  name: string;
  repository: string;
}

export interface Run {
  id: string;
  task: string;
  merge: 'direct' | 'pr';
  step: number;
  steps: number;
  state: 'RUNNING' | 'MERGED' | 'ENDED' | 'FAILED';
  outcome?: string;
}

export const rigsOf = (session: Session) => ask<{ rigs: Rig[] }>(session, `${workerUrl()}/rigs`);
export const createRig = (session: Session, rig: Rig) => ask<Rig>(session, `${workerUrl()}/rigs`, rig);
export const convoysOf = (session: Session) => ask<{ convoys: { name: string; rigs: string[] }[] }>(session, `${workerUrl()}/convoys`);
export const runsOf = (session: Session) => ask<{ runs: Run[] }>(session, `${dispatcherUrl()}/runs`);
export const startRun = (session: Session, run: { task: string; steps?: number | undefined }) => ask<Run>(session, `${dispatcherUrl()}/runs`, run);

/** For pages: what another service does not find, as it may have heard of a kill a moment before this one, the page does not either. */
export async function orNotFound<T>(answer: Promise<T>): Promise<T> {
  return answer.catch((e: unknown) => {
    if (e instanceof TRPCError && e.code === 'NOT_FOUND') {
      notFound();
    }
    throw e;
  });
}

const CODES: Record<number, TRPCError['code']> = { 400: 'BAD_REQUEST', 401: 'UNAUTHORIZED', 403: 'FORBIDDEN', 404: 'NOT_FOUND' };

/** Asks another service for the one whose session it is; its problems become tRPC's errors. */
async function ask<T>({ token }: Session, url: string, body?: unknown): Promise<T> {
  const answer = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    cache: 'no-store',
  });
  if (!answer.ok) {
    const { detail } = (await answer.json()) as Problem;
    throw new TRPCError({ code: CODES[answer.status] ?? 'INTERNAL_SERVER_ERROR', message: detail });
  }
  return (await answer.json()) as T;
}
