package io.flagledger.projector;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.EnvironmentDiff;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.Lineage;
import io.flagledger.core.travel.Revision;
import io.flagledger.core.travel.Timeline;
import io.flagledger.projector.AuditQuery.Order;
import io.flagledger.projector.StoreKeys.Tag;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The past of one environment by seeks in the store, where {@code ReplayedHistory} goes through all events. */
final class ProjectedHistory implements LedgerHistory {
    private final String environment;
    private final Archives archives;

    ProjectedHistory(String environment, Archives archives) {
        this.environment = environment;
        this.archives = archives;
    }

    @Override
    public EnvironmentState at(Cut cut) {
        return archives.ask(environment, archive -> archive.state(archive.sequence(cut)));
    }

    @Override
    public EnvironmentDiff diff(Cut from, Cut to) {
        return archives.ask(
                environment,
                archive -> EnvironmentDiff.between(
                        archive.state(archive.sequence(from)), archive.state(archive.sequence(to))));
    }

    @Override
    public List<Revision> history(String flag) {
        return history(flag, 0, Integer.MAX_VALUE);
    }

    /** The revisions of a flag that were made behind a sequence, oldest first, at most so many. */
    List<Revision> history(String flag, long after, int limit) {
        return archives.ask(environment, archive -> {
            List<Revision> revisions = new ArrayList<>();
            @Nullable FlagState before = archive.flag(flag, Math.min(after, archive.sequence()));
            try (Sequences changes = archive.sequences(Tag.FLAG, flag, Order.OLDEST_FIRST, archive.sequence())) {
                long at = changes.seek(after + 1);
                while (at != Sequences.NONE && revisions.size() < limit) {
                    var recorded = archive.event(at);
                    FlagState state = Fold.apply(before, recorded);
                    revisions.add(Revision.of(recorded, before, state));
                    before = state;
                    at = changes.seek(at + 1);
                }
            }
            return List.copyOf(revisions);
        });
    }

    @Override
    public Timeline timeline(String flag, Subject subject) {
        return archives.ask(environment, archive -> {
            try (LineageWalk walk = new LineageWalk(archive, environment, flag, subject)) {
                return walk.timeline();
            }
        });
    }

    @Override
    public Decision decisionAt(String flag, Subject subject, Cut cut) {
        return archives.ask(
                environment, archive -> Lineage.decide(archive.lineage(flag, archive.sequence(cut)), flag, subject));
    }
}
