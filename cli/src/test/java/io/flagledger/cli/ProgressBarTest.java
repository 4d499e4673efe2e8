package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class ProgressBarTest {
    private final StringWriter said = new StringWriter();
    private long now;

    private ProgressBar bar(boolean seen) {
        return new ProgressBar(new PrintWriter(said), "reading", seen, () -> now);
    }

    private void pass(Duration time) {
        now += time.toNanos();
    }

    @Test
    void saysNothingOfAShortRead() {
        try (ProgressBar bar = bar(true)) {
            pass(Duration.ofMillis(999));
            bar.read(5, 10);
        }
        assertThat(said.toString()).isEmpty();
    }

    @Test
    void showsALongReadAndCleansUp() {
        try (ProgressBar bar = bar(true)) {
            pass(Duration.ofSeconds(1));
            bar.read(2_500, 10_000);
            assertThat(said.toString()).startsWith("\rreading ███████░").endsWith("  25 %, 2,500 of 10,000");
            pass(Duration.ofMillis(50));
            bar.read(3_000, 10_000);
            assertThat(said.toString())
                    .as("not more often than eyes can follow")
                    .doesNotContain("3,000");
            pass(Duration.ofMillis(50));
            bar.read(10_000, 10_000);
            assertThat(said.toString()).endsWith(" 100 %, 10,000 of 10,000");
        }
        assertThat(said.toString()).endsWith("\r\u001b[K");
    }

    @Test
    void saysNothingWhereNobodyLooks() {
        try (ProgressBar bar = bar(false)) {
            pass(Duration.ofSeconds(5));
            bar.read(5, 10);
        }
        assertThat(said.toString()).isEmpty();
    }
}
