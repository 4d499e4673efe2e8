import 'server-only';

/** Where the other services of the stack are. */
export const workerUrl = () => process.env.WORKER_URL ?? 'http://localhost:4001';
export const dispatcherUrl = () => process.env.DISPATCHER_URL ?? 'http://localhost:4002';

/** Hands a request on, and its answer back as it comes: an event stream stays one. */
export async function forward(to: string, request: Request, headers: HeadersInit, body?: BodyInit): Promise<Response> {
  const answer = await fetch(to, {
    method: request.method,
    headers: { ...kept(request.headers, 'accept', 'content-type', 'if-none-match', 'last-event-id'), ...headers },
    ...(body === undefined ? {} : { body }),
    cache: 'no-store',
  });
  const back = kept(answer.headers, 'content-type', 'cache-control', 'etag', 'retry-after');
  return new Response(answer.body, { status: answer.status, headers: back });
}

function kept(headers: Headers, ...names: string[]): Record<string, string> {
  return Object.fromEntries(names.flatMap((name) => {
    const value = headers.get(name);
    return value === null ? [] : [[name, value]];
  }));
}
