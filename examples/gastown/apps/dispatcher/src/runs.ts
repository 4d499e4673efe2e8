import { fork, type ChildProcess } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { fileURLToPath } from 'node:url';
import type { Subject } from '@gastown/gates';

const CONTAINER = fileURLToPath(new URL('container.mjs', import.meta.url));
const KEPT = 100;

export type MergeStrategy = 'direct' | 'pr';

/** An agent's work, from its admission to its end. */
export interface Run {
  id: string;
  task: string;
  owner: string;
  merge: MergeStrategy;
  steps: number;
  step: number;
  state: 'RUNNING' | 'MERGED' | 'ENDED' | 'FAILED';
  /** What it came to. */
  outcome?: string;
}

export interface Work {
  task: string;
  merge: MergeStrategy;
  steps: number;
  stepMillis: number;
}

/** Starts a container for each run, and keeps what became of it. */
export class Runs {
  private readonly runs: Run[] = [];
  private readonly containers = new Map<string, ChildProcess>();

  constructor(private readonly workerUrl: string) {}

  /** Newest first. */
  of({ user }: Subject): Run[] {
    return this.runs.filter(({ owner }) => owner === user);
  }

  start({ user }: Subject, admission: string, { task, merge, steps, stepMillis }: Work): Run {
    const run: Run = { id: randomUUID().slice(0, 8), task, owner: user, merge, steps, step: 0, state: 'RUNNING' };
    this.runs.splice(0, 0, run);
    this.runs.length = Math.min(this.runs.length, KEPT);
    const container = fork(CONTAINER, {
      execArgv: [],
      env: {
        PATH: process.env.PATH,
        WORKER_URL: this.workerUrl,
        ADMISSION: admission,
        STEPS: String(steps),
        STEP_MILLIS: String(stepMillis),
      },
    });
    this.containers.set(run.id, container);
    container.on('message', (said: { step: number; refused?: string }) => {
      run.step = said.step;
      if (said.refused !== undefined) {
        run.state = 'ENDED';
        run.outcome = said.refused;
      }
    });
    container.on('exit', (code, signal) => {
      this.containers.delete(run.id);
      if (run.state === 'RUNNING') {
        run.state = code === 0 ? 'MERGED' : 'FAILED';
        run.outcome =
          code !== 0 ? `exit ${code ?? signal}` : merge === 'pr' ? 'opened a pull request' : 'merged into main';
      }
    });
    return run;
  }

  stopAll(): void {
    this.containers.forEach((container) => container.kill());
  }
}
