package io.flagledger.benchmarks.peers;

import com.statsig.sdk.CheckGateOptions;
import com.statsig.sdk.DataSource;
import com.statsig.sdk.StatsigOptions;
import com.statsig.sdk.StatsigServer;
import com.statsig.sdk.StatsigUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Statsig legacy (Kotlin, JVM) server SDK: bootstrap values, no sync, no logging, exposures off. A 1,000-id list is a segment (its id_list form). */
public final class Statsig extends Peer {
    static final CheckGateOptions QUIET = new CheckGateOptions(true);
    static final String NEVER = "http://127.0.0.1:1";
    StatsigServer server;

    static String rule(String name, String id, double pct, String idType, String conditions) {
        return "{\"name\":\"" + name + "\",\"id\":\"" + id + "\",\"salt\":\"" + id + "\",\"passPercentage\":" + pct
                + ",\"returnValue\":true,\"idType\":\"" + idType + "\",\"groupName\":null,\"conditions\":[" + conditions
                + "]}";
    }

    static String cond(String type, String target, String op, String field) {
        return "{\"type\":\"" + type + "\",\"targetValue\":" + target + ",\"operator\":"
                + (op == null ? "null" : '"' + op + '"') + ",\"field\":" + (field == null ? "null" : '"' + field + '"')
                + ",\"additionalValues\":{},\"idType\":\"userID\"}";
    }

    static String gate(String name, String type, boolean enabled, String rules) {
        return "{\"name\":\"" + name + "\",\"type\":\"feature_gate\",\"isActive\":true,\"salt\":\"" + name
                + "\",\"enabled\":" + enabled + ",\"defaultValue\":false,\"idType\":\"userID\",\"entity\":\"" + type
                + "\",\"rules\":[" + rules + "]}";
    }

    @Override
    public void prepare(FlagSet set, Path dir) throws Exception {
        StringBuilder b = new StringBuilder(
                "{\"has_updates\":true,\"time\":1700000000000,\"dynamic_configs\":[],\"layer_configs\":[],\"layers\":{},\"feature_gates\":[");
        boolean first = true;
        int seg = 0;
        String everyone = cond("public", "null", null, null);
        for (FlagSet.Flag f : set.flags) {
            StringBuilder r = new StringBuilder();
            if (f.prereq() != null)
                r.append(rule("prereq", "r0", 0, "userID", cond("fail_gate", '"' + f.prereq() + '"', null, null)))
                        .append(',');
            if (f.kind() == FlagSet.Kind.CHAIN)
                r.append(rule("admin", "r1", 100, "userID", cond("user_field", "[\"true\"]", "any", "admin")))
                        .append(',');
            if (f.allow().size() == FlagSet.LIST) {
                String name = "segment:list" + seg++;
                if (!first) b.append(',');
                first = false;
                b.append(gate(
                        name,
                        "segment",
                        true,
                        rule("id_list", "s", 100, "userID", cond("unit_id", Json.list(f.allow()), "any", null))));
                r.append(rule("list", "r2", 100, "userID", cond("pass_gate", '"' + name + '"', null, null)))
                        .append(',');
            } else if (!f.allow().isEmpty()) {
                r.append(rule("list", "r2", 100, "userID", cond("unit_id", Json.list(f.allow()), "any", null)))
                        .append(',');
            }
            if (f.percent() > 0)
                r.append(rule("pct", "r3", f.percent(), "orgID", everyone)).append(',');
            if (f.kind() == FlagSet.Kind.PLAIN)
                r.append(rule("all", "r4", 100, "userID", everyone)).append(',');
            r.setLength(r.length() - 1);
            if (!first) b.append(',');
            first = false;
            b.append(gate(f.key(), "feature_gate", f.on(), r.toString()));
        }
        Files.writeString(dir.resolve("statsig.json"), b.append("]}"));
    }

    @Override
    public void open(FlagSet set, Path dir) throws Exception {
        StatsigOptions o = new StatsigOptions();
        o.setApi(NEVER);
        o.setApiForDownloadConfigSpecs(NEVER);
        o.setApiForGetIdlists(NEVER);
        o.setBootstrapValues(Files.readString(dir.resolve("statsig.json")));
        o.setInitializeSources(List.of(DataSource.BOOTSTRAP));
        o.setConfigSyncSources(List.of());
        o.setRulesetsSyncIntervalMs(86_400_000L);
        o.setIdListsSyncIntervalMs(86_400_000L);
        o.setDisableAllLogging(true);
        o.setDisableDiagnostics(true);
        o.setDisableIPResolution(true);
        server = StatsigServer.create();
        server.initializeAsync("secret-offline", o).get();
        o.setBootstrapValues(null); // the caller's string, not the SDK's
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        Map<String, String> ids = new HashMap<>(2);
        ids.put("orgID", org);
        StatsigUser u = new StatsigUser(user, ids);
        Map<String, Object> custom = new HashMap<>(2);
        custom.put("admin", admin ? "true" : "false");
        u.setCustom(custom);
        return u;
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return server.checkGateSync((StatsigUser) ctx, key, QUIET);
    }

    @Override
    public void close() {
        server.shutdown();
    }
}
