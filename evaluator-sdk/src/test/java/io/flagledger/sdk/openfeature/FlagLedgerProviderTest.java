package io.flagledger.sdk.openfeature;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.awaitility.Awaitility.await;

import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.ErrorCode;
import dev.openfeature.sdk.EvaluationContext;
import dev.openfeature.sdk.FlagEvaluationDetails;
import dev.openfeature.sdk.Hook;
import dev.openfeature.sdk.HookContext;
import dev.openfeature.sdk.ImmutableContext;
import dev.openfeature.sdk.MutableTrackingEventDetails;
import dev.openfeature.sdk.OpenFeatureAPI;
import dev.openfeature.sdk.ProviderState;
import dev.openfeature.sdk.Value;
import dev.openfeature.sdk.exceptions.GeneralError;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagArchived;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.embedded.KafkaProxy;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FailMode;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.RunningLedger;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class FlagLedgerProviderTest {
    private static final Duration PATIENCE = RunningLedger.PATIENCE;
    private static final EvaluationContext ADA =
            Clients.context(Subject.user("ada").org("acme"));

    private final OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private RunningLedger ledger;
    private FlagLedger flags;

    @BeforeEach
    void open(KafkaForTest broker) throws InterruptedException {
        ledger = new RunningLedger(broker, "ledger");
        flags = ledger.connect();
    }

    @AfterEach
    void close() {
        api.shutdown();
        flags.close();
        ledger.close();
    }

    @Test
    void readyIsToldOnceAndChangesWithAllTheFlagsThatMayAnswerOtherwise() throws Exception {
        ledger.append(List.of(FlagCreated.bool("top"), FlagCreated.bool("beside")), flags);
        ledger.append(FlagCreated.bool("bottom", Parent.of("top")), flags);
        Client client = listening();
        api.setProviderAndWait("domain", new FlagLedgerProvider(flags));
        await().atMost(PATIENCE).until(() -> heard.contains("READY"));
        ledger.append(new KillSwitchEngaged("top", KillSwitch.NEW_ACCESS), flags);
        ledger.append(new FlagArchived("beside"), flags);
        await().atMost(PATIENCE).until(() -> heard.size() >= 3);
        assertThat(heard).containsExactly("READY", "CHANGED [bottom, top]", "CHANGED [beside]");
        assertThat(client.getProviderState()).isEqualTo(ProviderState.READY);
    }

    @Test
    void whoIsAskedBeforeTheFlagsAreKnownSaysSo() {
        try (FlagLedger following = FlagLedger.connect(FlagLedgerConfig.of("127.0.0.1:1", "gastown-production"))) {
            Client client = listening();
            FlagLedgerProvider provider = new FlagLedgerProvider(following, Duration.ofMillis(200), tracked -> {});
            assertThatThrownBy(() -> api.setProviderAndWait("domain", provider))
                    .isInstanceOf(GeneralError.class)
                    .hasMessageStartingWith("the flags of gastown-production at 127.0.0.1:1 were not known");
            assertThat(client.getProviderState()).isEqualTo(ProviderState.ERROR);
            FlagEvaluationDetails<Boolean> answer = client.getBooleanDetails("gastown", true, ADA);
            assertThat(answer.getValue()).isTrue();
            assertThat(answer.getErrorCode()).isEqualTo(ErrorCode.PROVIDER_NOT_READY);
            await().atMost(PATIENCE).until(() -> heard.contains("ERROR"));
            assertThat(heard).doesNotContain("READY");
        }
    }

    @Test
    void aClosedLedgerIsStaleAndStillAnswers() throws Exception {
        ledger.append(FlagCreated.bool("gastown"), flags);
        ledger.append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(), flags);
        Client client = listening();
        api.setProviderAndWait("domain", new FlagLedgerProvider(flags));
        flags.close();
        await().atMost(PATIENCE).until(() -> heard.contains("STALE"));
        await().atMost(PATIENCE).until(() -> client.getProviderState() == ProviderState.STALE);
        FlagEvaluationDetails<Boolean> answer = client.getBooleanDetails("gastown", false, ADA);
        assertThat(answer.getValue()).isTrue();
        assertThat(answer.getReason()).isEqualTo("STALE");
        assertThat(answer.getFlagMetadata().getString("reason")).isEqualTo("GENERALLY_AVAILABLE");
        assertThat(answer.getFlagMetadata().getBoolean("stale")).isTrue();
    }

    @Test
    void itIsReadyAgainAfterItWasStale() throws Exception {
        FlagLedgerConfig usual = ledger.config();
        try (KafkaProxy proxy = KafkaProxy.before(usual.connection().bootstrapServers());
                FlagLedger cutOff = FlagLedger.connect(
                        FlagLedgerConfig.of(KafkaConnection.of(proxy.bootstrapServers()), usual.environment())
                                .withTopics(usual.topics())
                                .withStaleAfter(Duration.ofSeconds(1)))) {
            cutOff.awaitReady(PATIENCE);
            listening();
            api.setProviderAndWait("domain", new FlagLedgerProvider(cutOff));
            proxy.beDeaf();
            await().atMost(PATIENCE).until(() -> heard.contains("STALE"));
            proxy.listen();
            await().atMost(PATIENCE).until(() -> heard.lastIndexOf("READY") > heard.indexOf("STALE"));
            assertThat(heard).containsExactly("READY", "STALE", "READY");
        }
    }

    @Test
    void everyReasonHasItsWordInOpenFeature() throws Exception {
        ledger.append(
                List.of(
                        FlagCreated.bool("gastown"),
                        StageMoved.to("gastown", new Percentage(99_000)).skipping(),
                        FlagCreated.bool("open"),
                        StageMoved.to("open", Stage.GENERALLY_AVAILABLE).skipping(),
                        FlagCreated.bool("killed"),
                        new KillSwitchEngaged("killed", KillSwitch.NEW_ACCESS),
                        FlagCreated.bool("archived"),
                        FlagCreated.bool("below", Parent.of("killed")),
                        new FlagArchived("archived"),
                        of("drawn", new FlagValue.StringValue("a"), new FlagValue.StringValue("b"), 1),
                        StageMoved.to("drawn", Stage.GENERALLY_AVAILABLE).skipping()),
                flags);
        Client client = client();
        EvaluationContext admin = Clients.context(Subject.user("root").asAdmin());
        assertThat(client.getBooleanDetails("gastown", false, ADA).getReason()).isEqualTo("SPLIT");
        assertThat(client.getBooleanDetails("gastown", false, admin).getReason())
                .isEqualTo("TARGETING_MATCH");
        assertThat(client.getBooleanDetails("gastown", true, new ImmutableContext())
                        .getReason())
                .isEqualTo("DEFAULT");
        assertThat(client.getBooleanDetails("open", false, ADA).getReason()).isEqualTo("STATIC");
        assertThat(client.getStringDetails("drawn", "", ADA).getReason()).isEqualTo("SPLIT");
        assertThat(client.getBooleanDetails("killed", true, ADA).getReason()).isEqualTo("DISABLED");
        assertThat(client.getBooleanDetails("killed", true, ADA).getValue())
                .as("the off variant and not the caller's default")
                .isFalse();
        assertThat(client.getBooleanDetails("archived", true, admin).getReason())
                .isEqualTo("DISABLED");
        FlagEvaluationDetails<Boolean> below = client.getBooleanDetails("below", true, ADA);
        assertThat(below.getReason()).isEqualTo("DEFAULT");
        assertThat(below.getFlagMetadata().asUnmodifiableMap())
                .containsEntry("reason", "PARENT")
                .containsEntry("parent", "killed")
                .containsEntry("revision", 1L)
                .containsEntry("sequence", 11L)
                .containsEntry("stale", false);
    }

    @Test
    void metadataTellsOfTheFlagAndOnlyIfExplainingOfTheSubject() throws Exception {
        ledger.append(
                List.of(
                        FlagCreated.bool("gastown"),
                        new Change.AllowlistChanged(
                                "gastown",
                                Allowlist.of(List.of(new UserEntry("eve", "acme")), List.of()),
                                Allowlist.EMPTY),
                        StageMoved.to("gastown", Stage.ALLOWLIST)),
                flags);
        Map<String, Object> ofTheFlag = Map.of("reason", "ALLOWLIST", "revision", 3L, "sequence", 3L, "stale", false);
        assertThat(client().getBooleanDetails("gastown", false, ADA)
                        .getFlagMetadata()
                        .asUnmodifiableMap())
                .isEqualTo(ofTheFlag);
        api.setProviderAndWait("explained", new FlagLedgerProvider(flags).explaining());
        assertThat(api.getClient("explained")
                        .getBooleanDetails("gastown", false, ADA)
                        .getFlagMetadata()
                        .asUnmodifiableMap())
                .containsAllEntriesOf(ofTheFlag)
                .containsEntry("entry.user", "eve")
                .containsEntry("entry.org", "acme")
                .containsKey("bucket");
    }

    @Test
    void anAnswerThatWasPreparedIsGivenUntilTheFlagsMoveOn() throws Exception {
        ledger.append(List.of(FlagCreated.bool("gastown"), FlagCreated.bool("beside")), flags);
        Client client = client();
        assertThat(client.getBooleanDetails("gastown", false, ADA).getFlagMetadata())
                .isSameAs(client.getBooleanDetails("gastown", false, ADA).getFlagMetadata());
        ledger.append(StageMoved.to("beside", Stage.GENERALLY_AVAILABLE).skipping(), flags);
        FlagEvaluationDetails<Boolean> later = client.getBooleanDetails("gastown", false, ADA);
        assertThat(later.getFlagMetadata().getLong("sequence")).isEqualTo(3);
        assertThat(later.getFlagMetadata().getLong("revision")).isEqualTo(1);
        ledger.append(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(), flags);
        assertThat(client.getBooleanValue("gastown", false, ADA)).isTrue();
    }

    @Test
    void whatClientsAreGivenIsTracedLikeAllOtherAnswers() throws Exception {
        ledger.append(FlagCreated.bool("gastown"), flags);
        List<Decision> exposed = new CopyOnWriteArrayList<>();
        try (FlagLedger listened =
                FlagLedger.connect(ledger.config().withExposures((subject, decision) -> exposed.add(decision), 1))) {
            api.setProviderAndWait("domain", new FlagLedgerProvider(listened));
            api.getClient("domain").getBooleanValue("gastown", true, ADA);
        }
        assertThat(exposed).hasSize(1).allSatisfy(decision -> {
            assertThat(decision.flag()).isEqualTo("gastown");
            assertThat(decision.reason()).isEqualTo(Reason.STAGE);
        });
    }

    @Test
    void aFlagThatFailsToItsDefaultGivesTheCallersDefaultWhenAnswersAreTooOld() throws Exception {
        ledger.append(FlagCreated.bool("gastown"), flags);
        FlagLedgerConfig usual = ledger.config();
        try (KafkaProxy proxy = KafkaProxy.before(usual.connection().bootstrapServers());
                FlagLedger failing = FlagLedger.connect(
                        FlagLedgerConfig.of(KafkaConnection.of(proxy.bootstrapServers()), usual.environment())
                                .withTopics(usual.topics())
                                .withStaleAfter(Duration.ofSeconds(1))
                                .withFailMode("gastown", FailMode.CODE_DEFAULT)
                                .withTooStaleAfter(Duration.ofSeconds(1)))) {
            api.setProviderAndWait("domain", new FlagLedgerProvider(failing));
            Client client = api.getClient("domain");
            assertThat(client.getBooleanValue("gastown", true, ADA)).isFalse();
            proxy.beDeaf();
            await().atMost(PATIENCE).until(() -> client.getBooleanValue("gastown", true, ADA));
            FlagEvaluationDetails<Boolean> answer = client.getBooleanDetails("gastown", true, ADA);
            assertThat(answer.getErrorCode()).isEqualTo(ErrorCode.GENERAL);
            assertThat(answer.getErrorMessage())
                    .isEqualTo("gastown is left to its default, for answers have been stale for too long");
        }
    }

    @Test
    void aValueIsOfTheTypeThatIsAskedForOrTheCallersDefaultIsGiven() throws Exception {
        ledger.append(
                List.of(
                        FlagCreated.bool("truth"),
                        of("text", new FlagValue.StringValue("a"), new FlagValue.StringValue("b"), 0),
                        of("whole", new FlagValue.IntegerValue(7), new FlagValue.IntegerValue(8), 0),
                        of(
                                "long",
                                new FlagValue.IntegerValue(9_007_199_254_740_993L),
                                new FlagValue.IntegerValue(0),
                                0),
                        of("number", new FlagValue.DoubleValue(0.5), new FlagValue.DoubleValue(1), 0),
                        of(
                                "object",
                                new FlagValue.ObjectValue("{\"limit\":7,\"of\":[true,null,{\"a\":1.5}]}"),
                                new FlagValue.ObjectValue("{}"),
                                0)),
                flags);
        Client client = client();
        EvaluationContext admin = Clients.context(Subject.user("root").asAdmin());
        assertThat(client.getBooleanValue("truth", false, admin)).isTrue();
        assertThat(client.getStringValue("text", "", admin)).isEqualTo("a");
        assertThat(client.getIntegerValue("whole", 0, admin)).isEqualTo(7);
        assertThat(client.getDoubleValue("whole", 0.0, admin)).isEqualTo(7.0);
        assertThat(client.getLongDetails("long", 0L, admin).getValue()).isEqualTo(9_007_199_254_740_993L);
        assertThat(client.getDoubleValue("number", 0.0, admin)).isEqualTo(0.5);
        assertThat(client.getObjectValue("object", new Value(), admin)
                        .asStructure()
                        .asObjectMap())
                .isEqualTo(Map.of("limit", 7, "of", Arrays.asList(true, null, Map.of("a", 1.5))));

        for (FlagEvaluationDetails<?> wrong : List.of(
                client.getBooleanDetails("text", true, admin),
                client.getStringDetails("truth", "mine", admin),
                client.getIntegerDetails("number", 3, admin),
                client.getIntegerDetails("long", 3, admin),
                client.getLongDetails("number", 3L, admin),
                client.getDoubleDetails("long", 3.0, admin),
                client.getObjectDetails("text", new Value("mine"), admin))) {
            assertThat(wrong.getErrorCode()).as("%s", wrong).isEqualTo(ErrorCode.TYPE_MISMATCH);
            assertThat(wrong.getReason()).isEqualTo("ERROR");
            assertThat(wrong.getValue()).isIn(true, "mine", 3, 3L, 3.0, new Value("mine"));
        }
        assertThat(client.getBooleanDetails("text", true, admin).getErrorMessage())
                .isEqualTo("text serves a, which is of type STRING and does not fit the type that is asked for");
    }

    @Test
    void whatIsUnknownOrSaidWronglyIsAnError() throws Exception {
        ledger.append(FlagCreated.bool("gastown"), flags);
        Client client = client();
        FlagEvaluationDetails<Boolean> unknown = client.getBooleanDetails("nowhere", true, ADA);
        assertThat(unknown.getErrorCode()).isEqualTo(ErrorCode.FLAG_NOT_FOUND);
        assertThat(unknown.getErrorMessage()).isEqualTo("there is no flag nowhere in gastown-production");
        assertThat(unknown.getValue()).isTrue();
        for (Map<String, Value> attributes :
                List.of(Map.of("admin", new Value("true")), Map.of("orgId", new Value(17)))) {
            assertThat(client.getBooleanDetails("gastown", false, new ImmutableContext("ada", attributes))
                            .getErrorCode())
                    .isEqualTo(ErrorCode.INVALID_CONTEXT);
        }
    }

    @Test
    void whatIsTrackedIsPassedOnWithWhoItWas() {
        List<Tracked> tracked = new CopyOnWriteArrayList<>();
        api.setProviderAndWait("domain", new FlagLedgerProvider(flags, PATIENCE, tracked::add));
        MutableTrackingEventDetails details = new MutableTrackingEventDetails(99.5).add("currency", "EUR");
        api.getClient("domain").track("checkout", ADA, details);
        assertThat(tracked)
                .containsExactly(new Tracked("checkout", Subject.user("ada").org("acme"), details));
    }

    @Test
    void hooksSeeTheDetails() throws Exception {
        ledger.append(FlagCreated.bool("gastown"), flags);
        Client client = client();
        List<String> seen = new CopyOnWriteArrayList<>();
        client.addHooks(new Hook<Boolean>() {
            @Override
            public void after(
                    HookContext<Boolean> context, FlagEvaluationDetails<Boolean> details, Map<String, Object> hints) {
                seen.add("%s %s %s of %s"
                        .formatted(
                                details.getFlagKey(),
                                details.getVariant(),
                                details.getFlagMetadata().getString("reason"),
                                requireNonNull(context.getProviderMetadata()).getName()));
            }

            @Override
            public Optional<EvaluationContext> before(HookContext<Boolean> context, Map<String, Object> hints) {
                return Optional.of(Clients.context(Subject.user("root").asAdmin()));
            }
        });
        assertThat(client.getBooleanValue("gastown", false, ADA)).isTrue();
        assertThat(seen).containsExactly("gastown on ADMIN of flag-ledger");
    }

    @Test
    void oneProviderServesManyDomainsAndLeavesTheLedgerOpenWhenItIsShutDown() throws Exception {
        ledger.append(FlagCreated.bool("gastown"), flags);
        FlagLedgerProvider provider = new FlagLedgerProvider(flags);
        api.setProviderAndWait("one", provider);
        api.setProviderAndWait("two", provider);
        EvaluationContext admin = Clients.context(Subject.user("root").asAdmin());
        assertThat(api.getClient("one").getBooleanValue("gastown", false, admin))
                .isTrue();
        assertThat(api.getClient("two").getBooleanValue("gastown", false, admin))
                .isTrue();
        api.shutdown();
        provider.shutdown();
        ledger.append(new FlagArchived("gastown"), flags);
        assertThat(flags.isOpen("gastown", Subject.user("root").asAdmin())).isFalse();
    }

    private Client client() {
        api.setProviderAndWait("domain", new FlagLedgerProvider(flags));
        return api.getClient("domain");
    }

    private Client listening() {
        Client client = api.getClient("domain");
        client.onProviderReady(event -> heard.add("READY"));
        client.onProviderStale(event -> heard.add("STALE"));
        client.onProviderError(event -> heard.add("ERROR"));
        client.onProviderConfigurationChanged(event ->
                heard.add("CHANGED " + event.getFlagsChanged().stream().sorted().toList()));
        return client;
    }

    /** A flag that serves the first value to those let in, or, if weighed, both; and the second to others. */
    private static Change of(String key, FlagValue on, FlagValue off, int weight) {
        ValueType type = on.type();
        return new FlagCreated(
                key,
                type,
                Details.NONE,
                new Variants(Map.of("a", on, "b", off), "b", List.of(new Weight("a", 1), new Weight("b", weight))),
                Bucketing.of(key, BucketBy.ORG),
                List.of());
    }
}
