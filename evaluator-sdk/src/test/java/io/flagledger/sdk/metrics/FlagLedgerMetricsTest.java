package io.flagledger.sdk.metrics;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.Snapshot;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.nio.file.Path;
import java.time.Instant;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FlagLedgerMetricsTest {

    @Test
    void theGaugesSayWhatTheStatusSays(@TempDir Path folder) throws Exception {
        Path file = folder.resolve("flags.snapshot");
        MemoryLedger ledger = MemoryLedger.gastown().accept(FlagCreated.bool("a"), FlagCreated.bool("b"));
        new Snapshot("the ledger", ledger.state(), 1, Instant.now().minusSeconds(60)).write(file);
        SimpleMeterRegistry registry = new SimpleMeterRegistry();
        FlagLedger flags = FlagLedger.connect(
                FlagLedgerConfig.of("127.0.0.1:1", "gastown-test").withSnapshot(file));
        try (flags) {
            new FlagLedgerMetrics(flags).bindTo(registry);
            assertThat(state(registry, "stale")).isEqualTo(1);
            assertThat(state(registry, "ready")).isZero();
            assertThat(registry.get("flag.ledger.sequence")
                            .tag("environment", "gastown-test")
                            .gauge()
                            .value())
                    .isEqualTo(2);
            assertThat(registry.get("flag.ledger.flags").gauge().value()).isEqualTo(2);
            assertThat(registry.get("flag.ledger.lag").gauge().value()).isNaN();
            assertThat(registry.get("flag.ledger.silence").timeGauge().value(TimeUnit.SECONDS))
                    .isGreaterThanOrEqualTo(60);
        }
        assertThat(state(registry, "closed")).isEqualTo(1);
    }

    private static double state(SimpleMeterRegistry registry, String state) {
        return registry.get("flag.ledger.state").tag("state", state).gauge().value();
    }
}
