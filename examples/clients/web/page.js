// index.html?ledger=URL&environment=NAME&user=U&org=O#TOKEN
import { OpenFeature, ProviderEvents } from '@openfeature/web-sdk';
import { OFREPWebProvider } from '@openfeature/ofrep-web-provider';

const query = new URLSearchParams(location.search);
const client = OpenFeature.getClient();

function show() {
  document.querySelector('#who').textContent = OpenFeature.getContext().targetingKey;
  document.querySelector('#convoys').textContent = client.getBooleanValue('gastown.convoys', false) ? 'on' : 'off';
}

window.events = [];
for (const event of Object.values(ProviderEvents)) {
  client.addHandler(event, (details) => {
    window.events.push({ event, flagsChanged: details?.flagsChanged ?? [], at: Date.now() });
    show();
  });
}
window.client = client;
window.become = (targetingKey, orgId) => OpenFeature.setContext({ targetingKey, orgId });

await OpenFeature.setContext({ targetingKey: query.get('user'), orgId: query.get('org') ?? undefined });
await OpenFeature.setProviderAndWait(
  new OFREPWebProvider({
    baseUrl: query.get('ledger'),
    headers: [
      ['Authorization', `Bearer ${location.hash.slice(1)}`],
      ['X-Ledger-Environment', query.get('environment')],
    ],
    pollInterval: 0, // the ledger says when to ask again
  }),
);
