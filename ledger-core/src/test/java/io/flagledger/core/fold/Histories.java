package io.flagledger.core.fold;

import io.flagledger.core.command.Command;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Recorded;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;
import java.util.stream.Collectors;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;

/** Random histories of one environment, each made of a seed and so always the same, and laws that they must obey. */
public final class Histories {
    private static final int MAX_COMMANDS = 40;

    /** How many histories a law is tried on. */
    public static final int COUNT = 10_000;

    private Histories() {}

    private static final class Many {
        private static final List<History> HISTORIES = first(COUNT);
    }

    /** The history that this seed makes. */
    public static History of(long seed) {
        RandomGenerator random = new SplittableRandom(seed);
        RandomCommands made = new RandomCommands(random);
        MemoryLedger ledger = MemoryLedger.gastown();
        List<Command> commands = new ArrayList<>();
        List<Verdict> verdicts = new ArrayList<>();
        for (int left = 1 + random.nextInt(MAX_COMMANDS); left > 0; left--) {
            Command command = made.next(ledger.state());
            commands.add(command);
            verdicts.add(ledger.submit(command));
        }
        return new History(seed, commands, verdicts, ledger.events(), ledger.state());
    }

    /** The histories of the seeds from 0 on, as many as a law is tried on: made once for all tests of this JVM. */
    public static List<History> many() {
        return Many.HISTORIES;
    }

    /** The first so many of them, made anew. */
    public static List<History> first(int count) {
        return LongStream.range(0, count).mapToObj(Histories::of).toList();
    }

    /** Somebody who may well stand on an allowlist of these histories, alone or through an org; or nobody. */
    public static Subject subject(RandomGenerator random) {
        List<String> users = RandomCommands.USERS;
        List<String> orgs = RandomCommands.ORGS;
        int user = random.nextInt(users.size() + 3);
        int org = random.nextInt(orgs.size() + 3);
        return new Subject(
                user < users.size() ? users.get(user) : user == users.size() ? null : "user-" + random.nextInt(1_000),
                org < orgs.size() ? orgs.get(org) : org == orgs.size() ? "org-" + random.nextInt(1_000) : null,
                random.nextInt(10) == 0);
    }

    /** Subjects as {@link #subject} makes them. */
    public static List<Subject> subjects(RandomGenerator random, int count) {
        return LongStream.range(0, count).mapToObj(i -> subject(random)).toList();
    }

    /**
     * Sees to it that each history obeys the law. Of one that does not, the commands that the failure does not need are
     * left out before it is reported.
     */
    public static void obey(Iterable<History> histories, Law law) {
        for (History history : histories) {
            if (failure(history, law) != null) {
                History shortest = shortest(history, law);
                Throwable failure = failure(shortest, law);
                throw new AssertionError(
                        "seed %d fails, and still does with no more than these %d of its %d commands:%n%s%n%s"
                                .formatted(
                                        history.seed(),
                                        shortest.commands().size(),
                                        history.commands().size(),
                                        shortest,
                                        failure),
                        failure);
            }
        }
    }

    private static History shortest(History failing, Law law) {
        History shortest = failing;
        boolean shrinks = true;
        while (shrinks) {
            shrinks = false;
            for (int i = shortest.commands().size() - 1; i >= 0; i--) {
                List<Command> fewer = new ArrayList<>(shortest.commands());
                fewer.remove(i);
                History shorter = History.of(failing.seed(), fewer);
                if (failure(shorter, law) != null) {
                    shortest = shorter;
                    shrinks = true;
                }
            }
        }
        return shortest;
    }

    private static @Nullable Throwable failure(History history, Law law) {
        try {
            law.check(history);
            return null;
        } catch (RuntimeException | AssertionError e) {
            return e;
        }
    }

    /** Something that holds for every history; anything thrown says that it does not. */
    @FunctionalInterface
    public interface Law {
        void check(History history);
    }

    /**
     * What became of some commands.
     *
     * @param verdicts on each command
     * @param events of those that were accepted
     * @param end the state after them, as it was folded while they came in
     */
    public record History(
            long seed, List<Command> commands, List<Verdict> verdicts, List<Recorded> events, EnvironmentState end) {
        public History {
            commands = List.copyOf(commands);
            verdicts = List.copyOf(verdicts);
            events = List.copyOf(events);
        }

        static History of(long seed, List<Command> commands) {
            MemoryLedger ledger = MemoryLedger.gastown();
            List<Verdict> verdicts = commands.stream().map(ledger::submit).toList();
            return new History(seed, commands, verdicts, ledger.events(), ledger.state());
        }

        /** Chance that is the same whenever this history is looked at. */
        public RandomGenerator random() {
            return new SplittableRandom(~seed);
        }

        /** The state after the first so many events. */
        public EnvironmentState after(int count) {
            return Fold.replay(EnvironmentState.empty(end.environment()), events.subList(0, count));
        }

        @Override
        public String toString() {
            return commands.stream().map(Command::toString).collect(Collectors.joining("\n  ", "  ", ""));
        }
    }
}
