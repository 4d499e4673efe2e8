package io.flagledger.server.metrics;

import io.flagledger.core.codec.Head;
import io.flagledger.projector.History;
import io.flagledger.projector.HistoryUnavailableException;
import io.flagledger.projector.Projector;
import io.flagledger.server.LiveEnvironments;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.MultiGauge.Row;
import io.micrometer.core.instrument.Tags;
import java.util.ArrayList;
import java.util.List;

/** How far this instance has projected what it holds. Looked up when it is asked for. */
final class ProjectionMetrics {
    private final Projector projector;
    private final LiveEnvironments live;
    private final MultiGauge sequences;
    private final MultiGauge lags;
    private final MultiGauge stops;

    ProjectionMetrics(MeterRegistry registry, Projector projector, LiveEnvironments live) {
        this.projector = projector;
        this.live = live;
        Gauge.builder("flag.ledger.projection.running", projector, of -> of.isRunning() ? 1 : 0)
                .description(
                        "1 while all partitions of this instance are projected, 0 while they are restored or moved")
                .register(registry);
        this.sequences = MultiGauge.builder("flag.ledger.projection.sequence")
                .description(
                        "The last event that was projected, of environments that this instance owns or stands by for")
                .register(registry);
        this.lags = MultiGauge.builder("flag.ledger.projection.lag")
                .description("Events that the projection is behind the evaluator of the same instance")
                .register(registry);
        this.stops = MultiGauge.builder("flag.ledger.projection.stopped")
                .description("1 for an environment that is not projected any more because of an event")
                .register(registry);
    }

    void refresh() {
        List<Row<?>> sequence = new ArrayList<>();
        List<Row<?>> lag = new ArrayList<>();
        List<Row<?>> stopped = new ArrayList<>();
        try {
            History history = projector.staleHistory();
            for (String environment : history.environments()) {
                Tags tags = Tags.of("environment", environment);
                long at = history.head(environment).map(Head::sequence).orElse(0L);
                sequence.add(Row.of(tags, at));
                stopped.add(Row.of(tags, history.stopped(environment).isPresent() ? 1 : 0));
                if (live.names().contains(environment)) {
                    long known = live.follow(environment).state().sequence();
                    lag.add(Row.of(tags, Math.max(0, known - at)));
                }
            }
        } catch (HistoryUnavailableException e) {
            // flag.ledger.projection.running says so; what was known before would be no answer
        }
        sequences.register(sequence, true);
        lags.register(lag, true);
        stops.register(stopped, true);
    }
}
