import { contextOf, ledgerFrom } from '@gastown/gates';
import { forward } from '../../../src/server/services.ts';
import { session } from '../../../src/server/session.ts';

/**
 * OFREP for the browser, from the ledger. The browser has no token of the ledger, and asks for nobody but the one whose
 * session it is, whatever context it sends.
 */
async function handler(request: Request, { params }: RouteContext<'/ofrep/[...path]'>): Promise<Response> {
  const { path } = await params;
  const ledger = ledgerFrom();
  const url = `${ledger.url}/ofrep/${path.map(encodeURIComponent).join('/')}${new URL(request.url).search}`;
  if (request.method === 'GET') {
    return forward(url, request, {}); // the stream, which has a token of its own in its address
  }
  const headers = { authorization: `Bearer ${ledger.token}`, 'x-ledger-environment': ledger.environment };
  const { subject } = await session();
  return forward(url, request, headers, JSON.stringify({ context: contextOf(subject) }));
}

export { handler as GET, handler as POST };
