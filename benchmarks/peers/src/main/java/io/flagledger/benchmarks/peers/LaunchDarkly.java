package io.flagledger.benchmarks.peers;

import com.launchdarkly.sdk.LDContext;
import com.launchdarkly.sdk.server.Components;
import com.launchdarkly.sdk.server.LDClient;
import com.launchdarkly.sdk.server.LDConfig;
import com.launchdarkly.sdk.server.integrations.FileData;
import java.nio.file.Files;
import java.nio.file.Path;

/** Full flag JSON through FileData. One user context with attributes orgId and admin; events and diagnostics off. */
public final class LaunchDarkly extends Peer {
    LDClient client;

    static String rollout(int pct) {
        return "{\"rollout\":{\"contextKind\":\"user\",\"bucketBy\":\"orgId\",\"variations\":[{\"variation\":0,\"weight\":"
                + pct * 1000 + "},{\"variation\":1,\"weight\":" + (100 - pct) * 1000 + "}]}}";
    }

    @Override
    public void prepare(FlagSet set, Path dir) throws Exception {
        StringBuilder b = new StringBuilder("{\"flags\":{");
        for (FlagSet.Flag f : set.flags) {
            if (b.charAt(b.length() - 1) == '}') b.append(',');
            boolean plain = f.kind() == FlagSet.Kind.PLAIN;
            boolean pct = f.percent() > 0;
            b.append('"')
                    .append(f.key())
                    .append("\":{\"key\":\"")
                    .append(f.key())
                    .append("\",\"version\":1,\"on\":")
                    .append(f.on())
                    .append(",\"salt\":\"")
                    .append(Integer.toHexString(f.key().hashCode()))
                    .append("\",\"offVariation\":1,\"variations\":[true,false]")
                    .append(",\"prerequisites\":[");
            if (f.prereq() != null) b.append("{\"key\":\"").append(f.prereq()).append("\",\"variation\":0}");
            b.append("],\"targets\":[");
            if (!f.allow().isEmpty())
                b.append("{\"values\":").append(Json.list(f.allow())).append(",\"variation\":0}");
            b.append("],\"rules\":[");
            if (f.kind() == FlagSet.Kind.CHAIN)
                b.append(
                        "{\"id\":\"admin\",\"clauses\":[{\"contextKind\":\"user\",\"attribute\":\"admin\",\"op\":\"in\",\"values\":[true]}],\"variation\":0}");
            b.append("],\"fallthrough\":")
                    .append(pct ? rollout(f.percent()) : plain ? "{\"variation\":0}" : "{\"variation\":1}")
                    .append('}');
        }
        Files.writeString(dir.resolve("ld.json"), b.append("}}"));
    }

    @Override
    public void open(FlagSet set, Path dir) {
        client = new LDClient(
                "sdk-offline",
                new LDConfig.Builder()
                        .dataSource(FileData.dataSource()
                                .filePaths(dir.resolve("ld.json"))
                                .autoUpdate(false))
                        .events(Components.noEvents())
                        .diagnosticOptOut(true)
                        .logging(Components.noLogging())
                        .build());
        if (!client.isInitialized()) throw new IllegalStateException("not initialised");
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        return LDContext.builder(user).set("orgId", org).set("admin", admin).build();
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return client.boolVariation(key, (LDContext) ctx, false);
    }

    @Override
    public void close() throws Exception {
        client.close();
    }
}
