package io.flagledger.benchmarks.chaos;

import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What came of a run.
 *
 * @param counts by what they count, in the order in which they are to be read
 * @param problems what the model found wrong; empty if nothing
 */
public record Report(Map<String, Long> counts, Duration time, List<String> problems) {

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        counts.forEach((what, count) -> text.append(String.format(Locale.ROOT, "%-52s %,8d%n", what, count)));
        text.append(String.format(Locale.ROOT, "%-52s %,8d s%n", "time", time.toSeconds()));
        text.append(String.format(Locale.ROOT, "%-52s %,8d%n", "wrong", problems.size()));
        problems.stream()
                .limit(50)
                .forEach(problem -> text.append("  ").append(problem).append('\n'));
        return text.toString();
    }
}
