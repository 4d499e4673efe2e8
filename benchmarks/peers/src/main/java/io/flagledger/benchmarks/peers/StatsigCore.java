package io.flagledger.benchmarks.peers;

import com.statsig.CheckGateOptions;
import com.statsig.DataStore;
import com.statsig.DataStoreResponse;
import com.statsig.OutputLogger;
import com.statsig.StatsigOptions;
import com.statsig.StatsigUser;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;

/** Statsig Java Core (Rust over JNI): specs from a DataStore, network and logging disabled, exposures off. */
public final class StatsigCore extends Peer {
    static final CheckGateOptions QUIET = new CheckGateOptions(true);
    com.statsig.Statsig statsig;

    @Override
    public void prepare(FlagSet set, Path dir) throws Exception {
        StringBuilder conds = new StringBuilder();
        StringBuilder gates = new StringBuilder();
        conds.append("\"all\":").append(Statsig.cond("public", "null", null, null));
        conds.append(",\"adm\":").append(Statsig.cond("user_field", "[\"true\"]", "any", "admin"));
        int n = 0;
        for (FlagSet.Flag f : set.flags) {
            StringBuilder r = new StringBuilder();
            if (f.prereq() != null) {
                String id = "c" + n++;
                conds.append(",\"")
                        .append(id)
                        .append("\":")
                        .append(Statsig.cond("fail_gate", '"' + f.prereq() + '"', null, null));
                r.append(Statsig.rule("prereq", "r0", 0, "userID", '"' + id + '"'))
                        .append(',');
            }
            if (f.kind() == FlagSet.Kind.CHAIN)
                r.append(Statsig.rule("admin", "r1", 100, "userID", "\"adm\"")).append(',');
            if (!f.allow().isEmpty()) {
                String id = "c" + n++;
                conds.append(",\"")
                        .append(id)
                        .append("\":")
                        .append(Statsig.cond("unit_id", Json.list(f.allow()), "any", null));
                r.append(Statsig.rule("list", "r2", 100, "userID", '"' + id + '"'))
                        .append(',');
            }
            if (f.percent() > 0)
                r.append(Statsig.rule("pct", "r3", f.percent(), "orgID", "\"all\""))
                        .append(',');
            if (f.kind() == FlagSet.Kind.PLAIN)
                r.append(Statsig.rule("all", "r4", f.on() ? 100 : 0, "userID", "\"all\""))
                        .append(',');
            r.setLength(r.length() - 1);
            if (gates.length() > 0) gates.append(',');
            gates.append('"')
                    .append(f.key())
                    .append("\":{\"type\":\"feature_gate\",\"isActive\":true,\"salt\":\"")
                    .append(f.key())
                    .append("\",\"enabled\":")
                    .append(f.on())
                    .append(
                            ",\"defaultValue\":false,\"idType\":\"userID\",\"entity\":\"feature_gate\",\"version\":1,\"rules\":[")
                    .append(r)
                    .append("]}");
        }
        Files.writeString(
                dir.resolve("statsig-core.json"),
                "{\"has_updates\":true,\"time\":1700000000000,\"company_id\":\"x\",\"response_format\":\"dcs-v2\",\"checksum\":\"x\",\"default_environment\":null,"
                        + "\"app_id\":\"x\",\"sdk_flags\":{},\"sdk_configs\":{},\"sdk_keys_to_app_ids\":{},\"hashed_sdk_keys_to_app_ids\":{},\"diagnostics\":{},\"param_stores\":{},\"id_lists\":{},\"layers\":{},\"experiment_to_layer\":{},"
                        + "\"dynamic_configs\":{},\"layer_configs\":{},\"condition_map\":{" + conds
                        + "},\"feature_gates\":{" + gates + "}}");
    }

    @Override
    public void open(FlagSet set, Path dir) throws Exception {
        AtomicReference<String> json = new AtomicReference<>(Files.readString(dir.resolve("statsig-core.json")));
        StatsigOptions o = new StatsigOptions.Builder()
                .setSpecsUrl(Statsig.NEVER + "/v2/download_config_specs")
                .setLogEventUrl(Statsig.NEVER + "/v1/log_event")
                .setIdListsUrl(Statsig.NEVER + "/v1/get_id_lists")
                .setDisableNetwork(true)
                .setDisableAllLogging(true)
                .setDisableUserCountryLookup(true)
                .setOutputLoggerLevel(OutputLogger.LogLevel.valueOf(System.getProperty("statsig.log", "NONE")))
                .setDataStore(new DataStore() {
                    @Override
                    public CompletableFuture<Void> initialize() {
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public CompletableFuture<Void> shutdown() {
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public CompletableFuture<DataStoreResponse> get(String key) {
                        return CompletableFuture.completedFuture(
                                key.contains("id_list")
                                        ? new DataStoreResponse(null, null)
                                        : new DataStoreResponse(json.get(), 1700000000000L));
                    }

                    @Override
                    public CompletableFuture<Void> set(String key, String value, Long time) {
                        return CompletableFuture.completedFuture(null);
                    }

                    @Override
                    public CompletableFuture<Boolean> supportPollingUpdatesFor(String path) {
                        return CompletableFuture.completedFuture(false);
                    }
                })
                .build();
        statsig = new com.statsig.Statsig("secret-offline", o);
        statsig.initialize().get();
        json.set(null); // the caller's string, not the SDK's
    }

    @Override
    public Object ctx(String user, String org, boolean admin) {
        Map<String, String> ids = new HashMap<>(2);
        ids.put("orgID", org);
        Map<String, Object> custom = new HashMap<>(2);
        custom.put("admin", admin ? "true" : "false");
        return new StatsigUser.Builder()
                .setUserID(user)
                .setCustomIDs(ids)
                .setCustom(custom)
                .build();
    }

    @Override
    public boolean eval(String key, Object ctx) {
        return statsig.checkGate((StatsigUser) ctx, key, QUIET);
    }

    @Override
    public void close() throws Exception {
        statsig.shutdown().get();
    }
}
