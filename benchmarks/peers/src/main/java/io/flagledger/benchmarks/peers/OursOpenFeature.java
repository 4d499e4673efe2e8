package io.flagledger.benchmarks.peers;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import io.flagledger.sdk.openfeature.FlagLedgerProvider;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Flag Ledger through an OpenFeature client; the context is made as for the other two that are asked so. */
public final class OursOpenFeature extends Peer {
    private OpenFeatureAPI api;
    private Client client;

    @Override
    public void open(FlagSet set, Path dir) throws Exception {
        api = OpenFeatureAPI.createIsolated();
        api.setProviderAndWait(new FlagLedgerProvider(LoadedLedger.of(set, dir)));
        client = api.getClient();
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        Map<String, Value> attributes = new HashMap<>(8);
        attributes.put("orgId", new Value(org));
        attributes.put("admin", new Value(admin));
        return new ImmutableContext(user, attributes);
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return client.getBooleanValue(key, false, (EvaluationContext) ctx);
    }

    @Override
    public void close() {
        api.shutdown();
    }
}
