package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** How evaluators said that they are, forgotten when they say nothing more. Any number of threads may use it. */
final class EvaluatorReports {
    static final Duration KEPT = Duration.ofMinutes(2);
    static final int MOST_IN_AN_ENVIRONMENT = 10_000;

    private final Clock clock;
    private final Map<String, Map<String, Report>> byEnvironment = new TreeMap<>();

    EvaluatorReports(Clock clock) {
        this.clock = clock;
    }

    /** What an evaluator said, and when it came in. */
    record Report(ObjectNode said, Instant at) {}

    /** Takes a report, in place of the evaluator's last one; false if there are too many evaluators already. */
    synchronized boolean take(String environment, String id, ObjectNode said) {
        forget();
        Map<String, Report> reports = byEnvironment.computeIfAbsent(environment, name -> new TreeMap<>());
        if (reports.size() >= MOST_IN_AN_ENVIRONMENT && !reports.containsKey(id)) {
            return false;
        }
        reports.put(id, new Report(said, clock.instant()));
        return true;
    }

    /** All reports of an environment, by the evaluators' ids. */
    synchronized List<Report> of(String environment) {
        forget();
        return List.copyOf(byEnvironment.getOrDefault(environment, Map.of()).values());
    }

    private void forget() {
        Instant oldest = clock.instant().minus(KEPT);
        byEnvironment.values().removeIf(reports -> {
            reports.values().removeIf(report -> report.at().isBefore(oldest));
            return reports.isEmpty();
        });
    }
}
