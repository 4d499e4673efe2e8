package io.flagledger.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenario in short. */
class EvaluatorChaosTest {
    @TempDir
    Path folder;

    @Test
    void noEvaluatorMixesCutsOrCallsItselfCurrentWhileItMissesWhatWasAcknowledged() throws Exception {
        Report report = EvaluatorChaos.run(
                new EvaluatorPlan(
                        2,
                        2,
                        20,
                        Duration.ofSeconds(8),
                        Duration.ofSeconds(4),
                        Duration.ofSeconds(3),
                        Duration.ofSeconds(1),
                        Duration.ofSeconds(15), // speed is measured, not asserted
                        7),
                folder);
        assertThat(report.problems()).isEmpty();
        assertThat(report.counts().get("events accepted")).isPositive();
        assertThat(report.counts().get("death of the broker")).isPositive();
        assertThat(report.counts().get("  that called itself current")).isPositive();
    }
}
