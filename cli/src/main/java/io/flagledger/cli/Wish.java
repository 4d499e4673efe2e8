package io.flagledger.cli;

import io.flagledger.core.event.Change;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Changes that are to be made together.
 *
 * @param reason why, unless the command line says
 * @param expectedRevision the one that the flag must be at, unless the command line says
 * @param changeId their name, unless the command line says
 */
record Wish(
        List<Change> changes,
        @Nullable String reason,
        @Nullable Long expectedRevision,
        @Nullable String changeId) {
    Wish {
        changes = List.copyOf(changes);
    }

    static Wish of(Change change) {
        return of(List.of(change));
    }

    static Wish of(List<Change> changes) {
        return new Wish(changes, null, null, null);
    }

    /** The same, for the flag as it is at this revision only. */
    Wish at(long revision) {
        return new Wish(changes, reason, revision, changeId);
    }

    @Nullable
    String changeId(Session session) {
        String said = session.options().changeId;
        return said == null ? changeId : said;
    }

    @Nullable
    Long expectedRevision(Session session) {
        Long said = session.options().expectRevision;
        return said == null ? expectedRevision : said;
    }
}
