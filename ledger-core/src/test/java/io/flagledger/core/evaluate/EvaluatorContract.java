package io.flagledger.core.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Details;
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
import io.flagledger.core.fold.Histories;
import io.flagledger.core.fold.MemoryLedger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * What every evaluator answers, whatever stands between it and the ledger. Extend it to test one: {@link CompiledFlag},
 * an SDK, a provider of some standard, the HTTP API.
 */
public abstract class EvaluatorContract {
    /** What flags here draw with, so that who is drawn is written down once and not for each flag. */
    private static final String SEED = "draw:";

    private static final Percentage QUARTER = new Percentage(25_000);

    // org initech has the bucket 91587, umbrella 48587, stark 59789, hooli 6900; user ann 14975, kim 54239
    private static final Subject ADMIN = Subject.user("root").org("initech").asAdmin();
    private static final Subject LISTED_USER = Subject.user("dana").org("initech");
    private static final Subject COLLEAGUE = Subject.user("kim").org("umbrella");
    private static final Subject ORG_MEMBER = Subject.user("kim").org("stark");
    private static final Subject DRAWN_ORG = Subject.user("kim").org("hooli");
    private static final Subject DRAWN_USER = Subject.user("ann");
    private static final Subject UNDRAWN_ORG = Subject.user("ann").org("initech");
    private static final Subject UNDRAWN_USER = Subject.user("kim");
    private static final Subject ANONYMOUS = Subject.anonymous();

    private static final List<Recorded> GRID = grid();

    /**
     * What the evaluator under test answers when it has seen this history of the environment {@code gastown-test} and
     * no more, and is up to date. Asked many times in a row with the same list; {@link Decision#at} is not looked at.
     */
    protected abstract Decision decide(List<Recorded> history, String flag, Subject subject);

    /** How many random histories to ask about: fewer where an answer takes long. */
    protected int randomHistories() {
        return 300;
    }

    @ParameterizedTest(quoteTextArguments = false)
    @CsvSource(useHeadersInDisplayName = true, delimiter = '|', textBlock = """
            stage               | kill switch | admin | listed user | colleague | org member | drawn org           | drawn user          | undrawn org         | undrawn user        | anonymous
            ADMIN_ONLY          | RELEASED    | ADMIN | STAGE       | STAGE     | STAGE      | STAGE               | STAGE               | STAGE               | STAGE               | STAGE
            ADMIN_ONLY          | NEW_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            ADMIN_ONLY          | ALL_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            ALLOWLIST           | RELEASED    | ADMIN | ALLOWLIST   | ALLOWLIST | ALLOWLIST  | STAGE               | STAGE               | STAGE               | STAGE               | STAGE
            ALLOWLIST           | NEW_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            ALLOWLIST           | ALL_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            PERCENTAGE          | RELEASED    | ADMIN | ALLOWLIST   | ALLOWLIST | ALLOWLIST  | PERCENTAGE          | PERCENTAGE          | STAGE               | STAGE               | STAGE
            PERCENTAGE          | NEW_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            PERCENTAGE          | ALL_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            GENERALLY_AVAILABLE | RELEASED    | ADMIN | ALLOWLIST   | ALLOWLIST | ALLOWLIST  | GENERALLY_AVAILABLE | GENERALLY_AVAILABLE | GENERALLY_AVAILABLE | GENERALLY_AVAILABLE | GENERALLY_AVAILABLE
            GENERALLY_AVAILABLE | NEW_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            GENERALLY_AVAILABLE | ALL_ACCESS  | ADMIN | KILLED      | KILLED    | KILLED     | KILLED              | KILLED              | KILLED              | KILLED              | KILLED
            """)
    void eachAudienceIsLetInAtItsStageUnlessTheFlagIsKilled(
            Stage stage,
            KillSwitch killSwitch,
            Reason admin,
            Reason listedUser,
            Reason colleague,
            Reason orgMember,
            Reason drawnOrg,
            Reason drawnUser,
            Reason undrawnOrg,
            Reason undrawnUser,
            Reason anonymous) {
        String flag = flagOfGrid(stage, killSwitch);
        assertAnswer(flag, ADMIN, admin);
        assertAnswer(flag, LISTED_USER, listedUser);
        assertAnswer(flag, COLLEAGUE, colleague);
        assertAnswer(flag, ORG_MEMBER, orgMember);
        assertAnswer(flag, DRAWN_ORG, drawnOrg);
        assertAnswer(flag, DRAWN_USER, drawnUser);
        assertAnswer(flag, UNDRAWN_ORG, undrawnOrg);
        assertAnswer(flag, UNDRAWN_USER, undrawnUser);
        assertAnswer(flag, ANONYMOUS, anonymous);
    }

    @Test
    void anArchivedFlagAnswersOffToEverybody() {
        List<Recorded> history = ledger(flag("gastown"), open("gastown"), new Change.FlagArchived("gastown"));
        for (Subject subject : List.of(ADMIN, DRAWN_ORG, ANONYMOUS)) {
            Decision decision = decide(history, "gastown", subject);
            assertThat(decision.reason()).isEqualTo(Reason.ARCHIVED);
            assertThat(decision.variant()).isEqualTo("off");
        }
    }

    @Test
    void aRevivedFlagAnswersAsBefore() {
        List<Recorded> history = ledger(
                flag("gastown"),
                open("gastown"),
                new Change.FlagArchived("gastown"),
                new Change.FlagRevived("gastown"));
        assertReason(history, "gastown", ANONYMOUS, Reason.GENERALLY_AVAILABLE);
    }

    @Test
    void anUnknownFlagHasNoAnswer() {
        Decision decision = decide(ledger(flag("gastown")), "nowhere", ADMIN);
        assertThat(decision.granted()).isFalse();
        assertThat(decision.reason()).isEqualTo(Reason.UNKNOWN_FLAG);
        assertThat(decision.variant()).isNull();
        assertThat(decision.value()).isNull();
        assertThat(decision.bucket()).isNull();
        assertThat(decision.revision()).isZero();
        assertThat(decision.sequence()).isEqualTo(1);
    }

    @Test
    void aDecisionKnowsItsRevisionAndItsPosition() {
        Decision decision = decide(ledger(flag("gastown"), open("gastown"), flag("hooks")), "gastown", ANONYMOUS);
        assertThat(decision.flag()).isEqualTo("gastown");
        assertThat(decision.revision()).isEqualTo(2);
        assertThat(decision.sequence()).isEqualTo(3);
        assertThat(decision.stale()).isFalse();
    }

    @Test
    void releasingAKilledFlagBringsBackWhatWas() {
        Change killed = new Change.KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS);
        Change released = new Change.KillSwitchReleased("gastown");
        Change quarter = StageMoved.to("gastown", QUARTER).skipping();
        assertReason(ledger(flag("gastown"), quarter, killed), "gastown", DRAWN_ORG, Reason.KILLED);
        List<Recorded> history = ledger(flag("gastown"), quarter, killed, released);
        assertReason(history, "gastown", DRAWN_ORG, Reason.PERCENTAGE);
        assertReason(history, "gastown", UNDRAWN_ORG, Reason.STAGE);
    }

    // ---------------------------------------------------------------- percentages

    @Test
    void aPercentageOwnsTheBucketsBelowIt() {
        assertReason(percentage(6_900), "gastown", DRAWN_ORG, Reason.STAGE);
        assertReason(percentage(6_901), "gastown", DRAWN_ORG, Reason.PERCENTAGE);
        assertReason(percentage(0), "gastown", DRAWN_ORG, Reason.STAGE);
    }

    @Test
    void nobodyInParticularIsDrawnOnlyAtExactlyAHundredPercent() {
        assertReason(percentage(99_999), "gastown", ANONYMOUS, Reason.STAGE);
        assertReason(percentage(100_000), "gastown", ANONYMOUS, Reason.PERCENTAGE);
        assertThat(decide(percentage(100_000), "gastown", ANONYMOUS).bucket()).isNull();
    }

    @Test
    void aWholeOrgIsDrawnTogether() {
        List<Recorded> history = percentage(25_000);
        for (String user : List.of("ann", "bob", "kim", "lee")) {
            assertReason(history, "gastown", Subject.user(user).org("hooli"), Reason.PERCENTAGE);
            assertReason(history, "gastown", Subject.user(user).org("initech"), Reason.STAGE);
            assertThat(decide(history, "gastown", Subject.user(user).org("hooli"))
                            .bucket())
                    .isEqualTo(6_900);
        }
        assertReason(history, "gastown", Subject.anonymous().org("hooli"), Reason.PERCENTAGE);
    }

    @Test
    void aUserWithoutAnOrgIsDrawnByTheirOwnId() {
        assertThat(decide(percentage(25_000), "gastown", DRAWN_USER).bucket()).isEqualTo(14_975);
        assertThat(decide(percentage(25_000), "gastown", UNDRAWN_USER).bucket()).isEqualTo(54_239);
    }

    @Test
    void aFlagThatDrawsByUserLeavesTheOrgAside() {
        List<Recorded> history = byUser(25_000);
        assertReason(history, "gastown", Subject.user("ann").org("initech"), Reason.PERCENTAGE);
        assertReason(history, "gastown", Subject.user("kim").org("hooli"), Reason.STAGE);
        assertThat(decide(history, "gastown", Subject.user("ann").org("initech"))
                        .bucket())
                .isEqualTo(14_975);
    }

    @Test
    void aFlagThatDrawsByUserDoesNotDrawAnOrgWithoutOne() {
        Subject orgAlone = Subject.anonymous().org("hooli");
        assertReason(byUser(99_999), "gastown", orgAlone, Reason.STAGE);
        assertReason(byUser(100_000), "gastown", orgAlone, Reason.PERCENTAGE);
        assertThat(decide(byUser(25_000), "gastown", orgAlone).bucket()).isNull();
    }

    @Test
    void anotherSeedDrawsOthers() {
        Bucketing other = new Bucketing(BucketBy.ORG, "other:", Bucketing.Algorithm.MURMUR3_SCALED);
        List<Recorded> history = ledger(
                flag("gastown"),
                StageMoved.to("gastown", QUARTER).skipping(),
                new Change.BucketingChanged("gastown", other));
        assertReason(history, "gastown", DRAWN_ORG, Reason.STAGE);
        assertThat(decide(history, "gastown", DRAWN_ORG).bucket()).isEqualTo(34_165);
    }

    @Test
    void theKeyAndAColonAreTheSeedWhereNobodySaysOtherwise() {
        List<Recorded> history = ledger(FlagCreated.bool("gastown"));
        assertThat(decide(history, "gastown", Subject.user("ann")).bucket()).isEqualTo(28_018);
        assertThat(decide(history, "gastown", Subject.user("kim").org("acme")).bucket())
                .isEqualTo(24_887);
    }

    @Test
    void theBucketIsToldWhoeverDecides() {
        assertThat(decide(GRID, flagOfGrid(Stage.ADMIN_ONLY, KillSwitch.RELEASED), DRAWN_ORG)
                        .bucket())
                .isEqualTo(6_900);
        assertThat(decide(GRID, flagOfGrid(Stage.ALLOWLIST, KillSwitch.ALL_ACCESS), ADMIN)
                        .bucket())
                .isEqualTo(91_587);
    }

    // ---------------------------------------------------------------- allowlists

    @Test
    void theEntryThatDecidedIsNamed() {
        String flag = flagOfGrid(Stage.ALLOWLIST, KillSwitch.RELEASED);
        assertEntry(GRID, flag, LISTED_USER, "dana", null);
        assertEntry(GRID, flag, Subject.user("eve"), "eve", "umbrella");
        assertEntry(GRID, flag, COLLEAGUE, "eve", "umbrella");
        assertEntry(GRID, flag, ORG_MEMBER, null, "stark");
        assertThat(decide(GRID, flag, DRAWN_ORG).entry()).isNull();
        assertThat(decide(GRID, flag, ADMIN).entry()).isNull();
    }

    @Test
    void oneselfComesBeforeTheOrgAndTheOrgBeforeAColleague() {
        List<Recorded> history = allowing(
                List.of(new UserEntry("eve", "acme"), new UserEntry("adam", "acme"), new UserEntry("kim", "globex")),
                List.of("globex"));
        assertEntry(history, "gastown", Subject.user("eve").org("globex"), "eve", "acme");
        assertEntry(history, "gastown", Subject.user("lee").org("acme"), "adam", "acme");
        assertEntry(history, "gastown", Subject.user("lee").org("globex"), null, "globex");
    }

    @Test
    void aUserEntryWithoutAnOrgLetsNobodyElseIn() {
        List<Recorded> history = allowing(List.of(new UserEntry("dana", null)), List.of());
        assertReason(history, "gastown", Subject.user("dana").org("acme"), Reason.ALLOWLIST);
        assertReason(history, "gastown", Subject.user("kim").org("acme"), Reason.STAGE);
    }

    @Test
    void anAdminLetsNobodyElseOfTheOrgIn() {
        List<Recorded> history = ledger(flag("gastown"));
        assertReason(history, "gastown", Subject.user("root").org("acme").asAdmin(), Reason.ADMIN);
        assertReason(history, "gastown", Subject.user("kim").org("acme"), Reason.STAGE);
        assertReason(history, "gastown", Subject.user("root").org("acme"), Reason.STAGE);
    }

    @Test
    void idsAreComparedExactly() {
        List<Recorded> history =
                allowing(List.of(new UserEntry("dana", null), new UserEntry("é", null)), List.of("Acme"));
        for (String other : List.of("Dana", "dana ", " dana", "dan", "e\u0301")) {
            assertReason(history, "gastown", Subject.user(other), Reason.STAGE);
        }
        assertReason(history, "gastown", Subject.user("é"), Reason.ALLOWLIST);
        assertReason(history, "gastown", Subject.user("kim").org("acme"), Reason.STAGE);
        assertReason(history, "gastown", Subject.user("kim").org("Acme"), Reason.ALLOWLIST);
    }

    @Test
    void aUsersIdIsNoOrgsId() {
        List<Recorded> history = allowing(List.of(new UserEntry("acme", null)), List.of("dana"));
        assertReason(history, "gastown", Subject.user("dana").org("acme"), Reason.STAGE);
    }

    @Test
    void whoLeftTheAllowlistIsOutAgain() {
        Allowlist dana = Allowlist.of(List.of(new UserEntry("dana", "acme")), List.of());
        List<Recorded> history = ledger(
                flag("gastown"),
                StageMoved.to("gastown", Stage.ALLOWLIST),
                new Change.AllowlistChanged("gastown", dana, Allowlist.EMPTY),
                new Change.AllowlistChanged("gastown", Allowlist.EMPTY, dana));
        assertReason(history, "gastown", Subject.user("dana"), Reason.STAGE);
        assertReason(history, "gastown", Subject.user("kim").org("acme"), Reason.STAGE);
    }

    // ---------------------------------------------------------------- variants

    @Test
    void weightsShareOutTheVariantsInDeclaredOrder() {
        List<Recorded> history = ledger(
                variants("gastown", new Weight("a", 41), new Weight("b", 0), new Weight("c", 59)), open("gastown"));
        assertServed(history, Subject.user("lee"), "a"); // 39 of 100
        assertServed(history, Subject.user("ann"), "c"); // 41 of 100
        assertServed(history, Subject.user("kim").org("hooli"), "a"); // 28 of 100
        assertServed(history, Subject.user("ann").org("initech"), "c"); // 70 of 100
    }

    @Test
    void nobodyInParticularIsServedTheFirstVariantThatAnybodyIs() {
        List<Recorded> first = ledger(variants("gastown", new Weight("b", 1), new Weight("a", 99)), open("gastown"));
        assertServed(first, ANONYMOUS, "b");
        List<Recorded> second = ledger(variants("gastown", new Weight("b", 0), new Weight("a", 1)), open("gastown"));
        assertServed(second, ANONYMOUS, "a");
    }

    @Test
    void whoIsLetInAndWhatIsServedAreDrawnApart() {
        Change moved = StageMoved.to("gastown", new Percentage(60_000)).skipping();
        List<Recorded> history = ledger(variants("gastown", new Weight("a", 1), new Weight("b", 1)), moved);
        assertServed(history, Subject.user("ann"), "a"); // let in at 14975, served by 0 of 2
        assertServed(history, Subject.user("bob"), "b"); // let in at 19685, served by 1 of 2
    }

    @Test
    void anAdminIsServedWhatTheDrawSays() {
        List<Recorded> history = ledger(variants("gastown", new Weight("a", 1), new Weight("b", 1)));
        assertServed(history, Subject.user("ann").asAdmin(), "a");
        assertServed(history, Subject.user("bob").asAdmin(), "b");
    }

    @Test
    void everyTypeOfValueIsServed() {
        for (FlagValue value : List.of(
                new FlagValue.BooleanValue(true),
                new FlagValue.StringValue("rebase"),
                new FlagValue.IntegerValue(9_007_199_254_740_993L),
                new FlagValue.DoubleValue(0.1),
                new FlagValue.ObjectValue("{\"limit\":7}"))) {
            Map<String, FlagValue> values = new LinkedHashMap<>();
            values.put("a", value);
            values.put("b", value);
            List<Recorded> history = ledger(
                    flag("gastown", value.type(), new Variants(values, "b", List.of(new Weight("a", 1))), List.of()));
            assertThat(decide(history, "gastown", ADMIN).value()).isEqualTo(value);
        }
    }

    // ---------------------------------------------------------------- parents

    @Test
    void aParentThatDeniesClosesItsChild() {
        List<Recorded> history = ledger(flag("top"), flag("bottom", Parent.of("top")), open("bottom"));
        assertDeniedBy(history, "bottom", DRAWN_ORG, "top");
        assertReason(history, "bottom", ADMIN, Reason.ADMIN);
        List<Recorded> opened = ledger(flag("top"), flag("bottom", Parent.of("top")), open("bottom"), open("top"));
        assertReason(opened, "bottom", DRAWN_ORG, Reason.GENERALLY_AVAILABLE);
    }

    @Test
    void aParentThatGrantsLeavesTheRestToItsChild() {
        List<Recorded> history = ledger(flag("top"), open("top"), flag("bottom", Parent.of("top")));
        assertReason(history, "bottom", DRAWN_ORG, Reason.STAGE);
    }

    @Test
    void aKilledParentClosesItsChildrenForAllButAdmins() {
        List<Recorded> history = ledger(
                flag("top"),
                open("top"),
                flag("bottom", Parent.of("top")),
                open("bottom"),
                new Change.KillSwitchEngaged("top", KillSwitch.NEW_ACCESS));
        assertDeniedBy(history, "bottom", DRAWN_ORG, "top");
        assertDeniedBy(history, "bottom", ANONYMOUS, "top");
        assertReason(history, "bottom", ADMIN, Reason.ADMIN);
    }

    @Test
    void aKilledChildOfADenyingParentIsDeniedByTheParent() {
        List<Recorded> history = ledger(
                flag("top"),
                flag("bottom", Parent.of("top")),
                new Change.KillSwitchEngaged("bottom", KillSwitch.ALL_ACCESS));
        assertDeniedBy(history, "bottom", DRAWN_ORG, "top");
    }

    @Test
    void anArchivedChildOfADenyingParentIsArchived() {
        List<Recorded> history =
                ledger(flag("top"), flag("bottom", Parent.of("top")), new Change.FlagArchived("bottom"));
        assertReason(history, "bottom", DRAWN_ORG, Reason.ARCHIVED);
    }

    @Test
    void sixteenLevelsUpIsStillAnAncestor() {
        List<Change> changes = new ArrayList<>(List.of(flag("level-0"), open("level-0")));
        for (int level = 1; level <= 16; level++) {
            changes.add(flag("level-" + level, Parent.of("level-" + (level - 1))));
            changes.add(open("level-" + level));
        }
        assertReason(ledger(changes), "level-16", ANONYMOUS, Reason.GENERALLY_AVAILABLE);
        changes.add(new Change.KillSwitchEngaged("level-0", KillSwitch.ALL_ACCESS));
        assertDeniedBy(ledger(changes), "level-16", ANONYMOUS, "level-15");
        assertDeniedBy(ledger(changes), "level-1", ANONYMOUS, "level-0");
        assertReason(ledger(changes), "level-16", ADMIN, Reason.ADMIN);
    }

    @Test
    void theFirstDirectParentThatDeniesIsNamed() {
        List<Change> changes = new ArrayList<>(List.of(
                flag("open"),
                open("open"),
                flag("closed"),
                flag("below-closed", Parent.of("closed")),
                open("below-closed")));
        changes.add(flag("bottom", Parent.of("open"), Parent.of("below-closed"), Parent.of("closed")));
        assertDeniedBy(ledger(changes), "bottom", ANONYMOUS, "below-closed");
        changes.add(new Change.ParentsChanged(
                "bottom", List.of(Parent.of("closed"), Parent.of("below-closed"), Parent.of("open"))));
        assertDeniedBy(ledger(changes), "bottom", ANONYMOUS, "closed");
    }

    @Test
    void anAncestorMetTwiceCountsForBothParents() {
        List<Change> changes = new ArrayList<>(List.of(
                flag("top"),
                open("top"),
                flag("left", Parent.of("top")),
                open("left"),
                flag("right", Parent.of("top")),
                open("right"),
                flag("bottom", Parent.of("left"), Parent.of("right")),
                open("bottom")));
        assertReason(ledger(changes), "bottom", ANONYMOUS, Reason.GENERALLY_AVAILABLE);
        changes.add(new Change.KillSwitchEngaged("right", KillSwitch.ALL_ACCESS));
        assertDeniedBy(ledger(changes), "bottom", ANONYMOUS, "right");
        changes.add(new Change.KillSwitchEngaged("top", KillSwitch.ALL_ACCESS));
        assertDeniedBy(ledger(changes), "bottom", ANONYMOUS, "left");
    }

    @Test
    void aParentMustServeAVariantThatIsAskedFor() {
        List<Change> changes = new ArrayList<>(List.of(
                variants("top", new Weight("a", 1), new Weight("b", 1)),
                open("top"),
                flag("bottom", new Parent("top", Set.of("a"))),
                open("bottom")));
        Subject servedA = Subject.user("ann");
        Subject servedB = Subject.user("bob");
        assertReason(ledger(changes), "bottom", servedA, Reason.GENERALLY_AVAILABLE);
        assertDeniedBy(ledger(changes), "bottom", servedB, "top");
        assertDeniedBy(ledger(changes), "bottom", servedB.asAdmin(), "top");
        assertReason(ledger(changes), "bottom", servedA.asAdmin(), Reason.ADMIN);
        changes.add(new Change.ParentsChanged("bottom", List.of(new Parent("top", Set.of("a", "b", "c")))));
        assertReason(ledger(changes), "bottom", servedB, Reason.GENERALLY_AVAILABLE);
    }

    @Test
    void twoChildrenMayAskTheSameParentForDifferentVariants() {
        List<Recorded> history = ledger(
                variants("top", new Weight("a", 1), new Weight("b", 1)),
                open("top"),
                flag("left", new Parent("top", Set.of("a"))),
                open("left"),
                flag("right", new Parent("top", Set.of("b"))),
                open("right"),
                flag("bottom", Parent.of("top"), Parent.of("left"), Parent.of("right")),
                open("bottom"));
        assertDeniedBy(history, "bottom", Subject.user("ann"), "right");
        assertDeniedBy(history, "bottom", Subject.user("bob"), "left");
    }

    @Test
    void anOffVariantIsNotServedByAParentThatDenies() {
        Variants served = Variants.ON_OFF;
        List<Recorded> history = ledger(
                flag("top", ValueType.BOOLEAN, served, List.of()),
                flag("bottom", new Parent("top", Set.of("off"))),
                open("bottom"));
        assertDeniedBy(history, "bottom", ANONYMOUS, "top");
    }

    @Test
    void aChangeOfAParentIsSeenByItsGrandchildren() {
        List<Change> changes = new ArrayList<>(List.of(
                flag("top"),
                open("top"),
                flag("middle", Parent.of("top")),
                open("middle"),
                flag("bottom", Parent.of("middle")),
                open("bottom")));
        assertReason(ledger(changes), "bottom", ANONYMOUS, Reason.GENERALLY_AVAILABLE);
        changes.add(StageMoved.to("top", Stage.ALLOWLIST));
        assertDeniedBy(ledger(changes), "bottom", ANONYMOUS, "middle");
    }

    // ---------------------------------------------------------------- everything

    @Test
    void answersAsTheRulesReadForRandomHistories() {
        Histories.obey(Histories.first(randomHistories()), history -> {
            Reference reference = new Reference(history.end());
            List<String> flags = new ArrayList<>(history.end().flags().sortedKeys());
            flags.add("nowhere");
            for (Subject subject : Histories.subjects(history.random(), 8)) {
                for (String flag : flags) {
                    assertThat(decide(history.events(), flag, subject))
                            .usingRecursiveComparison()
                            .ignoringFields("at")
                            .isEqualTo(reference.decide(flag, subject, false));
                }
            }
        });
    }

    // ---------------------------------------------------------------- histories

    private static List<Recorded> grid() {
        MemoryLedger ledger = MemoryLedger.gastown();
        Allowlist listed =
                Allowlist.of(List.of(new UserEntry("dana", null), new UserEntry("eve", "umbrella")), List.of("stark"));
        for (Stage stage : Stage.values()) {
            for (KillSwitch killSwitch : KillSwitch.values()) {
                String flag = flagOfGrid(stage, killSwitch);
                ledger.accept(flag(flag), new Change.AllowlistChanged(flag, listed, Allowlist.EMPTY));
                if (stage != Stage.ADMIN_ONLY) {
                    Percentage share = stage == Stage.PERCENTAGE ? QUARTER : Percentage.ZERO;
                    ledger.accept(new StageMoved(flag, stage, share, true));
                }
                if (killSwitch != KillSwitch.RELEASED) {
                    ledger.accept(new Change.KillSwitchEngaged(flag, killSwitch));
                }
            }
        }
        return ledger.events();
    }

    private static String flagOfGrid(Stage stage, KillSwitch killSwitch) {
        return (stage + "." + killSwitch).toLowerCase(Locale.ROOT);
    }

    private static List<Recorded> ledger(Change... changes) {
        return MemoryLedger.gastown().accept(changes).events();
    }

    private static List<Recorded> ledger(List<Change> changes) {
        return ledger(changes.toArray(Change[]::new));
    }

    private static Change flag(String key, Parent... parents) {
        return flag(key, ValueType.BOOLEAN, Variants.ON_OFF, List.of(parents));
    }

    private static Change flag(String key, ValueType type, Variants variants, List<Parent> parents) {
        Bucketing bucketing = new Bucketing(BucketBy.ORG, SEED, Bucketing.Algorithm.MURMUR3_SCALED);
        return new FlagCreated(key, type, Details.NONE, variants, bucketing, parents);
    }

    /** A flag with the variants a, b, c and off. */
    private static Change variants(String key, Weight... on) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        Stream.of("a", "b", "c", "off").forEach(name -> values.put(name, new FlagValue.StringValue("value " + name)));
        return flag(key, ValueType.STRING, new Variants(values, "off", List.of(on)), List.of());
    }

    private static Change open(String key) {
        return StageMoved.to(key, Stage.GENERALLY_AVAILABLE).skipping();
    }

    private static List<Recorded> percentage(int units) {
        return ledger(
                flag("gastown"), StageMoved.to("gastown", new Percentage(units)).skipping());
    }

    private static List<Recorded> byUser(int units) {
        Bucketing byUser = new Bucketing(BucketBy.USER, SEED, Bucketing.Algorithm.MURMUR3_SCALED);
        return ledger(
                flag("gastown"),
                new Change.BucketingChanged("gastown", byUser),
                StageMoved.to("gastown", new Percentage(units)).skipping());
    }

    private static List<Recorded> allowing(List<UserEntry> users, List<String> orgs) {
        return ledger(
                flag("gastown"),
                StageMoved.to("gastown", Stage.ALLOWLIST),
                new Change.AllowlistChanged("gastown", Allowlist.of(users, orgs), Allowlist.EMPTY));
    }

    // ---------------------------------------------------------------- assertions

    private void assertAnswer(String flag, Subject subject, Reason reason) {
        Decision decision = decide(GRID, flag, subject);
        assertThat(decision.reason()).as("%s for %s", flag, subject).isEqualTo(reason);
        assertThat(decision.granted()).isEqualTo(reason.granted());
        assertThat(decision.variant()).isEqualTo(reason.granted() ? "on" : "off");
        assertThat(decision.value()).isEqualTo(new FlagValue.BooleanValue(reason.granted()));
        assertThat(decision.parent()).isNull();
        assertThat(decision.sequence()).isEqualTo(GRID.size());
    }

    private void assertReason(List<Recorded> history, String flag, Subject subject, Reason reason) {
        Decision decision = decide(history, flag, subject);
        assertThat(decision.reason()).as("%s for %s", flag, subject).isEqualTo(reason);
        assertThat(decision.granted()).isEqualTo(reason.granted());
    }

    private void assertDeniedBy(List<Recorded> history, String flag, Subject subject, String parent) {
        Decision decision = decide(history, flag, subject);
        assertThat(decision.reason()).as("%s for %s", flag, subject).isEqualTo(Reason.PARENT);
        assertThat(decision.parent()).isEqualTo(parent);
        assertThat(decision.variant()).isEqualTo("off");
        assertThat(decision.entry()).isNull();
    }

    private void assertEntry(
            List<Recorded> history, String flag, Subject subject, @Nullable String user, @Nullable String org) {
        Decision decision = decide(history, flag, subject);
        assertThat(decision.reason()).as("%s for %s", flag, subject).isEqualTo(Reason.ALLOWLIST);
        assertThat(decision.entry()).isEqualTo(new Decision.Entry(user, org));
    }

    private void assertServed(List<Recorded> history, Subject subject, String variant) {
        Decision decision = decide(history, "gastown", subject);
        assertThat(decision.granted()).isTrue();
        assertThat(decision.variant()).as("served to %s", subject).isEqualTo(variant);
        assertThat(decision.value()).isEqualTo(new FlagValue.StringValue("value " + variant));
    }
}
