// What a role includes. The server decides; this only keeps the page from offering what it would refuse.

const INCLUDES = {
  admin: ['admin', 'editor', 'killer', 'viewer'],
  editor: ['editor', 'killer', 'viewer'],
  killer: ['killer', 'viewer'],
  viewer: ['viewer'],
};

/**
 * @param me as the server tells; null where there is no sign-in, and everybody may do everything
 * @param {'viewer' | 'killer' | 'editor' | 'admin'} role
 */
export function mayDo(me, environment, role) {
  if (me === null) {
    return true;
  }
  const granted = [...(me.environments?.['*'] ?? []), ...(me.environments?.[environment] ?? [])];
  return granted.some((held) => INCLUDES[held]?.includes(role));
}
