package io.flagledger.sdk;

import static io.flagledger.sdk.TestLedger.ENVIRONMENT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import com.sun.management.ThreadMXBean;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.sdk.ValueDetails.Trouble;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Kafka does not matter here, so a snapshot takes its place. */
final class TypedValuesTest {
    private static final Subject ADMIN = Subject.user("ada").asAdmin();
    private static final Subject EVE = Subject.user("eve");
    private static final long BEYOND_INT = 5_000_000_000L;

    @TempDir
    private Path folder;

    private FlagLedgerConfig config;

    @BeforeEach
    void write() throws Exception {
        MemoryLedger ledger = new MemoryLedger(ENVIRONMENT)
                .accept(
                        flag("boolean", new FlagValue.BooleanValue(true), new FlagValue.BooleanValue(false)),
                        flag("string", new FlagValue.StringValue("new"), new FlagValue.StringValue("old")),
                        flag("integer", new FlagValue.IntegerValue(7), new FlagValue.IntegerValue(-7)),
                        flag("big", new FlagValue.IntegerValue(BEYOND_INT), new FlagValue.IntegerValue(0)),
                        flag("double", new FlagValue.DoubleValue(0.5), new FlagValue.DoubleValue(0.25)),
                        flag("object", new FlagValue.ObjectValue("{\"a\":1}"), new FlagValue.ObjectValue("{}")));
        Path file = folder.resolve("flags.snapshot");
        new Snapshot("the ledger", ledger.state(), 0, Instant.now()).write(file);
        config = FlagLedgerConfig.of("127.0.0.1:1", ENVIRONMENT).withSnapshot(file);
    }

    @Test
    void eachTypeIsServedToWhoIsLetInAndToWhoIsNot() {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.booleanValue("boolean", ADMIN, false)).isTrue();
            assertThat(flags.booleanValue("boolean", EVE, true)).isFalse();
            assertThat(flags.stringValue("string", ADMIN, "none")).isEqualTo("new");
            assertThat(flags.stringValue("string", EVE, "none")).isEqualTo("old");
            assertThat(flags.intValue("integer", ADMIN, 1)).isEqualTo(7);
            assertThat(flags.intValue("integer", EVE, 1)).isEqualTo(-7);
            assertThat(flags.longValue("big", ADMIN, 1)).isEqualTo(BEYOND_INT);
            assertThat(flags.longValue("big", EVE, 1)).isZero();
            assertThat(flags.doubleValue("double", ADMIN, 1)).isEqualTo(0.5);
            assertThat(flags.doubleValue("double", EVE, 1)).isEqualTo(0.25);
            assertThat(flags.objectValue("object", ADMIN, "null")).isEqualTo("{\"a\":1}");
            assertThat(flags.objectValue("object", EVE, "null")).isEqualTo("{}");
        }
    }

    @Test
    void aHandleServesTheSame() {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.handle("boolean").booleanValue(ADMIN, false)).isTrue();
            assertThat(flags.handle("string").stringValue(ADMIN, "none")).isEqualTo("new");
            assertThat(flags.handle("integer").intValue(ADMIN, 1)).isEqualTo(7);
            assertThat(flags.handle("big").longValue(ADMIN, 1)).isEqualTo(BEYOND_INT);
            assertThat(flags.handle("double").doubleValue(ADMIN, 1)).isEqualTo(0.5);
            assertThat(flags.handle("object").objectValue(ADMIN, "null")).isEqualTo("{\"a\":1}");
            assertThat(flags.handle("boolean").booleanDetails(ADMIN, false))
                    .isEqualTo(flags.booleanDetails("boolean", ADMIN, false));
            assertThat(flags.handle("string").stringDetails(ADMIN, "none"))
                    .isEqualTo(flags.stringDetails("string", ADMIN, "none"));
            assertThat(flags.handle("integer").intDetails(ADMIN, 1)).isEqualTo(flags.intDetails("integer", ADMIN, 1));
            assertThat(flags.handle("big").longDetails(ADMIN, 1)).isEqualTo(flags.longDetails("big", ADMIN, 1));
            assertThat(flags.handle("double").doubleDetails(ADMIN, 1))
                    .isEqualTo(flags.doubleDetails("double", ADMIN, 1));
            assertThat(flags.handle("object").objectDetails(ADMIN, "null"))
                    .isEqualTo(flags.objectDetails("object", ADMIN, "null"));
        }
    }

    @Test
    void detailsCarryTheWholeDecision() {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            ValueDetails<String> details = flags.stringDetails("string", ADMIN, "none");
            assertThat(details.value()).isEqualTo("new");
            assertThat(details.decision()).isEqualTo(flags.decide("string", ADMIN));
            assertThat(details.decision().reason()).isEqualTo(Reason.ADMIN);
            assertThat(details.trouble()).isNull();
            assertThat(details.message()).isNull();
        }
    }

    @Test
    void aValueOfAnotherTypeIsTheDefaultAndTheDetailsTell() {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.booleanValue("string", ADMIN, true)).isTrue();
            assertThat(flags.stringValue("boolean", ADMIN, "none")).isEqualTo("none");
            assertThat(flags.intValue("double", ADMIN, 1)).isEqualTo(1);
            assertThat(flags.doubleValue("integer", ADMIN, 1.5)).isEqualTo(1.5);
            assertThat(flags.stringValue("object", ADMIN, "none")).isEqualTo("none");
            assertThat(flags.objectValue("string", ADMIN, "null")).isEqualTo("null");
            ValueDetails<Boolean> details = flags.booleanDetails("string", ADMIN, true);
            assertThat(details.value()).isTrue();
            assertThat(details.trouble()).isEqualTo(Trouble.TYPE_MISMATCH);
            assertThat(details.message()).isEqualTo("string serves the STRING new, which is no boolean");
            assertThat(details.decision().granted()).isTrue();
        }
    }

    @Test
    void aNumberThatAnIntCannotHoldIsNotCutShort() {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.intValue("big", ADMIN, 1)).isEqualTo(1);
            assertThat(flags.intDetails("big", ADMIN, 1).trouble()).isEqualTo(Trouble.TYPE_MISMATCH);
            assertThat(flags.intDetails("big", ADMIN, 1).message())
                    .isEqualTo("big serves the INTEGER 5000000000, which is no int");
        }
    }

    @Test
    void anUnknownFlagIsTheDefaultAndTheDetailsTellWhetherAnythingIsKnown() {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            assertThat(flags.stringValue("nothing", ADMIN, "none")).isEqualTo("none");
            assertThat(flags.stringDetails("nothing", ADMIN, "none").trouble()).isEqualTo(Trouble.FLAG_NOT_FOUND);
        }
        try (FlagLedger flags = FlagLedger.connect(FlagLedgerConfig.of("127.0.0.1:1", ENVIRONMENT))) {
            assertThat(flags.stringValue("string", ADMIN, "none")).isEqualTo("none");
            assertThat(flags.stringDetails("string", ADMIN, "none").trouble()).isEqualTo(Trouble.NOT_READY);
        }
    }

    @Test
    void whoeverWantsToKnowIsToldEachAnswerOnceAndHisFailureHarmsNobody() {
        List<Decision> told = new CopyOnWriteArrayList<>();
        ExposureListener listener = (subject, decision) -> {
            told.add(decision);
            throw new IllegalStateException("on purpose");
        };
        try (FlagLedger flags = FlagLedger.connect(config.withExposures(listener, 1))) {
            flags.isOpen("boolean", ADMIN);
            flags.decide("string", ADMIN);
            flags.intValue("integer", EVE, 1);
            flags.doubleDetails("double", EVE, 1);
            flags.handle("object").objectValue(ADMIN, "null");
            assertThat(told)
                    .extracting(Decision::flag, Decision::reason)
                    .containsExactly(
                            tuple("boolean", Reason.ADMIN),
                            tuple("string", Reason.ADMIN),
                            tuple("integer", Reason.STAGE),
                            tuple("double", Reason.STAGE),
                            tuple("object", Reason.ADMIN));
        }
        told.clear();
        try (FlagLedger flags = FlagLedger.connect(config.withExposures(listener, 0))) {
            flags.isOpen("boolean", ADMIN);
        }
        assertThat(told).isEmpty();
    }

    @Test
    void askingAllocatesNothing() {
        try (FlagLedger flags = FlagLedger.connect(config)) {
            FlagHandle handle = flags.handle("boolean");
            ask(flags, handle); // whatever is made once is made now
            ThreadMXBean memory = (ThreadMXBean) ManagementFactory.getThreadMXBean();
            long before = memory.getCurrentThreadAllocatedBytes();
            for (int i = 0; i < 10_000; i++) {
                ask(flags, handle);
            }
            assertThat((memory.getCurrentThreadAllocatedBytes() - before) / 10_000)
                    .isZero();
        }
    }

    private static void ask(FlagLedger flags, FlagHandle handle) {
        check(!flags.isOpen("boolean", EVE) && handle.isOpen(ADMIN));
        check(flags.booleanValue("boolean", ADMIN, false) && !handle.booleanValue(EVE, true));
        check(flags.intValue("integer", ADMIN, 1) == flags.longValue("integer", ADMIN, 1));
        check(flags.doubleValue("double", EVE, 1) < flags.doubleValue("double", ADMIN, 0));
        check(!flags.stringValue("string", EVE, "none").equals(flags.objectValue("object", EVE, "none")));
    }

    private static void check(boolean expected) {
        if (!expected) {
            throw new AssertionError("a wrong answer");
        }
    }

    private static FlagCreated flag(String key, FlagValue on, FlagValue off) {
        ValueType type = on.type();
        return new FlagCreated(
                key,
                type,
                Details.NONE,
                new Variants(Map.of("on", on, "off", off), "off", List.of(new Weight("on", 1))),
                Bucketing.of(key, BucketBy.ORG),
                List.of());
    }
}
