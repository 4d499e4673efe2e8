// Sign-in at an OpenID provider: the authorization code flow with PKCE (RFC 7636), by redirect.

import { keepToken } from './session.js';

const UNDER_WAY = 'flag-ledger.sign-in';
const RETURN = '/sign-in';

/** Leaves for the provider, which sends the browser back to {@link finish}. */
export async function signInAt({ authorizationEndpoint, tokenEndpoint, clientId, scope = 'openid' }) {
  const [state, verifier] = [random(), random()];
  const back = location.pathname === RETURN ? '/flags' : location.pathname + location.search;
  sessionStorage.setItem(UNDER_WAY, JSON.stringify({ state, verifier, tokenEndpoint, clientId, back }));
  const url = new URL(authorizationEndpoint);
  const asked = {
    response_type: 'code',
    client_id: clientId,
    redirect_uri: location.origin + RETURN,
    scope,
    state,
    code_challenge: base64url(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(verifier))),
    code_challenge_method: 'S256',
  };
  Object.entries(asked).forEach(([name, value]) => url.searchParams.set(name, value));
  location.assign(url);
}

/** Back from the provider: trades the code for a token. Answers the address that one came from. */
export async function finish() {
  const given = new URLSearchParams(location.search);
  const begun = JSON.parse(sessionStorage.getItem(UNDER_WAY) ?? 'null');
  sessionStorage.removeItem(UNDER_WAY);
  if (given.has('error')) {
    throw new Error(`The provider refused: ${given.get('error_description') ?? given.get('error')}`);
  }
  if (begun === null || !given.has('code') || given.get('state') !== begun.state) {
    throw new Error('This sign-in was not begun in this window. Begin again.');
  }
  const answer = await fetch(begun.tokenEndpoint, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      code: given.get('code'),
      redirect_uri: location.origin + RETURN,
      client_id: begun.clientId,
      code_verifier: begun.verifier,
    }),
  }).catch(() => {
    throw new Error('The provider can’t be reached from this page. Does it allow this origin (CORS)?');
  });
  const body = await answer.json().catch(() => ({}));
  if (!answer.ok || !body.access_token) {
    throw new Error(`The provider gave no token: ${body.error_description ?? body.error ?? answer.status}`);
  }
  keepToken(body.access_token);
  return begun.back;
}

function random() {
  return base64url(crypto.getRandomValues(new Uint8Array(32)));
}

function base64url(bytes) {
  return btoa(String.fromCharCode(...new Uint8Array(bytes))).replace(/[+]/g, '-').replace(/[/]/g, '_').replace(/=/g, '');
}
