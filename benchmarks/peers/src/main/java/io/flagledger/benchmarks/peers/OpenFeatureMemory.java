package io.flagledger.benchmarks.peers;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.providers.memory.ContextEvaluator;
import dev.openfeature.sdk.providers.memory.Flag;
import dev.openfeature.sdk.providers.memory.InMemoryProvider;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/** OpenFeature SDK over its InMemoryProvider; the rules are hand-written Java lambdas, so what is left is OpenFeature's own cost. */
public final class OpenFeatureMemory extends Peer {
    static final AtomicInteger N = new AtomicInteger();
    Client client;
    InMemoryProvider provider;

    @Override
    public void open(FlagSet set, Path dir) {
        Map<String, Boolean> prereqs = new ConcurrentHashMap<>();
        Map<String, Flag<?>> flags = new HashMap<>();
        for (FlagSet.Flag f : set.flags) {
            String key = FlagSet.copy(f.key());
            if (f.kind() == FlagSet.Kind.PLAIN) prereqs.put(key, f.on());
            int seed = f.key().hashCode();
            int limit = f.percent() * 100;
            Set<String> allow = new HashSet<>();
            for (String u : f.allow()) allow.add(FlagSet.copy(u));
            String prereq = f.prereq();
            ContextEvaluator<Boolean> rule = switch (f.kind()) {
                case PLAIN -> null;
                case ALLOW -> (flag, c) -> allow.contains(c.getTargetingKey());
                case PCT -> (flag, c) -> Murmur3.bucket(c.getValue("orgId").asString(), seed) < limit;
                case CHAIN ->
                    (flag, c) -> prereqs.get(prereq)
                            && (c.getValue("admin").asBoolean()
                                    || allow.contains(c.getTargetingKey())
                                    || Murmur3.bucket(c.getValue("orgId").asString(), seed) < limit);
            };
            flags.put(
                    key,
                    Flag.<Boolean>builder()
                            .variant("on", true)
                            .variant("off", false)
                            .defaultVariant(f.on() && f.kind() == FlagSet.Kind.PLAIN ? "on" : "off")
                            .contextEvaluator(rule)
                            .build());
        }
        provider = new InMemoryProvider(flags);
        String domain = "mem" + N.incrementAndGet();
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
    public void close() {
        provider.shutdown();
    }
}
