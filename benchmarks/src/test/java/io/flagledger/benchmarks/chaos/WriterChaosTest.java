package io.flagledger.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenario in short. */
class WriterChaosTest {
    @TempDir
    Path folder;

    @Test
    void everyAnswerIsTrueAtItsPosition() throws Exception {
        Report report = WriterChaos.run(new Plan(2, 2, 25, 2, Duration.ofSeconds(1), 1, 1), folder);
        assertThat(report.problems()).isEmpty();
        assertThat(report.counts().get("accepted")).isPositive();
        assertThat(report.counts().get("refused")).isPositive();
    }
}
