package io.flagledger.sdk.metrics;

import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.Status.State;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.TimeGauge;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.Locale;
import java.util.concurrent.TimeUnit;

/**
 * The {@linkplain FlagLedger#status status} of an evaluator as gauges, tagged with its environment. Read when a registry
 * asks; questions to the evaluator pay nothing for it.
 *
 * <ul>
 *   <li>{@code flag.ledger.state}: 1 for the state in the tag {@code state} that it is in, 0 for the others
 *   <li>{@code flag.ledger.sequence}: of the last event that answers take into account
 *   <li>{@code flag.ledger.lag}: records of its partition still to be read; no number while nobody has said
 *   <li>{@code flag.ledger.silence}: how long ago Kafka last said anything
 *   <li>{@code flag.ledger.flags}: how many flags there are, archived ones included
 * </ul>
 */
public final class FlagLedgerMetrics implements MeterBinder {
    private final FlagLedger flags;

    public FlagLedgerMetrics(FlagLedger flags) {
        this.flags = flags;
    }

    @Override
    public void bindTo(MeterRegistry registry) {
        String environment = flags.state().environment();
        for (State state : State.values()) {
            Gauge.builder("flag.ledger.state", flags, of -> of.status().state() == state ? 1 : 0)
                    .description("1 for the state that the evaluator is in, 0 for the others")
                    .tag("environment", environment)
                    .tag("state", state.name().toLowerCase(Locale.ROOT))
                    .register(registry);
        }
        Gauge.builder("flag.ledger.sequence", flags, of -> of.status().sequence())
                .description("The last event that answers take into account")
                .tag("environment", environment)
                .register(registry);
        Gauge.builder("flag.ledger.lag", flags, FlagLedgerMetrics::lag)
                .description("Records of the environment's partition still to be read")
                .tag("environment", environment)
                .register(registry);
        TimeGauge.builder(
                        "flag.ledger.silence",
                        flags,
                        TimeUnit.MILLISECONDS,
                        of -> of.status().silence().toMillis())
                .description("How long ago Kafka last said anything")
                .tag("environment", environment)
                .register(registry);
        Gauge.builder("flag.ledger.flags", flags, of -> of.state().flags().size())
                .description("How many flags there are, archived ones included")
                .tag("environment", environment)
                .register(registry);
    }

    private static double lag(FlagLedger flags) {
        long lag = flags.status().lag();
        return lag < 0 ? Double.NaN : lag;
    }
}
