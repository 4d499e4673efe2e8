// Which address shows what. The environment stands in the query unless it is the instance's own, so any link can be shared.

/** In the order of the navigation; `path` may end in one `:name`. Each is a module in views/ that is loaded when it is first shown. */
export const ROUTES = [
  { view: 'flags', path: '/flags', title: 'Flags', key: 'f', load: () => import('./views/flags.js') },
  { view: 'flag', path: '/flags/:key', under: 'flags', load: () => import('./views/flag.js') },
  { view: 'time', path: '/time', title: 'Time machine', key: 't', load: () => import('./views/time.js') },
  { view: 'who', path: '/who', title: 'Who gets it?', key: 'w', load: () => import('./views/who.js') },
  { view: 'audit', path: '/audit', title: 'Audit', key: 'a', load: () => import('./views/audit.js') },
  { view: 'health', path: '/health', title: 'Health', key: 'h', load: () => import('./views/health.js') },
];

const changed = new EventTarget();

/** The route of an address: {route, params, query}. An address that is not known has no route. */
export function routeOf(url = location) {
  const path = url.pathname === '/' ? '/flags' : url.pathname.replace(/\/$/, '');
  const query = new URLSearchParams(url.search);
  for (const route of ROUTES) {
    const params = paramsOf(route.path, path);
    if (params) {
      return { route, params, query };
    }
  }
  return { route: null, params: {}, query };
}

function paramsOf(pattern, path) {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  const params = {};
  const fits = (part, at) => {
    if (part.startsWith(':') && given[at]) {
      params[part.slice(1)] = decoded(given[at]);
      return true;
    }
    return part === given[at];
  };
  return wanted.length === given.length && wanted.every(fits) ? params : null;
}

function decoded(text) {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // a stray percent sign
  }
}

/** An address of this page, in the environment that is shown unless `query.environment` says another ('' is the instance's own). */
export function href(path, query = {}) {
  const environment = query.environment ?? new URLSearchParams(location.search).get('environment') ?? '';
  const all = Object.entries({ ...query, environment }).filter(([, value]) => value !== undefined && value !== null && value !== '');
  return all.length > 0 ? `${path}?${new URLSearchParams(all)}` : path;
}

export function flagHref(key, query) {
  return href(`/flags/${encodeURIComponent(key)}`, query);
}

/** Shows an address. With `replace`, the one shown now can't be gone back to: right for what is typed or dragged. */
export function go(address, { replace = false } = {}) {
  const target = new URL(address, location);
  if (target.href !== location.href) {
    history[replace ? 'replaceState' : 'pushState'](null, '', target);
  }
  changed.dispatchEvent(new CustomEvent('change', { detail: { replace } }));
}

/** Tells `listener({back, replace})` whenever another address is shown, by a link, by `go`, or by back and forward. */
export function onRoute(listener, signal) {
  window.addEventListener('popstate', () => listener({ back: true, replace: false }), { signal });
  changed.addEventListener('change', (event) => listener({ back: false, ...event.detail }), { signal });
  document.addEventListener('click', followed, { signal });
}

/** Links of this page are followed without a reload; those with a modifier key, a target or a download are the browser's. */
function followed(event) {
  const link = event.target.closest?.('a[href]');
  if (!link || event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) {
    return;
  }
  const url = new URL(link.href);
  const within = url.origin === location.origin && !link.target && !link.hasAttribute('download') && routeOf(url).route;
  if (within && !(url.hash && url.pathname === location.pathname && url.search === location.search)) {
    event.preventDefault();
    go(url);
  }
}
