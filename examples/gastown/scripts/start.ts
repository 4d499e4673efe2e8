import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { ledgerFrom } from '@gastown/gates';
import { build } from './build.ts';
import { answers, Stack } from './stack.ts';
import { asEvaluator } from './token.ts';

const PROJECT = fileURLToPath(new URL('../../..', import.meta.url));
const BUILDING_AND_STARTING = 300_000;
const { WEB_PORT = '3000', WORKER_PORT = '4001', DISPATCHER_PORT = '4002' } = process.env;

const ledger = ledgerFrom();
const ports = { web: Number(WEB_PORT), worker: Number(WORKER_PORT), dispatcher: Number(DISPATCHER_PORT) };
let up: ChildProcess | undefined;
let stack: Stack | undefined;

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void end(0));
}
try {
  if (!(await isReady())) {
    if (!process.argv.includes('--up')) {
      throw new Error(
        `no ledger is ready at ${ledger.url}: start one with \`./ledger up --demo\`, or name it with LEDGER_URL; \`npm run up\` does both`,
      );
    }
    up = spawn('./ledger', ['up', '--demo'], { cwd: PROJECT, stdio: ['ignore', 'inherit', 'inherit'] });
    up.on('exit', () => void end(1));
    await answers(`${ledger.url}/readyz`, BUILDING_AND_STARTING);
  }
  build();
  stack = await Stack.start(asEvaluator(ledger), ports, (service) => {
    console.error(`${service} has ended, and so all of it does`);
    void end(1);
  });
  console.log(`\nGas Town is at ${stack.url}, and its flags at ${ledger.url}. Ctrl-C stops it.`);
} catch (e) {
  console.error(e instanceof Error ? e.message : e);
  await end(1);
}

async function isReady(): Promise<boolean> {
  const answer = await fetch(`${ledger.url}/readyz`).catch(() => undefined);
  return answer?.ok === true;
}

async function end(status: number): Promise<never> {
  await stack?.stop();
  up?.removeAllListeners('exit').kill('SIGTERM');
  process.exit(status);
}
