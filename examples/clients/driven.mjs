// What the tests drive: answers each line of JSON on standard input by one on standard output, and tells events as they come.
//   {"ask": [{"flag", "kind": "boolean|string|number|object", "context"}, …]}  ->  {"answers": [{"value", "variant", "reason", "error"?}, …]}
import { createInterface } from 'node:readline';
import { OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import * as providers from './providers.mjs';

const say = (message) => process.stdout.write(JSON.stringify(message) + '\n');

OpenFeature.setLogger({ error() {}, warn() {}, info() {}, debug() {} });
for (const event of Object.values(ProviderEvents)) {
  OpenFeature.addHandler(event, (details) => say({ event, flagsChanged: details?.flagsChanged ?? [], at: Date.now() }));
}
await OpenFeature.setProviderAndWait(providers[process.argv[2]]());
const client = OpenFeature.getClient();

const ways = {
  boolean: (flag, context) => client.getBooleanDetails(flag, false, context),
  string: (flag, context) => client.getStringDetails(flag, '', context),
  number: (flag, context) => client.getNumberDetails(flag, 0, context),
  object: (flag, context) => client.getObjectDetails(flag, {}, context),
};

async function answer({ flag, kind, context }) {
  const { value, variant, reason, errorCode, flagMetadata } = await ways[kind](flag, context);
  return { value, variant, reason, error: errorCode, revision: flagMetadata?.revision };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { ask } = JSON.parse(line);
  const answers = [];
  for (const question of ask) {
    answers.push(await answer(question));
  }
  say({ answers });
}
await OpenFeature.close();
