package io.flagledger.core.travel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.FlagArchived;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagDescribed;
import io.flagledger.core.event.Change.FlagRevived;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.ParentsChanged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Change.VariantsDefined;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.Timeline.Edge;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Time travel in stories short enough to check by hand, whoever answers. */
public abstract class LedgerHistoryContract {
    private static final Subject ADA = Subject.user("ada").org("acme");

    private final MemoryLedger ledger = MemoryLedger.gastown();

    /** What answers for a ledger, which may have grown since this was last called. */
    protected abstract LedgerHistory travel(MemoryLedger through);

    private LedgerHistory travel() {
        return travel(ledger);
    }

    @Test
    void aFlagAsItWas() {
        ledger.accept(
                FlagCreated.bool("gastown"),
                StageMoved.to("gastown", Stage.ALLOWLIST),
                StageMoved.to("gastown", Percentage.ALL));

        assertThat(travel().at(Cut.at(0)).flags().size()).isZero();
        assertThat(stageAt(Cut.at(1))).isEqualTo(Stage.ADMIN_ONLY);
        assertThat(stageAt(Cut.at(2))).isEqualTo(Stage.ALLOWLIST);
        assertThat(stageAt(Cut.at(MemoryLedger.START.plusSeconds(1)))).isEqualTo(Stage.ALLOWLIST);
        assertThat(stageAt(Cut.at(MemoryLedger.START.plusMillis(999)))).isEqualTo(Stage.ADMIN_ONLY);
        assertThat(stageAt(Cut.now())).isEqualTo(Stage.PERCENTAGE);
        assertThat(travel().at(Cut.at(MemoryLedger.START.minusMillis(1)))
                        .flags()
                        .size())
                .isZero();
    }

    private @Nullable Stage stageAt(Cut cut) {
        var flag = travel().at(cut).flags().get("gastown");
        return flag == null ? null : flag.stage();
    }

    @Test
    void aBatchIsNotTorn() {
        ledger.accept(FlagCreated.bool("gastown"));
        ledger.batch(
                StageMoved.to("gastown", Stage.ALLOWLIST),
                StageMoved.to("gastown", Percentage.ALL),
                StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE));

        assertThat(travel().at(Cut.at(2)).sequence()).isEqualTo(1);
        assertThat(travel().at(Cut.at(3)).sequence()).isEqualTo(1);
        assertThat(stageAt(Cut.at(4))).isEqualTo(Stage.GENERALLY_AVAILABLE);
    }

    @Test
    void aPositionThatIsStillToComeIsNotGuessed() {
        assertThatExceptionOfType(NoSuchPositionException.class)
                .isThrownBy(() -> travel().at(Cut.at(1)))
                .withMessage("there is no event 1 in gastown-test: nothing has happened there yet");
        ledger.accept(FlagCreated.bool("gastown"));
        assertThatExceptionOfType(NoSuchPositionException.class)
                .isThrownBy(() -> travel().diff(Cut.at(1), Cut.at(7)))
                .withMessage("there is no event 7 in gastown-test: the last one is 1");
        assertThatIllegalArgumentException().isThrownBy(() -> Cut.at(-1));
    }

    @Test
    void whatDiffersFieldByField() {
        ledger.accept(
                FlagCreated.bool("gone"),
                FlagCreated.bool("parent"),
                FlagCreated.bool("gastown"),
                StageMoved.to("gastown", Stage.ALLOWLIST),
                new AllowlistChanged(
                        "gastown",
                        Allowlist.of(List.of(new UserEntry("ada", "acme"), new UserEntry("ben", null)), List.of("x")),
                        Allowlist.EMPTY));
        Cut from = Cut.at(ledger.state().sequence());
        ledger.accept(
                new FlagDescribed("gastown", "Gas Town", null, null, new TreeSet<>(Set.of("t")), null),
                new AllowlistChanged(
                        "gastown",
                        Allowlist.of(List.of(new UserEntry("ada", "globex")), List.of()),
                        Allowlist.of(List.of(new UserEntry("ada", "acme")), List.of("x"))),
                StageMoved.to("gastown", new Percentage(12_500)),
                new Change.BucketingChanged("gastown", Bucketing.of("gastown", BucketBy.USER)),
                new ParentsChanged("gastown", List.of(Parent.of("parent"))),
                new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS),
                new VariantsDefined(
                        "gastown", new Variants(Variants.ON_OFF.values(), "on", List.of(new Weight("off", 1)))),
                new FlagArchived("gone"),
                FlagCreated.bool("new"));

        EnvironmentDiff diff = travel().diff(from, Cut.now());

        assertThat(diff.flags())
                .extracting(flag -> flag.flag() + " " + flag.kind())
                .containsExactly("gastown CHANGED", "gone ARCHIVED", "new CREATED");
        assertThat(travel().diff(Cut.now(), from).flags())
                .extracting(flag -> flag.flag() + " " + flag.kind())
                .containsExactly("gastown CHANGED", "gone REVIVED", "new GONE");
        assertThat(LedgerJson.print(TravelJson.differences(diff.flags().get(0).differences())))
                .isEqualTo("""
                        [{"field":"title","before":"","after":"Gas Town"},\
                        {"field":"tags","before":[],"after":["t"]},\
                        {"field":"stage","before":"ALLOWLIST","after":"PERCENTAGE"},\
                        {"field":"percentage","before":0,"after":12.5},\
                        {"field":"allowlist","added":{"users":[{"id":"ada","org":"globex"}],"orgs":[]},\
                        "removed":{"users":[{"id":"ada","org":"acme"}],"orgs":["x"]}},\
                        {"field":"killSwitch","before":"RELEASED","after":"ALL_ACCESS"},\
                        {"field":"parents","before":[],"after":[{"flag":"parent"}]},\
                        {"field":"off","before":"off","after":"on"},\
                        {"field":"on","before":[{"variant":"on","weight":1}],"after":[{"variant":"off","weight":1}]},\
                        {"field":"bucketBy","before":"ORG","after":"USER"}]""");
        assertThat(LedgerJson.print(TravelJson.diff(diff)))
                .contains(
                        "\"from\":{\"sequence\":5,\"at\":\"2026-01-01T00:00:04.000Z\"}",
                        "{\"flag\":\"gone\",\"kind\":\"ARCHIVED\",\"revisions\":{\"from\":1,\"to\":2},\"differences\":[{\"field\":\"archived\",\"before\":false,\"after\":true}]}",
                        "{\"flag\":\"new\",\"kind\":\"CREATED\",\"after\":{\"key\":\"new\"");
    }

    @Test
    void whatWasChangedAndChangedBackDoesNotDiffer() {
        ledger.accept(FlagCreated.bool("gastown"));
        ledger.accept(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS), new KillSwitchReleased("gastown"));

        assertThat(travel().diff(Cut.at(1), Cut.now()).isEmpty()).isTrue();
        assertThat(travel().history("gastown"))
                .extracting(revision -> LedgerJson.print(TravelJson.differences(revision.differences())))
                .containsExactly(
                        "[]",
                        "[{\"field\":\"killSwitch\",\"before\":\"RELEASED\",\"after\":\"NEW_ACCESS\"}]",
                        "[{\"field\":\"killSwitch\",\"before\":\"NEW_ACCESS\",\"after\":\"RELEASED\"}]");
        assertThat(travel().history("nothing")).isEmpty();
    }

    @Test
    void twoFlagsAreNotTwoStatesOfOne() {
        ledger.accept(FlagCreated.bool("a"), FlagCreated.bool("b"));

        assertThatIllegalArgumentException()
                .isThrownBy(() -> Differences.between(ledger.flag("a"), ledger.flag("b")))
                .withMessage("a and b are two flags, not two states of one");
    }

    @Test
    void aTimelineNamesTheEventOfAParentThatEndedAccess() {
        ledger.accept(
                FlagCreated.bool("parent"),
                FlagCreated.bool("child", Parent.of("parent")),
                StageMoved.to("parent", Stage.GENERALLY_AVAILABLE).skipping(),
                FlagCreated.bool("unrelated"),
                StageMoved.to("child", Stage.GENERALLY_AVAILABLE).skipping(),
                new KillSwitchEngaged("parent", KillSwitch.NEW_ACCESS),
                new KillSwitchEngaged("unrelated", KillSwitch.NEW_ACCESS),
                new KillSwitchReleased("parent"));

        Timeline timeline = travel().timeline("child", ADA);

        assertThat(edges(timeline))
                .containsExactly(
                        "#5 child granted GENERALLY_AVAILABLE",
                        "#6 parent denied PARENT",
                        "#8 parent granted GENERALLY_AVAILABLE");
        assertThat(timeline.isOpen()).isTrue();
        assertThat(LedgerJson.print(TravelJson.timeline(timeline)))
                .startsWith("{\"environment\":\"gastown-test\",\"flag\":\"child\","
                        + "\"subject\":{\"targetingKey\":\"ada\",\"orgId\":\"acme\",\"admin\":false},"
                        + "\"sequence\":8,\"at\":\"2026-01-01T00:00:07.000Z\",\"open\":true,"
                        + "\"intervals\":[{\"from\":{\"event\":{")
                .contains("\"until\":{\"event\":{\"environment\":\"gastown-test\",\"sequence\":6,\"flag\":\"parent\"");
    }

    @Test
    void anAncestorThatIsNewlySetAndLaterLeftCountsWhileItIsOne() {
        ledger.accept(
                FlagCreated.bool("a"),
                FlagCreated.bool("b"),
                StageMoved.to("b", Stage.GENERALLY_AVAILABLE).skipping(),
                new ParentsChanged("b", List.of(Parent.of("a"))),
                StageMoved.to("a", Percentage.ALL).skipping(),
                new ParentsChanged("b", List.of()),
                new KillSwitchEngaged("a", KillSwitch.ALL_ACCESS),
                new FlagArchived("b"),
                new FlagRevived("b"));

        assertThat(edges(travel().timeline("b", ADA)))
                .containsExactly(
                        "#3 b granted GENERALLY_AVAILABLE",
                        "#4 b denied PARENT",
                        "#5 a granted GENERALLY_AVAILABLE",
                        "#8 b denied ARCHIVED",
                        "#9 b granted GENERALLY_AVAILABLE");
    }

    @Test
    void aBatchIsOneInstantAndNamesTheEventThatTurnedTheAnswer() {
        ledger.accept(FlagCreated.bool("gastown"));
        ledger.batch(
                StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(),
                new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
        ledger.batch(
                new FlagDescribed("gastown", "t", null, null, null, null),
                new KillSwitchReleased("gastown"),
                new FlagDescribed("gastown", "u", null, null, null, null));

        Timeline timeline = travel().timeline("gastown", ADA);

        assertThat(timeline.intervals()).singleElement().satisfies(interval -> {
            assertThat(interval.from().cause().event().sequence()).isEqualTo(5);
            assertThat(interval.from().decision().sequence()).isEqualTo(6);
            assertThat(interval.from().decision().reason()).isEqualTo(Reason.GENERALLY_AVAILABLE);
            assertThat(interval.until()).isNull();
        });
    }

    @Test
    void whoIsNoneOfTheirBusinessHasNoTimeline() {
        ledger.accept(FlagCreated.bool("gastown"));

        assertThat(travel().timeline("gastown", ADA).intervals()).isEmpty();
        assertThat(travel().timeline("nothing", ADA).intervals()).isEmpty();
        assertThat(travel().timeline("gastown", ADA.asAdmin()).isOpen()).isTrue();
        assertThat(travel().decisionAt("nothing", ADA, Cut.now()).reason()).isEqualTo(Reason.UNKNOWN_FLAG);
    }

    private static List<String> edges(Timeline timeline) {
        return timeline.intervals().stream()
                .flatMap(interval -> Stream.of(interval.from(), interval.until()))
                .filter(edge -> edge != null)
                .map(LedgerHistoryContract::told)
                .toList();
    }

    private static String told(@Nullable Edge edge) {
        if (edge == null) {
            return "";
        }
        return "#%d %s %s %s"
                .formatted(
                        edge.cause().event().sequence(),
                        edge.cause().event().flag(),
                        edge.decision().granted() ? "granted" : "denied",
                        edge.decision().reason());
    }
}
