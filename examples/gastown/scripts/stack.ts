import { type ChildProcess, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { Ledger } from '@gastown/gates';

const HERE = fileURLToPath(new URL('..', import.meta.url));
const NEXT = createRequire(new URL('../apps/web/package.json', import.meta.url)).resolve('next/dist/bin/next');
const PATIENCE = 60_000;
const GRACE = 3_000;

export interface Ports {
  web: number;
  worker: number;
  dispatcher: number;
}

/** The three services as processes of their own, with one secret for their sessions. */
export class Stack {
  private readonly processes = new Map<string, ChildProcess>();
  readonly url: string;
  readonly worker: string;

  /** @param onEnd told when a service ends by itself, which it should not */
  private constructor(
    ports: Ports,
    private readonly onEnd: (service: string) => void,
  ) {
    this.url = `http://localhost:${ports.web}`;
    this.worker = `http://127.0.0.1:${ports.worker}`;
  }

  static async start(ledger: Ledger, ports: Ports, onEnd: (service: string) => void): Promise<Stack> {
    const stack = new Stack(ports, onEnd);
    const env = {
      ...process.env,
      NEXT_TELEMETRY_DISABLED: '1',
      LEDGER_URL: ledger.url,
      LEDGER_FLAGD: ledger.flagd,
      LEDGER_ENVIRONMENT: ledger.environment,
      LEDGER_TOKEN: ledger.token,
      SESSION_SECRET: randomBytes(24).toString('hex'),
      WORKER_PORT: String(ports.worker),
      WORKER_URL: stack.worker,
      DISPATCHER_PORT: String(ports.dispatcher),
      DISPATCHER_URL: `http://127.0.0.1:${ports.dispatcher}`,
    };
    stack.spawn('worker', ['--import', 'tsx', 'apps/worker/src/main.ts'], env);
    stack.spawn('dispatcher', ['--import', 'tsx', 'apps/dispatcher/src/main.ts'], env);
    stack.spawn('web', [NEXT, 'start', 'apps/web', '-H', '127.0.0.1', '-p', String(ports.web)], env);
    try {
      await Promise.all([
        answers(`${stack.worker}/healthz`),
        answers(`http://127.0.0.1:${ports.dispatcher}/healthz`),
        answers(`http://127.0.0.1:${ports.web}/`),
      ]);
    } catch (e) {
      await stack.stop();
      throw e;
    }
    return stack;
  }

  private spawn(name: string, args: string[], env: NodeJS.ProcessEnv): void {
    const child = spawn(process.execPath, args, { cwd: HERE, env, stdio: ['ignore', 'inherit', 'inherit'] });
    this.processes.set(name, child);
    child.on('exit', () => {
      if (this.processes.delete(name)) {
        this.onEnd(name);
      }
    });
  }

  /** Ends all of them, and waits until they have. */
  async stop(): Promise<void> {
    const ending = [...this.processes.values()];
    this.processes.clear();
    await Promise.all(
      ending.map(async (child) => {
        if (child.exitCode !== null || child.signalCode !== null) {
          return;
        }
        const ended = new Promise((resolve) => child.once('exit', resolve));
        child.kill('SIGTERM');
        const forced = setTimeout(() => child.kill('SIGKILL'), GRACE);
        await ended;
        clearTimeout(forced);
      }),
    );
  }
}

/** Waits until somebody answers there, and well. */
export async function answers(url: string, patience = PATIENCE): Promise<void> {
  const deadline = Date.now() + patience;
  for (;;) {
    const answer = await fetch(url).catch((e: unknown) => e);
    if (answer instanceof Response && answer.ok) {
      return;
    }
    if (Date.now() > deadline) {
      throw new Error(`${url} does not answer: ${answer instanceof Response ? answer.status : answer}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
