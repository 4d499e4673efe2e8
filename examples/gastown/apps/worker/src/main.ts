import { Admissions } from '@gastown/gates';
import { run } from '@gastown/gates/server';
import { workerApp } from './app.ts';

await run('worker', workerApp(Admissions.of()), Number(process.env.WORKER_PORT ?? 4001));
