package io.flagledger.benchmarks.chaos;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The scenario in short. */
class ProjectorChaosTest {
    @TempDir
    Path folder;

    @Test
    void noAnswerIsWrongAndInTheEndAllIsTheSame() throws Exception {
        Report report = ProjectorChaos.run(
                new ProjectorPlan(2, 4, 20, Duration.ofSeconds(15), Duration.ofSeconds(6), 2, 7), folder);
        assertThat(report.problems()).isEmpty();
        assertThat(report.counts().get("events accepted")).isPositive();
        assertThat(report.counts().get("servers killed")).isPositive();
        assertThat(report.counts().get("answers of the past, right")).isPositive();
    }
}
