package io.flagledger.server.metrics;

import io.flagledger.core.command.Refusal;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.kafka.AppendResult;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.projector.Projector;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.metrics.FlagLedgerMetrics;
import io.flagledger.server.LiveEnvironments;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The meters of one instance. Any number of threads may count; a count costs some tens of nanoseconds. No tag ever holds
 * what a caller made up: routes are those that are served, environments those that are followed.
 */
public final class ServerMetrics implements AutoCloseable {
    private static final Duration[] LATENCIES = {
        Duration.ofMillis(2),
        Duration.ofMillis(5),
        Duration.ofMillis(10),
        Duration.ofMillis(25),
        Duration.ofMillis(50),
        Duration.ofMillis(100),
        Duration.ofMillis(250),
        Duration.ofSeconds(1),
        Duration.ofSeconds(5),
        Duration.ofSeconds(15)
    };

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics collections = new JvmGcMetrics();
    private final Set<FlagLedger> evaluators = new HashSet<>();
    private final Map<Served, Counter> decisions = new ConcurrentHashMap<>();
    /** There from the start: of a counter that comes up with its first count, Prometheus sees no increase. */
    private final Counter unknown = counter(
                    "flag.ledger.commands.unknown",
                    "Commands of which it was not known in time whether they are in the ledger")
            .register(registry);

    private @Nullable LiveEnvironments live;
    private @Nullable ProjectionMetrics projection;

    public ServerMetrics() {
        new JvmMemoryMetrics().bindTo(registry);
        new JvmThreadMetrics().bindTo(registry);
        new ProcessorMetrics().bindTo(registry);
        new UptimeMetrics().bindTo(registry);
        new FileDescriptorMetrics().bindTo(registry);
        collections.bindTo(registry);
    }

    /** Tells of the evaluators, the writer and the projector of this instance, as far as it has them. */
    public synchronized void watch(
            LiveEnvironments evaluators, @Nullable LedgerWriter writer, @Nullable Projector projector) {
        live = evaluators;
        if (writer != null) {
            FunctionCounter.builder("flag.ledger.takeovers", writer, LedgerWriter::takeovers)
                    .description(
                            "How often this writer has taken the right to append to a partition, the first time included")
                    .register(registry);
        }
        if (projector != null) {
            projection = new ProjectionMetrics(registry, projector, evaluators);
        }
    }

    /** Counts what came of a command, and how long it took. */
    public void appended(String environment, AppendResult result, Duration taken) {
        if (result instanceof AppendResult.Accepted accepted) {
            counter("flag.ledger.commands.accepted", "Commands whose changes are in the ledger")
                    .tag("environment", environment)
                    .tag("replayed", String.valueOf(accepted.replayed()))
                    .register(registry)
                    .increment();
            latency("flag.ledger.append", "How long an accepted command took, from its check to its commit")
                    .register(registry)
                    .record(taken);
        } else if (result instanceof AppendResult.Refused refused) {
            Refusal.Kind kind = refused.refusal().kind();
            counter("flag.ledger.commands.refused", "Commands that were refused, of which nothing is in the ledger")
                    .tag("kind", kind.name())
                    .register(registry)
                    .increment();
        }
    }

    /** Counts a command of which it is not known whether it is in the ledger. */
    public void outcomeUnknown() {
        unknown.increment();
    }

    /**
     * Counts a decision that was served.
     *
     * @param door how it was asked for, such as {@code http} or {@code ofrep}; one of a few
     */
    public void decided(String door, String environment, Decision decision) {
        decisions
                .computeIfAbsent(new Served(door, environment, decision.reason()), this::counter)
                .increment();
    }

    /**
     * Counts an HTTP request that was answered.
     *
     * @param route as it is served, with its parameters' names
     */
    public void answered(String method, String route, int status, Duration taken) {
        latency("http.server.requests", "HTTP requests by route, until their answer began or, if it is short, ended")
                .tag("method", method)
                .tag("uri", route)
                .tag("status", String.valueOf(status))
                .register(registry)
                .record(taken);
    }

    /**
     * Tells of streams that are open.
     *
     * @param kind {@code feed}, {@code ofrep} or {@code sync}
     * @param open how many there are; asked on any thread
     */
    public void streams(String kind, Supplier<Number> open) {
        Gauge.builder("flag.ledger.streams", open)
                .description("Streams that clients hold open")
                .tag("kind", kind)
                .register(registry);
    }

    /** All of it in Prometheus' text format. */
    public synchronized String scrape() {
        if (live != null) {
            for (String name : live.names()) {
                FlagLedger evaluator = live.follow(name);
                if (evaluators.add(evaluator)) {
                    new FlagLedgerMetrics(evaluator).bindTo(registry);
                }
            }
        }
        if (projection != null) {
            projection.refresh();
        }
        return registry.scrape();
    }

    private Counter counter(Served served) {
        return counter("flag.ledger.served.decisions", "Decisions that were served to others")
                .tag("door", served.door())
                .tag("environment", served.environment())
                .tag("reason", served.reason().name())
                .register(registry);
    }

    private record Served(String door, String environment, Reason reason) {}

    private static Counter.Builder counter(String name, String description) {
        return Counter.builder(name).description(description);
    }

    private static Timer.Builder latency(String name, String description) {
        return Timer.builder(name).description(description).serviceLevelObjectives(LATENCIES);
    }

    @Override
    public void close() {
        collections.close();
        registry.close();
    }
}
