package io.flagledger.benchmarks.peers;

import io.getunleash.DefaultUnleash;
import io.getunleash.UnleashContext;
import io.getunleash.util.UnleashConfig;
import io.getunleash.util.UnleashScheduledExecutor;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** DefaultUnleash over the real Yggdrasil engine (Rust, JNI), fed by a bootstrap provider; polling and metrics off. */
public class Unleash extends Peer {
    static final AtomicInteger N = new AtomicInteger();
    DefaultUnleash unleash;

    static String constraint(String name, String values) {
        return "{\"name\":\"default\",\"parameters\":{},\"constraints\":[{\"contextName\":\"" + name
                + "\",\"operator\":\"IN\",\"values\":" + values + "}]}";
    }

    @Override
    public void prepare(FlagSet set, Path dir) throws Exception {
        StringBuilder b = new StringBuilder("{\"version\":2,\"features\":[");
        boolean first = true;
        for (FlagSet.Flag f : set.flags) {
            if (!first) b.append(',');
            first = false;
            b.append("{\"name\":\"")
                    .append(f.key())
                    .append("\",\"type\":\"release\",\"project\":\"default\",\"enabled\":")
                    .append(f.on())
                    .append(",\"stale\":false,\"impressionData\":false,\"variants\":[]");
            if (f.prereq() != null)
                b.append(",\"dependencies\":[{\"feature\":\"")
                        .append(f.prereq())
                        .append("\",\"enabled\":true}]");
            b.append(",\"strategies\":[");
            StringBuilder s = new StringBuilder();
            if (f.kind() == FlagSet.Kind.CHAIN)
                s.append(constraint("admin", "[\"true\"]")).append(',');
            if (!f.allow().isEmpty())
                s.append(constraint("userId", Json.list(f.allow()))).append(',');
            if (f.percent() > 0)
                s.append("{\"name\":\"flexibleRollout\",\"parameters\":{\"rollout\":\"")
                        .append(f.percent())
                        .append("\",\"stickiness\":\"orgId\",\"groupId\":\"")
                        .append(f.key())
                        .append("\"},\"constraints\":[]},");
            if (s.length() == 0) s.append("{\"name\":\"default\",\"parameters\":{},\"constraints\":[]},");
            s.setLength(s.length() - 1);
            b.append(s).append("]}");
        }
        Files.writeString(dir.resolve("unleash.json"), b.append("]}"));
    }

    UnleashConfig.Builder config(Path dir) {
        return UnleashConfig.builder()
                .appName("bench" + N.incrementAndGet())
                .instanceId("bench")
                .environment("default")
                .unleashAPI("http://127.0.0.1:1/api")
                .backupFile(dir.resolve("no-such-backup-" + N.get()).toString())
                .toggleBootstrapProvider(() -> {
                    try {
                        return Optional.of(Files.readString(dir.resolve("unleash.json")));
                    } catch (java.io.IOException e) {
                        throw new java.io.UncheckedIOException(e);
                    }
                })
                .synchronousFetchOnInitialisation(false)
                .disablePolling()
                .disableMetrics();
    }

    @Override
    public void open(FlagSet set, Path dir) {
        unleash = new DefaultUnleash(config(dir).build());
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        return UnleashContext.builder()
                .userId(user)
                .addProperty("orgId", org)
                .addProperty("admin", admin ? "true" : "false")
                .build();
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return unleash.isEnabled(key, (UnleashContext) ctx, (k, c) -> false);
    }

    @Override
    public void close() {
        unleash.shutdown();
    }

    /** An executor that drops every task: no event is delivered to anyone. */
    static final class Nowhere implements UnleashScheduledExecutor {
        @Override
        public void setInterval(Runnable command, long initialDelaySec, long periodSec) {}

        @Override
        public Future<Void> scheduleOnce(Runnable runnable) {
            return null;
        }

        @Override
        public void shutdown() {}

        @Override
        public void shutdownNow() {}
    }
}
