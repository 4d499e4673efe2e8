package io.flagledger.benchmarks.chaos;

import io.flagledger.core.event.Recorded;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Holds the times in a ledger against this machine's clock: brokers say when, and a writer whose clock is wrong changes nothing of it. */
final class LedgerTimes {
    /** What the clock may be put right by in a run, and is cut off of milliseconds. */
    private static final Duration TOLERANCE = Duration.ofMillis(50);

    private static final Duration PLAINLY_WRONG = Duration.ofMinutes(1);

    /** When a command was sent first and acknowledged, by the machine's clock. */
    record Call(Instant sent, Instant acknowledged) {}

    private final List<String> problems = new ArrayList<>();
    private long checked;
    private long wrongClocks;

    /**
     * @param ledger as it was written
     * @param ledgerTimes that the fold made of it, in order
     * @param calls by change id
     */
    LedgerTimes(List<Recorded> ledger, List<Instant> ledgerTimes, Map<String, Call> calls) {
        for (int i = 1; i < ledgerTimes.size(); i++) {
            if (ledgerTimes.get(i).isBefore(ledgerTimes.get(i - 1))) {
                problems.add(
                        "ledger time goes back, from %s to %s".formatted(ledgerTimes.get(i - 1), ledgerTimes.get(i)));
            }
        }
        for (Recorded recorded : ledger) {
            Instant time = recorded.appendedAt();
            long sequence = recorded.event().sequence();
            Call call = calls.get(recorded.event().changeId());
            if (call != null) {
                checked++;
                if (time.isBefore(call.sent().minus(TOLERANCE))
                        || time.isAfter(call.acknowledged().plus(TOLERANCE))) {
                    problems.add("event %d was appended at %s, but was sent at %s and acknowledged at %s"
                            .formatted(sequence, time, call.sent(), call.acknowledged()));
                }
            }
            Duration off = Duration.between(recorded.event().occurredAt(), time).abs();
            if (off.compareTo(PLAINLY_WRONG) > 0) {
                wrongClocks++;
            }
        }
    }

    List<String> problems() {
        return problems;
    }

    void count(Map<String, Long> counts) {
        counts.put("ledger times between call and acknowledgement", checked);
        counts.put("  of events whose writer's clock was plainly wrong", wrongClocks);
    }
}
