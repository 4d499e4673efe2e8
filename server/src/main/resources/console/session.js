// Who asks: the token that is sent with each request, where it comes from and when it is gone.

const KEPT = 'flag-ledger.token';
const told = new EventTarget();
const windows = new BroadcastChannel('flag-ledger.session');
let refused = null;
let token = fromFragment() ?? sessionStorage.getItem(KEPT) ?? localStorage.getItem(KEPT);

/** `http://localhost:8080/#token=…`, as `ledger up` prints it. It is taken out of the address at once. */
function fromFragment() {
  const given = new URLSearchParams(location.hash.slice(1)).get('token');
  if (given) {
    history.replaceState(null, '', location.pathname + location.search);
    sessionStorage.removeItem(KEPT);
    localStorage.setItem(KEPT, given);
  }
  return given;
}

/** null while nobody is signed in. */
export function currentToken() {
  return token;
}

/**
 * Signs in, here and in the windows of this browser that wait for it.
 *
 * @param {{lasting?: boolean}} how with `lasting`, for new windows and after a restart of the browser as well
 */
export function keepToken(given, { lasting = false } = {}) {
  adopt(given, lasting);
  windows.postMessage({ given, lasting });
}

/** Signs out in all windows of this browser. */
export function signOut() {
  adopt(null);
  windows.postMessage({ given: null });
}

/** The server does not take a request's token. A token that came meanwhile is not touched. */
export function tokenRefused(sent) {
  if (sent === token) {
    refused = token;
    told.dispatchEvent(new Event('signed-out'));
  }
}

/** @param {'signed-in' | 'signed-out'} what */
export function onSession(what, listener, signal) {
  told.addEventListener(what, listener, { signal });
}

function adopt(given, lasting) {
  sessionStorage.removeItem(KEPT);
  localStorage.removeItem(KEPT);
  token = given;
  refused = null;
  if (given !== null) {
    (lasting ? localStorage : sessionStorage).setItem(KEPT, given);
  }
  told.dispatchEvent(new Event(given === null ? 'signed-out' : 'signed-in'));
}

windows.addEventListener('message', ({ data: { given, lasting } }) => {
  if (given === null || token === null || token === refused) {
    adopt(given, lasting);
  }
});
