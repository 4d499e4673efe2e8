package io.flagledger.projector;

import io.flagledger.core.codec.Head;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides what of a partition goes to the state topic, which others may have written to before. For one thread. */
final class Publication {
    /*
     * As long as the topic stands where the store stands, what changed is sent. Where it does not (the store was emptied,
     * another version is or was at work, records were lost), nothing may be sent that is older than what readers have:
     * until the fold has come as far as the topic, nothing is sent; and then everything, once, for what the topic holds
     * may have come from anywhere. Another projector may have moved on meanwhile, so before everything is sent, the topic
     * is looked at once more.
     *
     * Two projectors that both are at the end can still cross each other's records. That is no matter of who writes: a
     * reader adds up the revisions of the flags, which come to the head's sequence or are no cut.
     */
    private final PublishedHeads published;
    private final int partition;
    private final Set<String> agreed = new HashSet<>();
    private Map<String, Head> floors;

    Publication(PublishedHeads published, int partition, Map<String, Head> stored) {
        this.published = published;
        this.partition = partition;
        this.floors = published.in(partition);
        stored.forEach((environment, head) -> {
            if (isSame(head, floors.get(environment))) {
                agreed.add(environment);
            }
        });
    }

    enum Part {
        NOTHING,
        CHANGES,
        EVERYTHING
    }

    /** What is to be sent of an environment that has come to this head. */
    Part next(Head head) {
        String environment = head.environment();
        if (agreed.contains(environment)) {
            return Part.CHANGES;
        }
        if (isBelow(head, floors.get(environment))) {
            return Part.NOTHING;
        }
        floors = new HashMap<>(published.in(partition));
        if (isBelow(head, floors.get(environment))) {
            return Part.NOTHING;
        }
        agreed.add(environment);
        return Part.EVERYTHING;
    }

    /** Whether the topic does not say of an environment what the store says. */
    boolean isToRepair(String environment) {
        return !agreed.contains(environment);
    }

    private static boolean isBelow(Head head, @Nullable Head floor) {
        return floor != null && head.sequence() < floor.sequence();
    }

    private static boolean isSame(Head head, @Nullable Head other) {
        return other != null
                && head.sequence() == other.sequence()
                && head.digest().equals(other.digest());
    }
}
