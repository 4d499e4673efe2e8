package io.flagledger.benchmarks.peers;

import com.configcat.ConfigCatClient;
import com.configcat.LogLevel;
import com.configcat.OverrideBehaviour;
import com.configcat.OverrideDataSourceBuilder;
import com.configcat.PollingModes;
import com.configcat.User;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Full config JSON v6 as a local-only file override. Clear-text comparators (the hashed ones of the dashboard default cost a SHA-256 more). */
public final class ConfigCat extends Peer {
    static final AtomicInteger N = new AtomicInteger();
    ConfigCatClient client;

    @Override
    public void prepare(FlagSet set, Path dir) throws Exception {
        StringBuilder b =
                new StringBuilder("{\"p\":{\"u\":\"http://127.0.0.1:1\",\"r\":0,\"s\":\"salt\"},\"s\":[],\"f\":{");
        boolean first = true;
        for (FlagSet.Flag f : set.flags) {
            if (!first) b.append(',');
            first = false;
            boolean plain = f.kind() == FlagSet.Kind.PLAIN;
            b.append('"')
                    .append(f.key())
                    .append("\":{\"t\":0,\"i\":\"v\",\"v\":{\"b\":")
                    .append(plain && f.on())
                    .append('}');
            StringBuilder r = new StringBuilder();
            if (f.prereq() != null)
                r.append("{\"c\":[{\"p\":{\"f\":\"")
                        .append(f.prereq())
                        .append("\",\"c\":1,\"v\":{\"b\":true}}}],\"s\":{\"v\":{\"b\":false}}},");
            if (f.kind() == FlagSet.Kind.CHAIN)
                r.append("{\"c\":[{\"u\":{\"a\":\"admin\",\"c\":28,\"s\":\"true\"}}],\"s\":{\"v\":{\"b\":true}}},");
            if (!f.allow().isEmpty())
                r.append("{\"c\":[{\"u\":{\"a\":\"Identifier\",\"c\":0,\"l\":")
                        .append(Json.list(f.allow()))
                        .append("}}],\"s\":{\"v\":{\"b\":true}}},");
            if (r.length() > 0) {
                r.setLength(r.length() - 1);
                b.append(",\"r\":[").append(r).append(']');
            }
            if (f.percent() > 0)
                b.append(",\"a\":\"orgId\",\"p\":[{\"p\":")
                        .append(f.percent())
                        .append(",\"v\":{\"b\":true}},{\"p\":")
                        .append(100 - f.percent())
                        .append(",\"v\":{\"b\":false}}]");
            b.append('}');
        }
        Files.writeString(dir.resolve("configcat.json"), b.append("}}"));
    }

    @Override
    public void open(FlagSet set, Path dir) {
        client = ConfigCatClient.get("local-only-" + N.incrementAndGet(), o -> {
            o.flagOverrides(
                    OverrideDataSourceBuilder.localFile(
                            dir.resolve("configcat.json").toString(), false),
                    OverrideBehaviour.LOCAL_ONLY);
            o.pollingMode(PollingModes.manualPoll());
            o.logLevel(LogLevel.ERROR);
        });
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        Map<String, Object> m = new HashMap<>(8);
        m.put("orgId", org);
        m.put("admin", admin ? "true" : "false");
        return User.newBuilder().custom(m).build(user);
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return client.getValue(Boolean.class, key, (User) ctx, Boolean.FALSE);
    }

    @Override
    public void close() throws Exception {
        client.close();
    }
}
