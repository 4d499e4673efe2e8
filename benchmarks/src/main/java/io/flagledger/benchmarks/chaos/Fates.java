package io.flagledger.benchmarks.chaos;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What became of commands that had to be sent again, as their outcome was not known or died with the process that was to hear it. */
final class Fates {
    private long untold;
    private long cutShort;
    private long wereDone;
    private long doneThen;
    private long refusedThen;

    /** Takes in what one writer did. */
    void read(List<Journal.Line> journal) {
        Map<Integer, Integer> sent = new HashMap<>();
        Map<Integer, Integer> unknown = new HashMap<>();
        for (Journal.Line line : journal) {
            int times = sent.getOrDefault(line.number(), 0);
            switch (line.kind()) {
                case SENT -> sent.merge(line.number(), 1, Integer::sum);
                case UNKNOWN -> unknown.merge(line.number(), 1, Integer::sum);
                case ACCEPTED -> {
                    if (times > 1) {
                        boolean wasDone = Boolean.parseBoolean(line.detail());
                        wereDone += wasDone ? 1 : 0;
                        doneThen += wasDone ? 0 : 1;
                    }
                }
                case REFUSED -> refusedThen += times > 1 ? 1 : 0;
            }
        }
        sent.forEach((number, times) -> {
            int without = unknown.getOrDefault(number, 0);
            untold += without;
            cutShort += Math.max(0, times - 1 - without);
        });
    }

    void count(Map<String, Long> counts) {
        counts.put("calls whose outcome was unknown", untold + cutShort);
        counts.put("  as the caller was told", untold);
        counts.put("  as the caller was killed", cutShort);
        counts.put("commands sent again, until the outcome was known", wereDone + doneThen + refusedThen);
        counts.put("  had been done: told the first outcome", wereDone);
        counts.put("  had not been done: done now", doneThen);
        counts.put("  refused", refusedThen);
    }
}
