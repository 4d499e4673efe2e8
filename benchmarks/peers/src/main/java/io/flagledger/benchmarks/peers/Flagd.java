package io.flagledger.benchmarks.peers;

import dev.openfeature.contrib.providers.flagd.Config;
import dev.openfeature.contrib.providers.flagd.FlagdOptions;
import dev.openfeature.contrib.providers.flagd.FlagdProvider;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** flagd in-process, offline file resolver, through the OpenFeature client. flagd has no prerequisites: the chain is two calls. */
public final class Flagd extends Peer {
    static final AtomicInteger N = new AtomicInteger();
    Client client;
    FlagdProvider provider;

    @Override
    public void prepare(FlagSet set, Path dir) throws Exception {
        StringBuilder b = new StringBuilder("{\"flags\":{");
        boolean first = true;
        for (FlagSet.Flag f : set.flags) {
            if (!first) b.append(',');
            first = false;
            b.append('"')
                    .append(f.key())
                    .append("\":{\"state\":\"ENABLED\",\"variants\":{\"on\":true,\"off\":false},\"defaultVariant\":\"")
                    .append(f.on() && f.kind() == FlagSet.Kind.PLAIN ? "on" : "off")
                    .append('"');
            String in = "{\"in\":[{\"var\":\"targetingKey\"}," + Json.list(f.allow()) + "]}";
            String pct = "{\"fractional\":[{\"cat\":[{\"var\":\"$flagd.flagKey\"},{\"var\":\"orgId\"}]},[\"on\","
                    + f.percent() + "],[\"off\"," + (100 - f.percent()) + "]]}";
            switch (f.kind()) {
                case PLAIN -> {}
                case ALLOW -> b.append(",\"targeting\":{\"if\":[").append(in).append(",\"on\",\"off\"]}");
                case PCT -> b.append(",\"targeting\":").append(pct);
                case CHAIN ->
                    b.append(",\"targeting\":{\"if\":[{\"==\":[{\"var\":\"admin\"},true]},\"on\",")
                            .append(in)
                            .append(",\"on\",")
                            .append(pct)
                            .append("]}");
            }
            b.append('}');
        }
        Files.writeString(dir.resolve("flagd.json"), b.append("}}"));
    }

    @Override
    public void open(FlagSet set, Path dir) {
        provider = new FlagdProvider(FlagdOptions.builder()
                .resolverType(Config.Resolver.FILE)
                .offlineFlagSourcePath(dir.resolve("flagd.json").toString())
                .offlinePollIntervalMs(86_400_000)
                .deadline(300_000)
                .build());
        String domain = "flagd" + N.incrementAndGet();
        OpenFeatureAPI.getInstance().setProviderAndWait(domain, provider);
        client = OpenFeatureAPI.getInstance().getClient(domain);
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        Map<String, Value> m = new HashMap<>(8);
        m.put("orgId", new Value(org));
        m.put("admin", new Value(admin));
        return new ImmutableContext(user, m);
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return client.getBooleanValue(key, false, (EvaluationContext) ctx);
    }

    @Override
    public boolean chain(String key, Object ctx) {
        return eval(key == FlagSet.CHAIN ? FlagSet.PREREQ : FlagSet.OFF, ctx) && eval(key, ctx);
    }

    @Override
    public void close() {
        provider.shutdown();
    }
}
