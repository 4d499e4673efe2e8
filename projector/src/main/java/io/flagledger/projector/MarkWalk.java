package io.flagledger.projector;

import io.flagledger.core.event.Recorded;
import io.flagledger.projector.AuditQuery.Order;
import io.flagledger.projector.StoreKeys.Tag;
import java.util.ArrayList;
import java.util.List;

/** Walks over a ledger in strides, and reads only the events at which one begins or ends. */
final class MarkWalk implements AutoCloseable {
    static final String KILLED = "KillSwitchEngaged";

    private final Archive archive;
    private final String environment;
    private final long head;
    private final long stride;
    private final Sequences kills;
    private long nextKill;

    /**
     * @param limit how many marks at most
     */
    MarkWalk(Archive archive, String environment, int limit) {
        this.archive = archive;
        this.environment = environment;
        this.head = archive.sequence();
        this.stride = Math.max(1, (head + limit - 1) / limit);
        this.kills = archive.sequences(Tag.KIND, KILLED, Order.OLDEST_FIRST, head);
        this.nextKill = kills.seek(1);
    }

    Marks marks() {
        List<Marks.Mark> marks = new ArrayList<>();
        for (long first = 1; first <= head; first = marks.get(marks.size() - 1).last() + 1) {
            marks.add(mark(first));
        }
        return new Marks(environment, marks, head);
    }

    private Marks.Mark mark(long first) {
        Recorded start = archive.event(first);
        Recorded inside = archive.event(Math.min(head, first + stride - 1));
        long last = Math.min(
                head, inside.event().sequence() + inside.event().batch().remaining());
        Recorded end = last == inside.event().sequence() ? inside : archive.event(last);
        boolean one = end.event().batch().index() == last - first;
        return new Marks.Mark(first, last, start.appendedAt(), end.appendedAt(), kills(last), one ? end : null);
    }

    private long kills(long last) {
        long count = 0;
        while (nextKill != Sequences.NONE && nextKill <= last) {
            count++;
            nextKill = kills.seek(nextKill + 1);
        }
        return count;
    }

    @Override
    public void close() {
        kills.close();
    }
}
