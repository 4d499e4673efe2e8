package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.command.Command;
import io.flagledger.core.command.Decider;
import io.flagledger.core.command.Refusal;
import io.flagledger.core.command.Verdict;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.FoldException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** The judges of a fault run, given runs in which something went wrong. */
class SabotageTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");
    private static final int COMMANDS = 400;
    private static final long SECOND = 1_000_000_000;

    private final Commands commands = new Commands(7);
    private final List<Recorded> ledger = new ArrayList<>();
    private final List<Journal.Line> journal = new ArrayList<>();
    private final Map<String, Definition> definitions = new HashMap<>();
    private EnvironmentState state = EnvironmentState.empty(WriterProcess.ENVIRONMENT);

    SabotageTest() {
        for (int number = 0; number < COMMANDS; number++) {
            journal.add(new Journal.Line(Journal.Kind.SENT, number * SECOND, number, -1, "-1"));
            Verdict verdict = Decider.decide(state, command(number));
            if (verdict instanceof Verdict.Accepted accepted) {
                accepted.events().forEach(this::append);
                journal.add(told(Journal.Kind.ACCEPTED, number, "false"));
            } else if (verdict instanceof Verdict.Refused refused) {
                journal.add(told(
                        Journal.Kind.REFUSED, number, refused.refusal().kind().name()));
            }
        }
    }

    @Test
    void aRunInWhichNothingWentWrongIsNotComplainedOf() {
        assertThat(ledger).hasSizeGreaterThan(20);
        assertThat(problems(ledger, journal)).isEmpty();
    }

    @Test
    void anAcknowledgedChangeThatIsLost() {
        int last = ledger.size() - ledger.get(ledger.size() - 1).event().batch().size();

        assertThat(problems(ledger.subList(0, last), journal))
                .anyMatch(problem -> problem.contains(ledger.get(last).event().changeId()));
    }

    @Test
    void aChangeThatIsThereTwice() {
        Event event = ledger.stream()
                .map(Recorded::event)
                .filter(one ->
                        one.change() instanceof AllowlistChanged && one.batch().size() == 1)
                .findFirst()
                .orElseThrow();
        append(new Event(
                event.environment(),
                ledger.size() + 1L,
                revision(event.flag()) + 1,
                event.occurredAt(),
                event.actor(),
                event.reason(),
                event.changeId(),
                event.batch(),
                event.change()));

        assertThat(problems(ledger, journal))
                .anyMatch(problem -> problem.contains(event.changeId()) && problem.contains("2 times"));
    }

    @Test
    void aChangeThatIsThereThoughItWasRefused() {
        List<Journal.Line> lie = journal.stream()
                .map(line -> line.kind() == Journal.Kind.ACCEPTED
                        ? new Journal.Line(
                                Journal.Kind.REFUSED, line.nanos(), line.number(), line.position(), "UNKNOWN_FLAG")
                        : line)
                .toList();

        assertThat(problems(ledger, lie)).isNotEmpty();
    }

    @Test
    void aRefusalForAReasonThatWasNone() {
        List<Journal.Line> lie = journal.stream()
                .map(line -> line.kind() == Journal.Kind.REFUSED
                        ? new Journal.Line(
                                Journal.Kind.REFUSED, line.nanos(), line.number(), line.position(), "LEDGER_FULL")
                        : line)
                .toList();

        assertThat(problems(ledger, lie)).isNotEmpty();
    }

    @Test
    void aRefusalWhosePlaceIsNotToldAndThatIsRightNowhere() {
        assertThat(ledger).anyMatch(recorded -> recorded.event().batch().size() > 1);

        assertThat(problems(ledger, unplaced(Refusal.Kind.UNKNOWN_FLAG, Refusal.Kind.LIMIT_EXCEEDED)))
                .isNotEmpty()
                .allMatch(problem -> problem.contains("LIMIT_EXCEEDED, but nowhere is it so"));
        assertThat(problems(ledger, unplaced(Refusal.Kind.UNKNOWN_FLAG, Refusal.Kind.UNKNOWN_FLAG)))
                .isEmpty();
    }

    /** The journal with all refusals of a kind told as another, without their places, at the end of time. */
    private List<Journal.Line> unplaced(Refusal.Kind kind, Refusal.Kind told) {
        return journal.stream()
                .map(line ->
                        line.kind() == Journal.Kind.REFUSED && line.detail().equals(kind.name())
                                ? new Journal.Line(
                                        Journal.Kind.REFUSED,
                                        COMMANDS * SECOND,
                                        line.number(),
                                        JournaledWriter.NOT_TOLD,
                                        told.name())
                                : line)
                .toList();
    }

    @Test
    void aChainThatIsBroken() {
        Recorded third = ledger.get(2);
        ledger.set(2, new Recorded(third.event(), ledger.get(0).previousDigest(), third.digest(), third.appendedAt()));

        assertThatExceptionOfType(FoldException.class)
                .isThrownBy(() -> problems(ledger, journal))
                .withMessageContaining("follows an event with digest");
    }

    @Test
    void aKillSwitchThatComesLateOrNeverThoughNothingWasInTheWay() {
        assertThat(arrival(List.of(), moment(2, 1))).isEmpty();
        assertThat(arrival(List.of(), moment(8, 1))).singleElement().asString().contains("nothing was in trouble");
        assertThat(arrival(List.of(), moment(8, 0))).singleElement().asString().contains("never reached");
    }

    @Test
    void aKillSwitchIsCountedFromTheReturnOfAMajority() throws Exception {
        List<Member> two = IntStream.range(0, 2)
                .mapToObj(number -> new Member(Member.Role.BROKER, number, Wires.Plug.NONE, () -> {
                    throw new AssertionError("none is to be started");
                }))
                .toList();
        Fault.Spell away = new Fault.Spell(Fault.Kind.KILL, two, 0, 59 * SECOND, 60 * SECOND);

        assertThat(arrival(List.of(away), moment(80, 1))).isEmpty();
        assertThat(arrival(List.of(away), moment(95, 1)))
                .singleElement()
                .asString()
                .contains("counted from the end of trouble");
    }

    @Test
    void ledgerTimesThatAreNotTheBrokersOrGoBack() {
        Recorded first = ledger.get(0);
        String id = first.event().changeId();
        Instant at = first.appendedAt();

        assertThat(times(at, Map.of(id, new LedgerTimes.Call(at, at)))).isEmpty();
        assertThat(times(at, Map.of(id, new LedgerTimes.Call(at.plusSeconds(1), at.plusSeconds(2)))))
                .singleElement()
                .asString()
                .contains("was sent at");
        assertThat(times(at.minusSeconds(1), Map.of()))
                .singleElement()
                .asString()
                .contains("goes back");
    }

    private List<String> times(Instant second, Map<String, LedgerTimes.Call> calls) {
        Instant first = ledger.get(0).appendedAt();
        return new LedgerTimes(ledger.subList(0, 1), List.of(first, second), calls).problems();
    }

    private static List<String> arrival(List<Fault.Spell> spells, EvaluatorVerdict.Moment seen) {
        KillArrivals arrivals = new KillArrivals(spells);
        arrivals.judge(0, 0, List.of(seen), List.of(new KillArrivals.Kill(1, SECOND)));
        return arrivals.problems();
    }

    private static EvaluatorVerdict.Moment moment(long seconds, long sequence) {
        return new EvaluatorVerdict.Moment(seconds * SECOND, seconds * SECOND, true, sequence);
    }

    private List<String> problems(List<Recorded> found, List<Journal.Line> told) {
        Model model = new Model(commands, found);
        model.judge(0, COMMANDS, told);
        return model.verdict();
    }

    private Command command(int number) {
        return new Command(
                        WriterProcess.changeId(0, number),
                        Instant.EPOCH,
                        WriterProcess.actor(0),
                        "chaos",
                        commands.changes(0, number),
                        null)
                .restoring((flag, revision) -> definitions.get(flag + "@" + revision));
    }

    private long revision(String flag) {
        FlagState found = requireNonNull(state.flags().get(flag));
        return found.lastChange().revision();
    }

    private Journal.Line told(Journal.Kind kind, int number, String detail) {
        return new Journal.Line(kind, number * SECOND + SECOND / 2, number, state.sequence(), detail);
    }

    private void append(Event event) {
        EncodedEvent encoded = EventCodec.encode(event, state.digest());
        Recorded recorded = new Recorded(event, state.digest(), encoded.digest(), START.plusSeconds(event.sequence()));
        state = Fold.apply(state, recorded);
        ledger.add(recorded);
        definitions.put(
                event.flag() + "@" + event.revision(),
                requireNonNull(state.flags().get(event.flag())).definition());
    }
}
