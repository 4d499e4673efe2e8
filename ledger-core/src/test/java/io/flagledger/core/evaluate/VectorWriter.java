package io.flagledger.core.evaluate;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.BucketingChanged;
import io.flagledger.core.event.Change.FlagArchived;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagDescribed;
import io.flagledger.core.event.Change.FlagRestored;
import io.flagledger.core.event.Change.FlagRevived;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.ParentsChanged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Change.VariantsDefined;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.json.LedgerJson;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Writes the vectors for ports into the folder that it is given. Not part of any build: what {@link VectorsTest} holds the
 * code to must not change with the code. Run it to add a kind of change, and look at the difference.
 */
final class VectorWriter {
    private static final String ENVIRONMENT = "vectors";
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final Actor DANA = Actor.human("dana");

    /** Between the two, UTF-16 code units and code points sort differently: U+1F422 is D83D DC22, and so before U+FF21. */
    private static final String TURTLE = "🐢";

    private static final String WIDE_A = "Ａ";

    private final MemoryLedger ledger = new MemoryLedger(ENVIRONMENT);
    private int commands;

    private VectorWriter() {}

    public static void main(String[] folder) throws IOException {
        Path into = Path.of(folder[0]);
        List<Recorded> events = new VectorWriter().play();
        Files.writeString(into.resolve("buckets.json"), lines("buckets", buckets()));
        Files.writeString(into.resolve("digests.json"), lines("events", digests(events)));
        Files.writeString(into.resolve("folds.json"), lines("events", folds(events)));
        Files.writeString(into.resolve("decisions.json"), lines("decisions", decisions(events)));
    }

    /** Every kind of change, every type of value, batches, ids beyond ASCII, and a broker's clock that goes back. */
    private List<Recorded> play() {
        does(DANA, "try it ourselves first", FlagCreated.bool("gastown"));
        does(
                Actor.service("deploy").onBehalfOf("dana"),
                "first design partners",
                StageMoved.to("gastown", Stage.ALLOWLIST),
                new AllowlistChanged(
                        "gastown",
                        Allowlist.of(
                                List.of(
                                        new UserEntry("ada", "acme"),
                                        new UserEntry(WIDE_A, null),
                                        new UserEntry(TURTLE, null),
                                        new UserEntry("Zoë", "été")),
                                List.of("initech", WIDE_A, TURTLE, "Initech")),
                        Allowlist.EMPTY),
                FlagCreated.bool("gastown.convoys", Parent.of("gastown")));
        does(
                DANA,
                "which strategy? «fast» or „safe“ — 字",
                new FlagCreated(
                        "gastown.merge-strategy",
                        ValueType.STRING,
                        new Details("Merge", "how to merge", "team-gas", Set.of("b", "a", TURTLE, WIDE_A), "GAS-17"),
                        new Variants(
                                values(
                                        "none", new FlagValue.StringValue(""),
                                        "fast", new FlagValue.StringValue("fast-forward"),
                                        "safe", new FlagValue.StringValue("rebase 🐢")),
                                "none",
                                List.of(new Weight("safe", 1), new Weight("none", 0), new Weight("fast", 3))),
                        Bucketing.of("gastown.merge-strategy", BucketBy.USER),
                        List.of(new Parent("gastown", Set.of("on")))));
        does(
                DANA,
                "limits",
                create(
                        "limit",
                        ValueType.INTEGER,
                        new FlagValue.IntegerValue(0),
                        new FlagValue.IntegerValue(-9_007_199_254_740_993L)),
                create("ratio", ValueType.DOUBLE, new FlagValue.DoubleValue(-0.0), new FlagValue.DoubleValue(0.1)),
                create(
                        "layout",
                        ValueType.OBJECT,
                        new FlagValue.ObjectValue("{}"),
                        new FlagValue.ObjectValue("{\"columns\":[1,2.50,null],\"title\":\"Ä\"}")));
        does(DANA, "a quarter", StageMoved.to("gastown", new Percentage(25_000)));
        does(
                DANA,
                "everybody else too",
                StageMoved.to("gastown.merge-strategy", Stage.ALLOWLIST),
                StageMoved.to("gastown.merge-strategy", new Percentage(50_000)),
                StageMoved.to("gastown.convoys", Stage.ALLOWLIST),
                StageMoved.to("gastown.convoys", new Percentage(100_000)));
        does(DANA, "payments fail", new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
        commands -= 5; // a new leader's clock is behind
        does(DANA, "fixed", new KillSwitchReleased("gastown"));
        commands += 10;
        does(
                DANA,
                "words",
                new FlagDescribed("gastown", "Gas Town", null, "team-gas", new TreeSet<>(Set.of("ui", "agents")), null),
                new FlagDescribed("gastown", null, "many agents", null, null, "GAS-1"));
        does(
                DANA,
                "ada left",
                new AllowlistChanged(
                        "gastown",
                        Allowlist.of(List.of(new UserEntry("Zoë", null)), List.of()),
                        Allowlist.of(
                                List.of(new UserEntry("ada", "acme"), new UserEntry("Zoë", null)),
                                List.of("Initech"))));
        does(
                DANA,
                "draw anew",
                new BucketingChanged(
                        "gastown.convoys",
                        new Bucketing(BucketBy.USER, "second-draw:", Bucketing.Algorithm.MURMUR3_SCALED)));
        does(
                DANA,
                "three ways",
                new VariantsDefined(
                        "gastown.merge-strategy",
                        new Variants(
                                values(
                                        "none", new FlagValue.StringValue("none"),
                                        "fast", new FlagValue.StringValue("fast-forward"),
                                        "squash", new FlagValue.StringValue("squash")),
                                "none",
                                List.of(new Weight("fast", 2_000_000_000), new Weight("squash", 147_483_647)))));
        does(
                DANA,
                "it stands alone",
                new ParentsChanged("gastown.convoys", List.of(Parent.of("limit"), Parent.of("gastown"))));
        does(DANA, "for all", new StageMoved("limit", Stage.GENERALLY_AVAILABLE, Percentage.ZERO, true));
        does(DANA, "stop all", new KillSwitchEngaged("gastown.merge-strategy", KillSwitch.ALL_ACCESS));
        does(DANA, "as it was", FlagRestored.to("gastown.merge-strategy", 3));
        does(DANA, "not needed", new FlagArchived("ratio"), new FlagArchived("layout"));
        does(DANA, "needed after all", new FlagRevived("layout"));
        return ledger.events();
    }

    private void does(Actor actor, String reason, Change... changes) {
        commands++;
        Verdict verdict = ledger.submit(new Command(
                "change-" + commands, START.plusMillis(commands * 1_001L), actor, reason, List.of(changes), null));
        if (verdict instanceof Verdict.Refused refused) {
            throw new IllegalStateException(refused.refusal().toString());
        }
    }

    private static FlagCreated create(String flag, ValueType type, FlagValue off, FlagValue on) {
        return new FlagCreated(
                flag,
                type,
                Details.NONE,
                new Variants(values("off", off, "on", on), "off", List.of(new Weight("on", 1))),
                Bucketing.of(flag, BucketBy.ORG),
                List.of());
    }

    private static Map<String, FlagValue> values(String one, FlagValue first, String other, FlagValue second) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        values.put(one, first);
        values.put(other, second);
        return values;
    }

    private static Map<String, FlagValue> values(
            String one, FlagValue first, String other, FlagValue second, String last, FlagValue third) {
        Map<String, FlagValue> values = values(one, first, other, second);
        values.put(last, third);
        return values;
    }

    private static List<JsonNode> buckets() {
        List<JsonNode> buckets = new ArrayList<>();
        for (String seed : new String[] {"gastown:", "gastown:variant:", "", "séed-🐢:"}) {
            for (String unit : new String[] {"", "a", "acme", "user-17", "éé", "字字字", "🐢", "aé€🐢", "Ａ", "\0"}) {
                for (int total : new int[] {100_000, 1, 4, Integer.MAX_VALUE}) {
                    buckets.add(LedgerJson.object()
                            .put("seed", seed)
                            .put("unit", unit)
                            .put("total", total)
                            .put("hash", Murmur.hash((seed + unit).getBytes(StandardCharsets.UTF_8)))
                            .put("bucket", new Draw(seed, total).bucket(unit)));
                }
            }
        }
        return buckets;
    }

    private static List<JsonNode> digests(List<Recorded> events) {
        List<JsonNode> digests = new ArrayList<>();
        EnvironmentState state = EnvironmentState.empty(ENVIRONMENT);
        for (Recorded recorded : events) {
            state = Fold.apply(state, recorded);
            digests.add(LedgerJson.object()
                    .put("key", ENVIRONMENT + "/" + state.sequence())
                    .put("timestamp", recorded.appendedAt().toEpochMilli())
                    .put("value", HexFormat.of().formatHex(value(recorded)))
                    .put("digest", state.digest().toString())
                    .put("stateDigest", StateDigest.of(state).toString()));
        }
        return digests;
    }

    private static byte[] value(Recorded recorded) {
        byte[] value =
                EventCodec.encode(recorded.event(), recorded.previousDigest()).value();
        if (!Digest.of(value, 10, value.length - 10).equals(recorded.digest())) {
            throw new IllegalStateException("the digest is not that of the body");
        }
        return value;
    }

    private static List<JsonNode> folds(List<Recorded> events) {
        List<JsonNode> folds = new ArrayList<>();
        EnvironmentState state = EnvironmentState.empty(ENVIRONMENT);
        for (Recorded recorded : events) {
            state = Fold.apply(state, recorded);
            ObjectNode fold = LedgerJson.object();
            fold.set("event", LedgerJson.event(recorded.at(state.ledgerTime())));
            fold.put("remaining", state.batchRemaining());
            fold.set(
                    "flag",
                    LedgerJson.flag(
                            ENVIRONMENT,
                            state.flags().sortedValues().stream()
                                    .filter(flag ->
                                            flag.key().equals(recorded.event().flag()))
                                    .findFirst()
                                    .orElseThrow()));
            folds.add(fold);
        }
        return folds;
    }

    private static List<JsonNode> decisions(List<Recorded> events) {
        List<Subject> subjects = List.of(
                Subject.anonymous(),
                Subject.anonymous().asAdmin(),
                Subject.user("root").org("evil").asAdmin(),
                Subject.user("ada").org("acme"),
                Subject.user("bob").org("acme"),
                Subject.user("eve").org("evil"),
                Subject.user("kim"),
                Subject.user("u-3").org("org-3"),
                Subject.anonymous().org("initech"),
                Subject.anonymous().org("Initech"),
                Subject.user(TURTLE).org("turtles"),
                Subject.user("Zoë"));
        List<JsonNode> decisions = new ArrayList<>();
        EnvironmentState state = EnvironmentState.empty(ENVIRONMENT);
        for (Recorded recorded : events) {
            state = Fold.apply(state, recorded);
            if (!state.isWhole()) {
                continue;
            }
            CompiledEnvironment compiled = CompiledEnvironment.of(state);
            List<String> flags = new ArrayList<>(state.flags().sortedKeys());
            flags.add("no-such-flag");
            for (int i = 0; i < flags.size(); i++) {
                Subject subject = subjects.get((int) ((state.sequence() + 5L * i) % subjects.size()));
                Subject other = subjects.get((int) ((state.sequence() + 7 + 5L * i) % subjects.size()));
                for (Subject asked : List.of(subject, other)) {
                    decisions.add(decision(compiled.decide(flags.get(i), asked, false), asked));
                }
            }
        }
        return decisions;
    }

    static ObjectNode decision(Decision decision, Subject subject) {
        ObjectNode json = LedgerJson.object();
        json.put("at", decision.sequence());
        ObjectNode context = json.putObject("context");
        if (subject.user() != null) {
            context.put("targetingKey", subject.user());
        }
        if (subject.org() != null) {
            context.put("orgId", subject.org());
        }
        context.put("admin", subject.admin());
        json.set("decision", LedgerJson.decision(decision).without(List.of("at", "stale", "sequence")));
        return json;
    }

    /** An entry a line, so that a difference can be read. */
    private static String lines(String name, List<JsonNode> entries) {
        return entries.stream()
                .map(LedgerJson::print)
                .collect(Collectors.joining(
                        ",\n", "{\"environment\":\"%s\",\"%s\":[\n".formatted(ENVIRONMENT, name), "\n]}\n"));
    }
}
