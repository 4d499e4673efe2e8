import { run } from '@gastown/gates/server';
import { dispatcherApp } from './app.ts';
import { Runs } from './runs.ts';

const runs = new Runs(process.env.WORKER_URL ?? 'http://localhost:4001');
await run('dispatcher', dispatcherApp(runs), Number(process.env.DISPATCHER_PORT ?? 4002), () => runs.stopAll());
