package io.flagledger.core.fold;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Batch;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

class FoldTest {
    private final MemoryLedger ledger = MemoryLedger.gastown().accept(Change.FlagCreated.bool("gastown"));

    @Test
    void anEnvironmentStartsEmptyWithTheDigestOfItsName() {
        EnvironmentState empty = EnvironmentState.empty("gastown-test");
        assertThat(empty.sequence()).isZero();
        assertThat(empty.digest()).isEqualTo(Digest.of("gastown-test".getBytes(StandardCharsets.UTF_8)));
        assertThat(empty.ledgerTime()).isEqualTo(Instant.EPOCH);
        assertThat(empty.isWhole()).isTrue();
        assertThat(empty.flags().size()).isZero();
    }

    @Test
    void aNewFlagIsForAdminsOnlyAndReleased() {
        assertThat(ledger.flag("gastown"))
                .isEqualTo(new FlagState(
                        "gastown",
                        ValueType.BOOLEAN,
                        new Definition(
                                Details.NONE,
                                Variants.ON_OFF,
                                Bucketing.of("gastown", BucketBy.ORG),
                                Stage.ADMIN_ONLY,
                                Percentage.ZERO,
                                Allowlist.EMPTY,
                                KillSwitch.RELEASED,
                                List.of(),
                                false),
                        new LastChange(1, 1, MemoryLedger.START, Actor.human("dana"), "first design partners")));
    }

    @Test
    void aStateKnowsItsLastEvent() {
        ledger.accept(Change.FlagCreated.bool("hooks"));
        Recorded last = ledger.events().get(1);
        assertThat(ledger.state().sequence()).isEqualTo(2);
        assertThat(ledger.state().digest()).isEqualTo(last.digest());
        assertThat(ledger.state().ledgerTime()).isEqualTo(MemoryLedger.START.plusSeconds(1));
        assertThat(ledger.flag("gastown").lastChange().sequence()).isEqualTo(1);
        assertThat(ledger.flag("hooks").lastChange().sequence()).isEqualTo(2);
    }

    @Test
    void whatADescriptionDoesNotMentionStays() {
        ledger.accept(
                new Change.FlagDescribed("gastown", "Gastown", "Agents at work", "team-ui", tags("ui"), "GT-1"),
                new Change.FlagDescribed("gastown", null, "", null, null, "GT-2"));
        assertThat(ledger.flag("gastown").details())
                .isEqualTo(new Details("Gastown", "", "team-ui", Set.of("ui"), "GT-2"));
    }

    @Test
    void definedVariantsReplaceTheFormerOnes() {
        Variants swapped = new Variants(Variants.ON_OFF.values(), "on", List.of(new Weight("off", 3)));
        ledger.accept(new Change.VariantsDefined("gastown", swapped));
        assertThat(ledger.flag("gastown").variants()).isEqualTo(swapped);
    }

    @Test
    void theOrderOfVariantsIsPartOfThem() {
        FlagValue on = new FlagValue.BooleanValue(true);
        FlagValue off = new FlagValue.BooleanValue(false);
        Map<String, FlagValue> reversed = new LinkedHashMap<>();
        reversed.put("off", off);
        reversed.put("on", on);
        assertThat(new Variants(reversed, "off", Variants.ON_OFF.on())).isNotEqualTo(Variants.ON_OFF);
    }

    @Test
    void leavingTheStagePercentageForgetsThePercentage() {
        ledger.accept(Change.StageMoved.to("gastown", new Percentage(12_500)).skipping());
        assertThat(ledger.flag("gastown").percentage()).hasToString("12.5 %");
        ledger.accept(Change.StageMoved.to("gastown", Stage.ALLOWLIST));
        assertThat(ledger.flag("gastown").percentage()).isEqualTo(Percentage.ZERO);
    }

    @Test
    void whoLeavesTheAllowlistGoesBeforeWhoComes() {
        Allowlist alone = Allowlist.of(List.of(new UserEntry("eve", null)), List.of("acme"));
        Allowlist withOrg = Allowlist.of(List.of(new UserEntry("eve", "globex")), List.of());
        ledger.accept(
                new Change.AllowlistChanged("gastown", alone, Allowlist.EMPTY),
                new Change.AllowlistChanged(
                        "gastown", withOrg, Allowlist.of(List.of(new UserEntry("eve", null)), List.of())));
        assertThat(ledger.flag("gastown").allowlist())
                .isEqualTo(Allowlist.of(List.of(new UserEntry("eve", "globex")), List.of("acme")));
    }

    @Test
    void theOtherChangesSetWhatTheyName() {
        Bucketing byUser = Bucketing.of("gastown", BucketBy.USER);
        ledger.accept(
                Change.FlagCreated.bool("hooks"),
                new Change.BucketingChanged("gastown", byUser),
                new Change.ParentsChanged("gastown", List.of(Parent.of("hooks"))),
                new Change.KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS),
                new Change.FlagArchived("gastown"));
        FlagState flag = ledger.flag("gastown");
        assertThat(flag.bucketing()).isEqualTo(byUser);
        assertThat(flag.parents()).containsExactly(Parent.of("hooks"));
        assertThat(flag.killSwitch()).isEqualTo(KillSwitch.ALL_ACCESS);
        assertThat(flag.archived()).isTrue();
        assertThat(flag.lastChange().revision()).isEqualTo(5);
    }

    @Test
    void aBatchIsWholeOnlyAfterItsLastEvent() {
        ledger.batch(Change.FlagCreated.bool("hooks"), Change.FlagCreated.bool("polecats"), retitled("hooks"));
        List<Recorded> events = ledger.events();
        assertThat(after(events.subList(0, 1)).isWhole()).isTrue();
        assertThat(after(events.subList(0, 2)).batchRemaining()).isEqualTo(2);
        assertThat(after(events.subList(0, 3)).isWhole()).isFalse();
        assertThat(after(events).isWhole()).isTrue();
    }

    @Test
    void ledgerTimeStandsStillWhileTheBrokersClockIsBehind() {
        Recorded second = next(ledger, Change.FlagCreated.bool("hooks"));
        Recorded early = new Recorded(
                second.event(), second.previousDigest(), second.digest(), MemoryLedger.START.minusSeconds(60));
        EnvironmentState after = Fold.apply(ledger.state(), early);
        assertThat(after.ledgerTime()).isEqualTo(MemoryLedger.START);
        assertThat(after.flags().sortedValues())
                .allMatch(flag -> flag.lastChange().at().equals(MemoryLedger.START));
    }

    @Test
    void ancestorsAreFoundOnceEachAndUnknownFlagsLeftOut() {
        ledger.accept(
                Change.FlagCreated.bool("left", Parent.of("gastown")),
                Change.FlagCreated.bool("right", Parent.of("gastown")),
                Change.FlagCreated.bool("bottom", Parent.of("left"), Parent.of("right")),
                Change.FlagCreated.bool("beside"));
        assertThat(ledger.state().withAncestors(List.of("bottom", "nowhere")))
                .containsExactlyInAnyOrder("bottom", "left", "right", "gastown");
    }

    @Nested
    class StopsAt {
        private final EnvironmentState before = ledger.state();

        @Test
        void aGap() {
            stops(
                    next(Change.FlagCreated.bool("hooks"), event -> with(event, 3, event.batch())),
                    3,
                    "event 3 of gastown-test cannot be folded: the one before it was 1");
        }

        @Test
        void anEventThatWasFoldedAlready() {
            stops(ledger.events().get(0), 1, "event 1 of gastown-test cannot be folded: the one before it was 1");
        }

        @Test
        void anotherPredecessor() {
            Recorded next = FoldTest.next(ledger, Change.FlagCreated.bool("hooks"));
            Digest other = Digest.genesis("other");
            stops(
                    new Recorded(next.event(), other, next.digest(), next.appendedAt()),
                    2,
                    "event 2 of gastown-test cannot be folded: it follows an event with digest %s, but that of event 1 is %s"
                            .formatted(other, before.digest()));
        }

        @Test
        void anotherEnvironment() {
            Recorded foreign = new MemoryLedger("gastown-staging")
                    .accept(Change.FlagCreated.bool("gastown"))
                    .events()
                    .get(0);
            stops(
                    foreign,
                    1,
                    "event 1 of gastown-staging cannot be folded: it belongs to another environment than gastown-test");
        }

        @Test
        void aBatchThatBeginsInTheMiddle() {
            stops(
                    next(Change.FlagCreated.bool("hooks"), event -> with(event, 2, new Batch(1, 2))),
                    2,
                    "event 2 of gastown-test cannot be folded: it is number 2 of a batch of 2, but 0 events of the batch before were still to come");
        }

        @Test
        void aBatchThatIsTorn() {
            Recorded first = next(Change.FlagCreated.bool("hooks"), event -> with(event, 2, new Batch(0, 3)));
            EnvironmentState torn = Fold.apply(before, first);
            Recorded another = next(Change.FlagCreated.bool("polecats"), event -> with(event, 3, new Batch(0, 1)));
            assertThatExceptionOfType(FoldException.class)
                    .isThrownBy(() -> Fold.apply(torn, after(another, first)))
                    .withMessage(
                            "event 3 of gastown-test cannot be folded: it is number 1 of a batch of 1, but 2 events of the batch before were still to come");
        }

        @Test
        void aBatchThatBeginsAnewWithAsManyEventsAsWereStillToCome() {
            Recorded first = next(Change.FlagCreated.bool("hooks"), event -> with(event, 2, new Batch(0, 3)));
            EnvironmentState torn = Fold.apply(before, first);
            Recorded anew = next(Change.FlagCreated.bool("polecats"), event -> with(event, 3, new Batch(0, 2)));
            assertThatExceptionOfType(FoldException.class)
                    .isThrownBy(() -> Fold.apply(torn, after(anew, first)))
                    .withMessage(
                            "event 3 of gastown-test cannot be folded: it is number 1 of a batch of 2, but 2 events of the batch before were still to come");
        }

        @Test
        void aBatchThatLosesAnEvent() {
            Recorded first = next(Change.FlagCreated.bool("hooks"), event -> with(event, 2, new Batch(0, 3)));
            EnvironmentState torn = Fold.apply(before, first);
            Recorded third = next(Change.FlagCreated.bool("polecats"), event -> with(event, 3, new Batch(2, 3)));
            assertThatExceptionOfType(FoldException.class)
                    .isThrownBy(() -> Fold.apply(torn, after(third, first)))
                    .withMessage(
                            "event 3 of gastown-test cannot be folded: it is number 3 of a batch of 3, but 2 events of the batch before were still to come");
        }

        @Test
        void aWrongRevision() {
            Recorded next = next(
                    retitled("gastown"),
                    event -> new Event(
                            event.environment(),
                            2,
                            3,
                            event.occurredAt(),
                            event.actor(),
                            event.reason(),
                            event.changeId(),
                            event.batch(),
                            event.change()));
            stops(next, 2, "event 2 of gastown-test cannot be folded: it is revision 3 of gastown after revision 1");
        }

        @Test
        void aFlagThatWasNeverCreated() {
            stops(
                    next(retitled("hooks"), UnaryOperator.identity()),
                    2,
                    "event 2 of gastown-test cannot be folded: there is no flag hooks");
        }

        @Test
        void aSecondCreation() {
            stops(
                    next(Change.FlagCreated.bool("gastown"), UnaryOperator.identity()),
                    2,
                    "event 2 of gastown-test cannot be folded: there is a flag gastown already");
        }

        @Test
        void aParentThatDoesNotExist() {
            String message = "event 2 of gastown-test cannot be folded: its parent hooks does not exist";
            stops(next(Change.FlagCreated.bool("child", Parent.of("hooks")), UnaryOperator.identity()), 2, message);
            stops(
                    next(new Change.ParentsChanged("gastown", List.of(Parent.of("hooks"))), UnaryOperator.identity()),
                    2,
                    message);
        }

        @Test
        void aFlagThatIsCreatedBelowItself() {
            stops(
                    next(Change.FlagCreated.bool("child", Parent.of("child")), UnaryOperator.identity()),
                    2,
                    "event 2 of gastown-test cannot be folded: a flag can't be its own parent");
        }

        @Test
        void aCycle() {
            String message = "event 2 of gastown-test cannot be folded: its parents form a cycle";
            stops(
                    next(new Change.ParentsChanged("gastown", List.of(Parent.of("gastown"))), UnaryOperator.identity()),
                    2,
                    message);

            MemoryLedger chain = MemoryLedger.gastown()
                    .accept(
                            Change.FlagCreated.bool("top"),
                            Change.FlagCreated.bool("middle", Parent.of("top")),
                            Change.FlagCreated.bool("bottom", Parent.of("middle")));
            Recorded loop = FoldTest.next(chain, new Change.ParentsChanged("top", List.of(Parent.of("bottom"))));
            assertThatExceptionOfType(FoldException.class)
                    .isThrownBy(() -> Fold.apply(chain.state(), loop))
                    .withMessage("event 4 of gastown-test cannot be folded: its parents form a cycle");
        }

        private Recorded next(Change change, UnaryOperator<Event> forgery) {
            Recorded next = FoldTest.next(ledger, change);
            return new Recorded(forgery.apply(next.event()), next.previousDigest(), next.digest(), next.appendedAt());
        }

        private void stops(Recorded event, long sequence, String message) {
            assertThatExceptionOfType(FoldException.class)
                    .isThrownBy(() -> Fold.apply(before, event))
                    .withMessage(message)
                    .satisfies(e -> {
                        assertThat(e.sequence()).isEqualTo(sequence);
                        assertThat(e.environment()).isEqualTo(event.event().environment());
                    });
        }

        private static Event with(Event event, long sequence, Batch batch) {
            return new Event(
                    event.environment(),
                    sequence,
                    event.revision(),
                    event.occurredAt(),
                    event.actor(),
                    event.reason(),
                    event.changeId(),
                    batch,
                    event.change());
        }

        private static Recorded after(Recorded event, Recorded predecessor) {
            return new Recorded(event.event(), predecessor.digest(), event.digest(), event.appendedAt());
        }
    }

    /** The event that would follow if nobody judged the change. */
    private static Recorded next(MemoryLedger ledger, Change change) {
        FlagState flag = ledger.state().flags().get(change.flag());
        Event event = new Event(
                ledger.state().environment(),
                ledger.state().sequence() + 1,
                flag == null ? 1 : flag.lastChange().revision() + 1,
                MemoryLedger.START,
                MemoryLedger.ACTOR,
                MemoryLedger.REASON,
                "forged",
                new Batch(0, 1),
                change);
        return new Recorded(event, ledger.state().digest(), Digest.genesis("forged"), MemoryLedger.START);
    }

    private static EnvironmentState after(List<Recorded> events) {
        return Fold.replay(EnvironmentState.empty("gastown-test"), events);
    }

    private static Change retitled(String flag) {
        return new Change.FlagDescribed(flag, "Hooks", null, null, null, null);
    }

    private static SortedSet<String> tags(String... tags) {
        return new TreeSet<>(List.of(tags));
    }
}
