package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.kafka.EventRecord;
import io.flagledger.core.travel.Difference;
import io.flagledger.core.travel.Differences;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Decides on changes as the writer would, and writes nothing. */
final class Rehearsal {
    private final Session session;
    private final Wish wish;
    private final Map<String, Map<Long, Definition>> restorable = new HashMap<>();
    private final List<Recorded> since = new ArrayList<>();
    private final List<Recorded> done = new ArrayList<>();

    Rehearsal(Session session, Wish wish) {
        this.session = session;
        this.wish = wish;
        for (Change change : wish.changes()) {
            if (change instanceof Change.FlagRestored restored) {
                restorable.computeIfAbsent(restored.flag(), flag -> new HashMap<>());
            }
        }
    }

    int run() {
        Ledger ledger = Ledger.of(session);
        EnvironmentState before =
                ledger.id().isPresent() ? ledger.read(this::see) : EnvironmentState.empty(ledger.environment());
        if (!done.isEmpty()) {
            tellDone();
            return Exit.DONE;
        }
        Verdict verdict = Decider.decide(before, command());
        if (verdict instanceof Verdict.Refused refused) {
            throw new Append(session).refusal(() -> before, refused.refusal(), since);
        }
        tell(before, ((Verdict.Accepted) verdict).events());
        return Exit.DONE;
    }

    private void see(EventRecord read) {
        Event event = read.recorded().event();
        FlagState flag = read.after().flags().get(event.flag());
        Map<Long, Definition> kept = restorable.get(event.flag());
        if (kept != null && flag != null && isRestored(event.flag(), event.revision())) {
            kept.put(event.revision(), flag.definition());
        }
        Long expected = wish.expectedRevision(session);
        if (expected != null
                && event.revision() > expected
                && !wish.changes().isEmpty()
                && wish.changes().get(0).flag().equals(event.flag())) {
            since.add(read.recorded());
        }
        if (event.changeId().equals(wish.changeId(session))) {
            done.add(read.recorded());
        }
    }

    private boolean isRestored(String flag, long revision) {
        return wish.changes().stream()
                .anyMatch(change -> change instanceof Change.FlagRestored restored
                        && restored.flag().equals(flag)
                        && restored.revision() == revision);
    }

    private Command command() {
        String said = session.options().reason;
        return new Command(
                        Objects.requireNonNullElse(wish.changeId(session), "rehearsal"),
                        Instant.EPOCH,
                        session.actor(),
                        said != null
                                ? said
                                : Objects.requireNonNullElse(wish.reason(), "a reason is asked for when it is done"),
                        wish.changes(),
                        wish.expectedRevision(session))
                .restoring((flag, revision) ->
                        restorable.getOrDefault(flag, Map.of()).get(revision));
    }

    private void tellDone() {
        if (session.wantsJson()) {
            tell(LedgerJson.array(List.of()), done.get(done.size() - 1).event().sequence());
            return;
        }
        Event first = done.get(0).event();
        session.out()
                .println("this was done before under the change id %s, from sequence %d on: nothing would change"
                        .formatted(Text.oneLine(first.changeId()), first.sequence()));
    }

    private void tell(EnvironmentState before, List<Event> events) {
        EnvironmentState after = before;
        Set<String> keys = new LinkedHashSet<>();
        for (Event event : events) {
            after = Fold.apply(after, new Recorded(event, after.digest(), after.digest(), after.ledgerTime()));
            keys.add(event.flag());
        }
        ArrayNode flags = LedgerJson.array(List.of());
        if (!session.wantsJson()) {
            session.out()
                    .println("nothing is written; at sequence %d of %s this would change:"
                            .formatted(before.sequence(), before.environment()));
        }
        for (String key : keys) {
            FlagState was = before.flags().get(key);
            FlagState is = Ledger.flag(after, key);
            if (session.wantsJson()) {
                flags.add(json(before.environment(), was, is));
            } else {
                tell(after, was, is);
            }
        }
        if (session.wantsJson()) {
            tell(flags, before.sequence());
        }
    }

    private void tell(EnvironmentState after, @Nullable FlagState was, FlagState is) {
        List<Difference> differences = was == null ? List.of() : Differences.between(was, is);
        session.out()
                .println("%s %s%s"
                        .formatted(
                                session.terminal().bold(is.key()),
                                session.terminal().faint(revisions(was, is)),
                                was != null && differences.isEmpty() ? ": the same in the end" : ""));
        Sheet sheet = new Sheet(session);
        if (was == null) {
            sheet.line("title", is.details().title());
            new FlagSheet(session, after).fields(sheet, is);
        }
        differences.forEach(difference -> sheet.line(difference.field(), DifferenceWords.line(difference)));
    }

    private static String revisions(@Nullable FlagState was, FlagState is) {
        return was == null
                ? "(new, revision %d)".formatted(is.lastChange().revision())
                : "(revision %d → %d)"
                        .formatted(was.lastChange().revision(), is.lastChange().revision());
    }

    private static ObjectNode json(String environment, @Nullable FlagState was, FlagState is) {
        ObjectNode json = LedgerJson.object().put("flag", is.key());
        json.putObject("revisions")
                .put("from", was == null ? 0 : was.lastChange().revision())
                .put("to", is.lastChange().revision());
        if (was == null) {
            json.set("after", LedgerJson.flag(environment, is));
        } else {
            json.set("differences", TravelJson.differences(Differences.between(was, is)));
        }
        return json;
    }

    private void tell(ArrayNode flags, long sequence) {
        ObjectNode json = LedgerJson.object()
                .put("dryRun", true)
                .put("environment", session.environment())
                .put("sequence", sequence)
                .put("doneBefore", !done.isEmpty());
        json.set("flags", flags);
        session.print(json);
    }
}
