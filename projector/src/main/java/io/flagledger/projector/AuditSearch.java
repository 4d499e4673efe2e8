package io.flagledger.projector;

import io.flagledger.core.event.Recorded;
import io.flagledger.projector.AuditQuery.Order;
import io.flagledger.projector.StoreKeys.Tag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Finds one page of events. */
final class AuditSearch implements AutoCloseable {
    /*
     * Each filter is a sorted list of sequences in the index. The lists leap over one another: whoever stands behind is
     * told to seek the place of the one ahead, until all stand at the same sequence. So a search costs what its rarest
     * filter has, not what the ledger has. Times are bounds of sequences before it begins, for ledger time never goes back.
     * Words are in no index: what the other filters agree on is read, so much for a page and no more.
     */
    static final int MOST_READ = 20_000;

    private final Archive archive;
    private final AuditQuery query;
    private final AuditText text;
    private final boolean newestFirst;
    private final long head;
    private final long first;
    private final long last;
    private final List<Sequences> filters = new ArrayList<>();

    AuditSearch(Archive archive, AuditQuery query) {
        this.archive = archive;
        this.query = query;
        this.text = new AuditText(query.text());
        this.newestFirst = query.order() == Order.NEWEST_FIRST;
        this.head = archive.sequence();
        long low = Math.max(query.first(), 1 + archive.last(time -> time.isBefore(query.since())));
        long high = Math.min(query.last(), archive.last(time -> !time.isAfter(query.until())));
        this.first = newestFirst ? high : low;
        this.last = newestFirst ? low : high;
        filter(Tag.FLAG, query.flag());
        filter(Tag.ACTOR, query.actor());
        filter(Tag.KIND, query.kind());
    }

    private void filter(Tag tag, @Nullable String value) {
        if (value != null) {
            filters.add(archive.sequences(tag, value, query.order(), last));
        }
    }

    AuditPage page() {
        List<Recorded> found = new ArrayList<>();
        long read = 0;
        long behind = 0;
        for (long at = agreed(first); at != Sequences.NONE; at = agreed(newestFirst ? at - 1 : at + 1)) {
            if (found.size() == query.limit() || (!text.isEmpty() && read == MOST_READ)) {
                return new AuditPage(found, behind, head);
            }
            Recorded event = archive.event(at);
            if (text.isIn(event)) {
                found.add(event);
            }
            read++;
            behind = at;
        }
        return new AuditPage(found, 0, head);
    }

    /** The first sequence from there on that all filters have. */
    private long agreed(long from) {
        long target = from;
        boolean agree = false;
        while (!agree) {
            if (newestFirst ? target < last : target > last) {
                return Sequences.NONE;
            }
            agree = true;
            for (Sequences filter : filters) {
                long sequence = filter.seek(target);
                if (sequence == Sequences.NONE) {
                    return Sequences.NONE;
                }
                agree &= sequence == target;
                target = sequence;
            }
        }
        return target;
    }

    @Override
    public void close() {
        filters.forEach(Sequences::close);
    }
}
