package io.flagledger.cli;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.FoldException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads an export to its end, before anything is made of it, and folds it. */
final class ExportCheck {
    private final Set<String> restored = new HashSet<>();
    private final Map<String, Definition> definitions = new HashMap<>();

    private ExportCheck() {}

    /** The state that the export leads to. */
    static EnvironmentState fold(Path path) {
        ExportCheck check = new ExportCheck();
        check.lookForRestorations(path);
        return check.foldAll(path);
    }

    private void lookForRestorations(Path path) {
        try (ExportFile file = ExportFile.open(path)) {
            for (Recorded recorded = file.next(); recorded != null; recorded = file.next()) {
                if (recorded.event().change() instanceof Change.FlagRestored change) {
                    restored.add(key(change.flag(), change.revision()));
                }
            }
        }
    }

    private EnvironmentState foldAll(Path path) {
        try (ExportFile file = ExportFile.open(path)) {
            EnvironmentState state = EnvironmentState.empty(file.header().environment());
            @Nullable Event before = null;
            for (Recorded recorded = file.next(); recorded != null; recorded = file.next()) {
                Event event = recorded.event();
                if (before != null && event.batch().index() > 0 && !areOneCommand(before, event)) {
                    throw file.malformed("the events of a batch have one actor, reason, changeId and time");
                }
                state = fold(file, state, recorded);
                before = event;
            }
            if (state.sequence() == 0) {
                throw file.malformed("there are no events in it");
            }
            if (!state.isWhole()) {
                throw file.malformed("the export ends in the middle of a batch: was it cut off?");
            }
            return state;
        }
    }

    private EnvironmentState fold(ExportFile file, EnvironmentState state, Recorded recorded) {
        try {
            EnvironmentState after = Fold.apply(state, withDefinition(recorded));
            Event event = recorded.event();
            String key = key(event.flag(), event.revision());
            FlagState flag = after.flags().get(event.flag());
            if (restored.contains(key) && flag != null) {
                definitions.put(key, flag.definition());
            }
            return after;
        } catch (FoldException e) {
            throw file.malformed(String.valueOf(e.getMessage()));
        }
    }

    private Recorded withDefinition(Recorded recorded) {
        if (!(recorded.event().change() instanceof Change.FlagRestored change)) {
            return recorded;
        }
        Definition definition = definitions.get(key(change.flag(), change.revision()));
        return new Recorded(
                with(
                        recorded.event(),
                        recorded.event().environment(),
                        new Change.FlagRestored(change.flag(), change.revision(), definition)),
                recorded.previousDigest(),
                recorded.digest(),
                recorded.appendedAt());
    }

    /** The event as an export has it, in this environment, so that two of them can be compared. */
    static Event comparable(Event event, String environment) {
        return with(
                event,
                environment,
                event.change() instanceof Change.FlagRestored change
                        ? Change.FlagRestored.to(change.flag(), change.revision())
                        : event.change());
    }

    private static Event with(Event event, String environment, Change change) {
        return new Event(
                environment,
                event.sequence(),
                event.revision(),
                event.occurredAt(),
                event.actor(),
                event.reason(),
                event.changeId(),
                event.batch(),
                change);
    }

    private static boolean areOneCommand(Event one, Event other) {
        return one.changeId().equals(other.changeId())
                && one.actor().equals(other.actor())
                && one.reason().equals(other.reason())
                && one.occurredAt().equals(other.occurredAt());
    }

    private static String key(String flag, long revision) {
        return flag + "/" + revision;
    }
}
