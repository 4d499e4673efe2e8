// node decide.mjs flagd|ofrep FLAG USER [ORG]: one decision on standard output; with flagd it goes on to tell each change.
import { OpenFeature, ProviderEvents } from '@openfeature/server-sdk';
import * as providers from './providers.mjs';

const [kind, flag, targetingKey, orgId] = process.argv.slice(2);
if (!providers[kind] || !flag || !targetingKey) {
  console.error('usage: node decide.mjs flagd|ofrep FLAG USER [ORG]');
  process.exit(2);
}
await OpenFeature.setProviderAndWait(providers[kind]());
const client = OpenFeature.getClient();
const decide = async () => console.log(await client.getBooleanDetails(flag, false, { targetingKey, orgId }));
await decide();
if (kind === 'flagd') {
  client.addHandler(ProviderEvents.ConfigurationChanged, decide);
}
