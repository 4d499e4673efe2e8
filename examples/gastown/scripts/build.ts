import { spawnSync } from 'node:child_process';
import { readdirSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const BUILT = 'apps/web/.next/BUILD_ID';
const SOURCES = ['apps/web/app', 'apps/web/src', 'apps/web/next.config.ts', 'packages/gates/src', 'package-lock.json'];

/** Builds the web application, unless nothing has changed since that was done last. */
export function build(): void {
  if (SOURCES.every((path) => newest(path) < newest(BUILT))) {
    return;
  }
  console.log('building apps/web, which takes half a minute');
  const next = createRequire(new URL('../apps/web/package.json', import.meta.url)).resolve('next/dist/bin/next');
  const { status } = spawnSync(process.execPath, [next, 'build', 'apps/web'], {
    cwd: HERE,
    env: { ...process.env, NEXT_TELEMETRY_DISABLED: '1', NODE_ENV: 'production' },
    stdio: 'inherit',
  });
  if (status !== 0) {
    throw new Error('apps/web was not built');
  }
}

function newest(path: string): number {
  const at = statSync(join(HERE, path), { throwIfNoEntry: false });
  return at?.isDirectory() === true
    ? Math.max(...readdirSync(join(HERE, path)).map((name) => newest(join(path, name))))
    : (at?.mtimeMs ?? 0);
}
