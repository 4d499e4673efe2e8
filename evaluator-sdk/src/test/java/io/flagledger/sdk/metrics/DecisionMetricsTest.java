package io.flagledger.sdk.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.RunningLedger;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(KafkaExtension.class)
class DecisionMetricsTest {

    @Test
    void answersAreCountedByFlagVariantAndReasonAndMadeUpFlagsAsOne(KafkaForTest broker) throws Exception {
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        try (RunningLedger ledger = new RunningLedger(broker, "ledger");
                FlagLedger flags =
                        FlagLedger.connect(ledger.config().withExposures(new DecisionMetrics(registry), 1.0))) {
            flags.awaitReady(Duration.ofSeconds(20));
            ledger.append(FlagCreated.bool("gastown"), flags);

            flags.decide("gastown", Subject.user("root").asAdmin());
            flags.isOpen("gastown", Subject.user("ada"));
            flags.isOpen("gastown", Subject.user("eve"));
            flags.isOpen("made.up.1", Subject.user("eve"));
            flags.isOpen("made.up.2", Subject.user("eve"));

            assertThat(count(registry, "gastown", "on", "ADMIN")).isEqualTo(1);
            assertThat(count(registry, "gastown", "off", "STAGE")).isEqualTo(2);
            assertThat(count(registry, "unknown", "none", "UNKNOWN_FLAG")).isEqualTo(2);
        }
    }

    private static double count(SimpleMeterRegistry registry, String flag, String variant, String reason) {
        return registry.get("flag.ledger.decisions")
                .tags("flag", flag, "variant", variant, "reason", reason)
                .counter()
                .count();
    }
}
