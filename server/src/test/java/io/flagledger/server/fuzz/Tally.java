package io.flagledger.server.fuzz;

import java.util.List;
import java.util.Map;

/**
 * How requests were answered.
 *
 * @param refused by status
 * @param closed without an answer
 * @param sound answered otherwise, as what was bent was still sound
 * @param faults what may not be, with the requests
 */
record Tally(Map<Integer, Long> refused, long closed, long sound, List<String> faults) {
    long bad() {
        return closed + refused.values().stream().mapToLong(Long::longValue).sum();
    }

    @Override
    public String toString() {
        return "%,d bad requests: refused %s, connections closed %,d; besides %,d were sound"
                .formatted(bad(), refused, closed, sound);
    }
}
