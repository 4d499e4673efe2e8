package io.flagledger.benchmarks.chaos;

import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/**
 * Judges a ledger and the writers' journals as if one had written after the other: folds the events in order, and holds
 * every answer against the state at the position that it names. That this order is a true one (each answer lies between
 * call and return) is checked by the machine's clock.
 */
final class Model {
    private final Commands commands;
    private final List<String> problems = new ArrayList<>();
    private final List<EnvironmentState> states = new ArrayList<>();
    private final Map<String, Restorable> restorables = new HashMap<>();
    private final Map<String, List<Recorded>> batches = new HashMap<>();
    private final List<Answer> answers = new ArrayList<>();
    private final List<Unplaced> unplaced = new ArrayList<>();
    private final Set<String> refusedButDone = new HashSet<>();
    private long doneAfterRefusal;

    /** A refusal that does not say at which position. */
    private record Unplaced(String id, String kind, long start, long end, LongFunction<Command> sent) {}

    /** An answer, from the first moment at which it can have come true to the return of the call. */
    private record Answer(String id, long start, long end, long position, boolean isAccepted) {}

    /** What a flag was at a revision, and the sequence since which that can be restored. */
    private record Restorable(long since, Definition definition) {}

    Model(Commands commands, List<Recorded> ledger) {
        this.commands = commands;
        states.add(EnvironmentState.empty(WriterProcess.ENVIRONMENT));
        Digest previous = states.get(0).digest();
        for (Recorded recorded : ledger) {
            Event event = recorded.event();
            require(event.sequence() == states.size(), "event %d is at position %d", event.sequence(), states.size());
            require(recorded.previousDigest().equals(previous), "event %d breaks the chain", event.sequence());
            previous = recorded.digest();
            EnvironmentState after = Fold.apply(states.get(states.size() - 1), recorded);
            states.add(after);
            FlagState flag = after.flags().get(event.flag());
            if (flag != null) {
                restorables.put(
                        event.flag() + "@" + event.revision(), new Restorable(event.sequence(), flag.definition()));
            }
            batches.computeIfAbsent(event.changeId(), id -> new ArrayList<>()).add(recorded);
        }
        batches.forEach(this::checkBatch);
    }

    private void checkBatch(String id, List<Recorded> batch) {
        long first = batch.get(0).event().sequence();
        require(
                batch.size() == batch.get(0).event().batch().size(),
                "%s is in the ledger %d times, but has %d events",
                id,
                batch.size(),
                batch.get(0).event().batch().size());
        for (int i = 0; i < batch.size(); i++) {
            Event event = batch.get(i).event();
            require(event.batch().index() == i && event.sequence() == first + i, "%s is torn or doubled", id);
        }
    }

    /** Holds what a writer was told against the ledger. */
    void judge(int writer, int changes, List<Journal.Line> journal) {
        Map<Integer, Journal.Line> firstSent = new HashMap<>();
        Map<Integer, Journal.Line> lastSent = new HashMap<>();
        Set<Integer> ended = new HashSet<>();
        for (Journal.Line line : journal) {
            int number = line.number();
            String id = WriterProcess.changeId(writer, number);
            switch (line.kind()) {
                case SENT -> {
                    firstSent.putIfAbsent(number, line);
                    Journal.Line before = lastSent.put(number, line);
                    require(before == null || before.detail().equals(line.detail()), "%s was repeated otherwise", id);
                }
                case ACCEPTED -> {
                    require(ended.add(number), "%s has two outcomes", id);
                    answers.add(new Answer(id, nanos(firstSent, number), line.nanos(), line.position(), true));
                    accepted(id, line.position(), at -> command(writer, number, lastSent, at));
                }
                case REFUSED -> {
                    require(ended.add(number), "%s has two outcomes", id);
                    if (line.position() == JournaledWriter.NOT_TOLD) {
                        boolean isFirst = Objects.equals(firstSent.get(number), lastSent.get(number));
                        refusedSomewhere(
                                id,
                                isFirst,
                                nanos(lastSent, number),
                                line,
                                at -> command(writer, number, lastSent, at));
                        break;
                    }
                    answers.add(new Answer(id, nanos(lastSent, number), line.nanos(), line.position(), false));
                    refused(id, line, command(writer, number, lastSent, line.position()));
                }
                case UNKNOWN -> {}
            }
        }
        require(ended.size() == changes, "writer %d has %d outcomes of %d", writer, ended.size(), changes);
    }

    private static long nanos(Map<Integer, Journal.Line> sent, int number) {
        Journal.Line line = sent.get(number);
        return line == null ? Long.MAX_VALUE : line.nanos();
    }

    private void accepted(String id, long sequence, LongFunction<Command> sent) {
        List<Recorded> batch = batches.get(id);
        if (batch == null || batch.get(batch.size() - 1).event().sequence() != sequence) {
            require(false, "%s was acknowledged at %d, where it is not", id, sequence);
            return;
        }
        Event first = batch.get(0).event();
        Command command = sent.apply(first.sequence() - 1);
        require(first.actor().equals(command.actor()), "%s is by %s", id, first.actor());
        Verdict verdict = Decider.decide(states.get((int) first.sequence() - 1), command);
        if (verdict instanceof Verdict.Accepted accepted) {
            require(
                    changes(accepted.events())
                            .equals(changes(batch.stream().map(Recorded::event).toList())),
                    "%s is not what was sent",
                    id);
        } else {
            require(false, "%s was accepted at %d, but should have been refused", id, first.sequence());
        }
    }

    private void refused(String id, Journal.Line line, Command command) {
        require(!batches.containsKey(id), "%s was refused and is in the ledger", id);
        if (line.position() < 0 || line.position() >= states.size()) {
            require(false, "%s was refused at %d, which never was", id, line.position());
            return;
        }
        Verdict verdict = Decider.decide(states.get((int) line.position()), command);
        Refusal.Kind kind =
                verdict instanceof Verdict.Refused refused ? refused.refusal().kind() : null;
        require(
                kind != null && kind.name().equals(line.detail()),
                "%s was refused at %d as %s, but is %s there",
                id,
                line.position(),
                line.detail(),
                kind == null ? "right" : kind);
    }

    /**
     * What was sent more than once, each time to another server, may be done by the one that was asked first after the other has refused it: that is counted,
     * and is nobody's fault.
     */
    private void refusedSomewhere(
            String id, boolean isFirst, long start, Journal.Line line, LongFunction<Command> sent) {
        if (batches.containsKey(id)) {
            require(!isFirst, "%s was refused and is in the ledger", id);
            doneAfterRefusal++;
            refusedButDone.add(id);
        }
        unplaced.add(new Unplaced(id, line.detail(), start, line.nanos(), sent));
    }

    /** How many commands a server did after another had refused them. */
    long doneAfterRefusal() {
        return doneAfterRefusal;
    }

    /** A refusal must be right somewhere between what was acknowledged before it was asked for and what was sent before it came. */
    private void checkUnplaced(Map<String, Long> starts) {
        NavigableMap<Long, Long> acknowledged = new TreeMap<>();
        answers.stream()
                .filter(Answer::isAccepted)
                .forEach(answer -> acknowledged.merge(answer.end(), answer.position(), Math::max));
        long highest = 0;
        for (Map.Entry<Long, Long> entry : acknowledged.entrySet()) {
            highest = Math.max(highest, entry.getValue());
            entry.setValue(highest);
        }
        Map<Long, Long> startOf = new HashMap<>();
        batches.forEach((id, batch) -> batch.forEach(
                recorded -> startOf.put(recorded.event().sequence(), starts.getOrDefault(id, Long.MIN_VALUE))));
        for (Unplaced refusal : unplaced) {
            Map.Entry<Long, Long> before = acknowledged.floorEntry(refusal.start());
            long position = before == null ? 0 : before.getValue();
            boolean isRight = isRefused(refusal, position);
            while (!isRight
                    && position + 1 < states.size()
                    && startOf.getOrDefault(position + 1, Long.MAX_VALUE) <= refusal.end()) {
                position++;
                isRight = isRefused(refusal, position);
            }
            require(isRight, "%s was refused as %s, but nowhere is it so", refusal.id(), refusal.kind());
        }
    }

    private boolean isRefused(Unplaced refusal, long position) {
        EnvironmentState state = states.get((int) position);
        return state.isWhole() // nothing is decided inside a batch
                && Decider.decide(state, refusal.sent().apply(position)) instanceof Verdict.Refused refused
                && refused.refusal().kind().name().equals(refusal.kind());
    }

    /** The command as the writer completes it at a position. */
    private Command command(int writer, int number, Map<Integer, Journal.Line> sent, long position) {
        Journal.Line line = sent.get(number);
        long expected = line == null ? -1 : Long.parseLong(line.detail());
        return new Command(
                        WriterProcess.changeId(writer, number),
                        Instant.EPOCH,
                        WriterProcess.actor(writer),
                        "chaos",
                        commands.changes(writer, number),
                        expected < 0 ? null : expected)
                .restoring((flag, revision) -> definition(flag, revision, position));
    }

    /** What the flag was at the revision, unless that came later. */
    private @Nullable Definition definition(String flag, long revision, long position) {
        Restorable found = restorables.get(flag + "@" + revision);
        return found == null || found.since() > position ? null : found.definition();
    }

    private static List<Change> changes(List<Event> events) {
        return events.stream().map(Event::change).toList();
    }

    /** To be called when every journal was judged. */
    List<String> verdict() {
        Set<String> acknowledged = new HashSet<>();
        answers.stream().filter(Answer::isAccepted).map(Answer::id).forEach(acknowledged::add);
        batches.keySet().stream()
                .filter(id -> !acknowledged.contains(id) && !refusedButDone.contains(id))
                .forEach(id -> require(false, "%s is in the ledger, but nobody was told", id));
        checkOrder();
        return problems;
    }

    /** Who calls after another's return is judged after it, and nothing is in an answer that was sent after it. */
    private void checkOrder() {
        List<Answer> byStart = new ArrayList<>(answers);
        byStart.sort(Comparator.comparingLong(Answer::start));
        List<Answer> byEnd = new ArrayList<>(answers);
        byEnd.sort(Comparator.comparingLong(Answer::end));
        long known = 0;
        int returned = 0;
        for (Answer answer : byStart) {
            while (returned < byEnd.size() && byEnd.get(returned).end() < answer.start()) {
                known = Math.max(known, byEnd.get(returned++).position());
            }
            require(
                    answer.isAccepted() ? answer.position() > known : answer.position() >= known,
                    "%s was judged at %d when %d was known",
                    answer.id(),
                    answer.position(),
                    known);
        }
        Map<String, Long> starts = new HashMap<>();
        answers.forEach(answer -> starts.put(answer.id(), answer.start()));
        checkUnplaced(starts);
        long[] latestStart = new long[states.size()];
        batches.forEach((id, batch) -> {
            for (Recorded recorded : batch) {
                latestStart[(int) recorded.event().sequence()] = starts.getOrDefault(id, Long.MIN_VALUE);
            }
        });
        latestStart[0] = Long.MIN_VALUE;
        for (int i = 1; i < latestStart.length; i++) {
            latestStart[i] = Math.max(latestStart[i], latestStart[i - 1]);
        }
        for (Answer answer : answers) {
            if (answer.position() < latestStart.length) {
                require(
                        latestStart[(int) answer.position()] <= answer.end(),
                        "%s returned before something was sent that it knows of",
                        answer.id());
            }
        }
    }

    @SuppressWarnings("AnnotateFormatMethod") // the annotation would be one more dependency
    private void require(boolean holds, String message, @Nullable Object... arguments) {
        if (!holds) {
            problems.add(message.formatted(arguments));
        }
    }
}
