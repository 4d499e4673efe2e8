package io.flagledger.benchmarks.chaos;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;

/** How old the oldest acknowledged event was that evaluators did not know of, at worst. */
final class Staleness {
    private final List<Map.Entry<Long, Long>> acknowledged;
    private long whileCurrent;
    private long atAll;

    /** @param acknowledged the highest sequence by each moment */
    Staleness(NavigableMap<Long, Long> acknowledged) {
        this.acknowledged = new ArrayList<>(acknowledged.entrySet());
    }

    /** Takes in what one evaluator said, in order. */
    void read(List<EvaluatorVerdict.Moment> moments) {
        int next = 0;
        for (EvaluatorVerdict.Moment moment : moments) {
            while (next < acknowledged.size() && acknowledged.get(next).getValue() <= moment.sequence()) {
                next++;
            }
            if (next == acknowledged.size()) {
                return;
            }
            long age = moment.from() - acknowledged.get(next).getKey();
            atAll = Math.max(atAll, age);
            if (moment.current()) {
                whileCurrent = Math.max(whileCurrent, age);
            }
        }
    }

    void count(Map<String, Long> counts) {
        counts.put("oldest event missing at an evaluator that said READY, ms", whileCurrent / 1_000_000);
        counts.put("oldest event missing at any evaluator, ms", atAll / 1_000_000);
    }
}
