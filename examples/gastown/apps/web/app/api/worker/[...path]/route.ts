import { forward, workerUrl } from '../../../../src/server/services.ts';
import { session } from '../../../../src/server/session.ts';

/** The worker's API for the browser: the cookie's session goes on as a bearer token. */
async function handler(request: Request, { params }: RouteContext<'/api/worker/[...path]'>): Promise<Response> {
  const { path } = await params;
  const { token } = await session();
  const body = request.method === 'GET' ? undefined : await request.text();
  return forward(`${workerUrl()}/${path.map(encodeURIComponent).join('/')}`, request, { authorization: `Bearer ${token}` }, body);
}

export { handler as GET, handler as POST };
