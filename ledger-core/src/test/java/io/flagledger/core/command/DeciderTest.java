package io.flagledger.core.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.command.Refusal.Kind;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Batch;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.BucketingChanged;
import io.flagledger.core.event.Change.FlagArchived;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.FlagDescribed;
import io.flagledger.core.event.Change.FlagRestored;
import io.flagledger.core.event.Change.FlagRevived;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.KillSwitchReleased;
import io.flagledger.core.event.Change.ParentsChanged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Change.VariantsDefined;
import io.flagledger.core.event.Details;
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
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.MemoryLedger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class DeciderTest {
    private static final String HALF_A_PAIR = "\ud83d";

    private final MemoryLedger ledger = MemoryLedger.gastown().accept(FlagCreated.bool("gastown"));

    @Nested
    class FlagCreation {
        @Test
        void makesAFlag() {
            accepts(FlagCreated.bool("gastown.convoys", Parent.of("gastown")));
        }

        @ParameterizedTest
        @ValueSource(strings = {"a", "7", "gastown.merge-strategy_2", "0.-_"})
        void acceptsEveryKeyOfTheForm(String key) {
            accepts(FlagCreated.bool(key));
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "Gastown", ".gastown", "-gastown", "gas town", "gastown/convoys", "gästown", "a\n"})
        void refusesEveryOtherKey(String key) {
            refuses(
                    FlagCreated.bool(key),
                    Kind.BAD_KEY,
                    "a flag can't be called '%s': its key must match [a-z0-9][a-z0-9._-]{0,126}".formatted(key));
        }

        @Test
        void refusesAKeyThatIsTooLong() {
            accepts(FlagCreated.bool("a".repeat(127)));
            refuses(
                    FlagCreated.bool("a".repeat(200)),
                    Kind.BAD_KEY,
                    "a flag can't be called '%s…': its key must match [a-z0-9][a-z0-9._-]{0,126}"
                            .formatted("a".repeat(140)));
        }

        @Test
        void refusesAKeyThatIsThere() {
            refuses(
                    FlagCreated.bool("gastown"),
                    Kind.FLAG_EXISTS,
                    "there is a flag gastown already: choose another key");
        }

        @Test
        void refusesTheKeyOfAnArchivedFlag() {
            ledger.accept(new FlagArchived("gastown"));
            refuses(
                    FlagCreated.bool("gastown"),
                    Kind.FLAG_EXISTS,
                    "there was a flag gastown, which is archived: revive it or choose another key");
        }

        @Test
        void refusesVariantsThatCannotBe() {
            refuses(
                    created(variants(List.of("on"), "on", new Weight("on", 1))),
                    Kind.BAD_VARIANTS,
                    "a flag needs at least two variants but hooks has 1");
        }

        @Test
        void refusesAParentThatDoesNotExist() {
            refuses(
                    FlagCreated.bool("hooks", Parent.of("nowhere")),
                    Kind.UNKNOWN_PARENT,
                    "the parent nowhere does not exist in gastown-test: create it first");
        }

        @Test
        void refusesAnArchivedParent() {
            ledger.accept(new FlagArchived("gastown"));
            refuses(
                    FlagCreated.bool("hooks", Parent.of("gastown")),
                    Kind.ARCHIVED_PARENT,
                    "the parent gastown is archived: revive it first");
        }

        @Test
        void refusesAFlagAsItsOwnParent() {
            refuses(FlagCreated.bool("hooks", Parent.of("hooks")), Kind.PARENT_CYCLE, "hooks can't be its own parent");
        }

        @Test
        void refusesASeedThatIsNoId() {
            refuses(seeded(""), Kind.BAD_ID, "a seed has 1 to 256 characters");
            refuses(seeded("s".repeat(257)), Kind.BAD_ID, "a seed has 1 to 256 characters");
            refuses(seeded(HALF_A_PAIR), Kind.BAD_ID, "a seed has 1 to 256 characters");
            accepts(seeded("s".repeat(256)));
        }

        @Test
        void refusesDetailsThatAreTooLong() {
            String tooLong = "x".repeat(10_001);
            refuses(
                    detailed(new Details(tooLong, tooLong, "", Set.of(), "")),
                    Kind.LIMIT_EXCEEDED,
                    "the title must be a text of at most 10000 characters");
            refuses(
                    detailed(new Details("", "", "", Set.of(), HALF_A_PAIR)),
                    Kind.LIMIT_EXCEEDED,
                    "the ticket must be a text of at most 10000 characters");
            accepts(detailed(Details.titled("x".repeat(10_000))));
        }

        @Test
        void refusesMoreThan64Tags() {
            Set<String> tags = new TreeSet<>();
            IntStream.range(0, 65).forEach(i -> tags.add("tag-" + i));
            refuses(
                    detailed(new Details("", "", "", tags, "")),
                    Kind.LIMIT_EXCEEDED,
                    "a flag has at most 64 tags but these are 65");
        }

        private static Change seeded(String seed) {
            Bucketing bucketing = new Bucketing(BucketBy.ORG, seed, Bucketing.Algorithm.MURMUR3_SCALED);
            return new FlagCreated("hooks", ValueType.BOOLEAN, Details.NONE, Variants.ON_OFF, bucketing, List.of());
        }

        private static Change detailed(Details details) {
            Bucketing bucketing = Bucketing.of("polecats", BucketBy.ORG);
            return new FlagCreated("polecats", ValueType.BOOLEAN, details, Variants.ON_OFF, bucketing, List.of());
        }
    }

    @Nested
    class Description {
        @Test
        void setsWhatItMentions() {
            accepts(new FlagDescribed("gastown", "Gastown", null, null, null, null));
        }

        @Test
        void refusesAFlagThatDoesNotExist() {
            refusesUnknown(new FlagDescribed("nowhere", "x", null, null, null, null));
        }

        @Test
        void refusesToSayNothing() {
            refuses(
                    new FlagDescribed("gastown", null, null, null, null, null),
                    Kind.UNCHANGED,
                    "nothing is said of gastown: name what its title, description, owner, tags or ticket shall be");
        }

        @Test
        void refusesATextThatIsTooLong() {
            refuses(
                    new FlagDescribed("gastown", null, "x".repeat(10_001), null, null, null),
                    Kind.LIMIT_EXCEEDED,
                    "the description must be a text of at most 10000 characters");
        }
    }

    @Nested
    class VariantDefinition {
        @Test
        void replacesTheVariants() {
            accepts(define(variants(List.of("on", "off", "half"), "off", new Weight("on", 1), new Weight("half", 1))));
        }

        @Test
        void refusesAFlagThatDoesNotExist() {
            refusesUnknown(new VariantsDefined("nowhere", Variants.ON_OFF));
        }

        @Test
        void refusesFewerThanTwo() {
            bad(variants(List.of(), "off"), "a flag needs at least two variants but gastown has 0");
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "a b", "ä", "a/b"})
        void refusesANameThatCannotBe(String name) {
            bad(
                    variants(List.of("on", name), "on", new Weight("on", 1)),
                    "a variant can't be called '%s': its name must match [A-Za-z0-9._-]{1,64}".formatted(name));
        }

        @Test
        void refusesAnOffVariantThatIsNoneOfThem() {
            bad(
                    variants(List.of("on", "off"), "of", new Weight("on", 1)),
                    "the off variant of is none of the variants [on, off]");
        }

        @Test
        void refusesAnOnVariantThatIsNoneOfThem() {
            bad(
                    variants(List.of("on", "off"), "off", new Weight("On", 1)),
                    "the on variant On is none of the variants [on, off]");
        }

        @Test
        void refusesAnOnVariantThatIsNamedTwice() {
            bad(
                    variants(List.of("on", "off"), "off", new Weight("on", 1), new Weight("on", 1)),
                    "the on variant on is named twice");
        }

        @Test
        void refusesAWeightBelowZero() {
            bad(
                    variants(List.of("on", "off"), "off", new Weight("on", -1)),
                    "the weight of on is -1, but a weight can't be below 0");
        }

        @Test
        void refusesWeightsThatAddUpToNothing() {
            String message = "the weights of the on variants must add up to 1 … 2147483647 but make 0";
            bad(variants(List.of("on", "off"), "off", new Weight("on", 0)), message);
            bad(variants(List.of("on", "off"), "off"), message);
        }

        @Test
        void refusesWeightsThatAddUpToTooMuch() {
            bad(
                    variants(List.of("on", "off"), "off", new Weight("on", Integer.MAX_VALUE), new Weight("off", 1)),
                    "the weights of the on variants must add up to 1 … 2147483647 but make 2147483648");
            accepts(define(variants(
                    List.of("on", "off"), "off", new Weight("on", Integer.MAX_VALUE - 1), new Weight("off", 1))));
        }

        @Test
        void refusesAValueOfAnotherType() {
            Map<String, FlagValue> values = new LinkedHashMap<>(Variants.ON_OFF.values());
            values.put("half", new FlagValue.DoubleValue(0.5));
            refuses(
                    define(new Variants(values, "off", Variants.ON_OFF.on())),
                    Kind.WRONG_VALUE_TYPE,
                    "the variant half has a value of type DOUBLE, but gastown is a flag of type BOOLEAN");
        }

        @Test
        void refusesAValueThatIsNoText() {
            refuses(
                    text(HALF_A_PAIR),
                    Kind.BAD_VARIANTS,
                    "the value of the variant a holds half of a surrogate pair, which no encoding can write");
        }

        @Test
        void refusesAValueOfMoreThan64KiB() {
            refuses(
                    text("é".repeat(32 * 1024) + "x"),
                    Kind.LIMIT_EXCEEDED,
                    "the value of a variant has at most 65,536 bytes but that of a has 65,537");
            accepts(text("é".repeat(32 * 1024)));
        }

        @Test
        void refusesToTakeAwayAVariantThatAChildAsksFor() {
            ledger.accept(
                    define(variants(List.of("on", "off", "half"), "off", new Weight("on", 1))),
                    FlagCreated.bool("hooks", new Parent("gastown", Set.of("half"))));
            refuses(
                    define(Variants.ON_OFF),
                    Kind.VARIANT_IN_USE,
                    "hooks asks its parent gastown for the variant half, which would vanish: change the parents of hooks first");
        }

        private static Change define(Variants variants) {
            return new VariantsDefined("gastown", variants);
        }

        private void bad(Variants variants, String message) {
            refuses(define(variants), Kind.BAD_VARIANTS, message);
        }

        private static Change text(String value) {
            Map<String, FlagValue> values = new LinkedHashMap<>();
            values.put("a", new FlagValue.StringValue(value));
            values.put("b", new FlagValue.StringValue(""));
            Variants variants = new Variants(values, "b", List.of(new Weight("a", 1)));
            Bucketing bucketing = Bucketing.of("text", BucketBy.ORG);
            return new FlagCreated("text", ValueType.STRING, Details.NONE, variants, bucketing, List.of());
        }
    }

    @Nested
    class StageMove {
        @Test
        void goesOneStageForwardAndAnyNumberBack() {
            accepts(StageMoved.to("gastown", Stage.ALLOWLIST));
            accepts(StageMoved.to("gastown", new Percentage(25_000)));
            accepts(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE));
            accepts(StageMoved.to("gastown", Stage.ADMIN_ONLY));
        }

        @Test
        void changesThePercentageOfTheSameStage() {
            accepts(StageMoved.to("gastown", new Percentage(25_000)).skipping());
            accepts(StageMoved.to("gastown", new Percentage(25_001)));
            accepts(StageMoved.to("gastown", new Percentage(1)));
        }

        @Test
        void leavesStagesOutWhereThatIsSaid() {
            accepts(StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping());
        }

        @Test
        void refusesAFlagThatDoesNotExist() {
            refusesUnknown(StageMoved.to("nowhere", Stage.ALLOWLIST));
        }

        @Test
        void refusesToLeaveAStageOut() {
            refuses(
                    StageMoved.to("gastown", new Percentage(25_000)),
                    Kind.STAGE_SKIPPED,
                    "gastown is at ADMIN_ONLY; moving it to PERCENTAGE would leave out ALLOWLIST: go there first, or say that you mean to skip");
            refuses(
                    StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE),
                    Kind.STAGE_SKIPPED,
                    "gastown is at ADMIN_ONLY; moving it to GENERALLY_AVAILABLE would leave out ALLOWLIST and PERCENTAGE: go there first, or say that you mean to skip");
        }

        @Test
        void refusesTheSameStage() {
            refuses(
                    StageMoved.to("gastown", Stage.ADMIN_ONLY).skipping(),
                    Kind.UNCHANGED,
                    "gastown is at ADMIN_ONLY already");
        }

        @Test
        void refusesTheSamePercentage() {
            ledger.accept(StageMoved.to("gastown", new Percentage(12_500)).skipping());
            refuses(
                    StageMoved.to("gastown", new Percentage(12_500)),
                    Kind.UNCHANGED,
                    "gastown is at PERCENTAGE of 12.5 % already");
        }
    }

    @Nested
    class AllowlistChange {
        private final Allowlist eve = users(new UserEntry("eve", "acme"));

        @Test
        void addsAndRemoves() {
            accepts(add(eve));
            accepts(new AllowlistChanged("gastown", orgs("globex"), eve));
            accepts(remove(orgs("globex")));
        }

        @Test
        void replacesAnEntryThatItRemoves() {
            accepts(add(eve));
            accepts(new AllowlistChanged("gastown", users(new UserEntry("eve", "globex")), eve));
        }

        @Test
        void removesAUserByIdAlone() {
            accepts(add(eve));
            accepts(remove(users(new UserEntry("eve", null))));
        }

        @Test
        void refusesAFlagThatDoesNotExist() {
            refusesUnknown(new AllowlistChanged("nowhere", eve, Allowlist.EMPTY));
        }

        @Test
        void refusesToNameNobody() {
            refuses(add(Allowlist.EMPTY), Kind.UNCHANGED, "nobody is named: name a user or an org to add or remove");
        }

        @Test
        void refusesAUserWhoIsThere() {
            ledger.accept(add(eve));
            refuses(add(eve), Kind.ENTRY_EXISTS, "user eve@acme is on the allowlist of gastown already");
        }

        @Test
        void refusesAUserWhoIsThereWithAnotherOrg() {
            ledger.accept(add(eve));
            refuses(
                    add(users(new UserEntry("eve", null))),
                    Kind.ENTRY_EXISTS,
                    "user eve is on the allowlist of gastown already, as eve@acme: remove that entry in the same change to replace it");
        }

        @Test
        void refusesAnOrgThatIsThere() {
            ledger.accept(add(orgs("acme")));
            refuses(add(orgs("acme")), Kind.ENTRY_EXISTS, "org acme is on the allowlist of gastown already");
        }

        @Test
        void refusesToRemoveAUserWhoIsNotThere() {
            refuses(remove(eve), Kind.UNKNOWN_ENTRY, "user eve is not on the allowlist of gastown");
        }

        @Test
        void refusesToRemoveAUserWhoIsThereWithAnotherOrg() {
            ledger.accept(add(eve));
            refuses(
                    remove(users(new UserEntry("eve", "globex"))),
                    Kind.UNKNOWN_ENTRY,
                    "user eve is on the allowlist of gastown as eve@acme, not as eve@globex");
        }

        @Test
        void refusesToRemoveAnOrgThatIsNotThere() {
            ledger.accept(add(eve));
            refuses(remove(orgs("acme")), Kind.UNKNOWN_ENTRY, "org acme is not on the allowlist of gastown");
        }

        @Test
        void refusesAnIdThatCannotBe() {
            String message = "'%s' can't be the id of a user or an org: it must have 1 to 256 characters";
            refuses(add(orgs("")), Kind.BAD_ID, message.formatted(""));
            refuses(add(users(new UserEntry("", null))), Kind.BAD_ID, message.formatted(""));
            refuses(add(users(new UserEntry("eve", HALF_A_PAIR))), Kind.BAD_ID, message.formatted(HALF_A_PAIR));
            refuses(add(orgs("x".repeat(257))), Kind.BAD_ID, message.formatted("x".repeat(140) + "…"));
            accepts(add(orgs("x".repeat(256))));
        }

        @Test
        void refusesMoreThanTenThousandEntries() {
            List<String> most =
                    IntStream.range(0, 9_999).mapToObj(i -> "org-" + i).toList();
            accepts(add(Allowlist.of(List.of(), most)));
            refuses(
                    add(Allowlist.of(List.of(new UserEntry("eve", null)), List.of("acme"))),
                    Kind.LIMIT_EXCEEDED,
                    "an allowlist has at most 10,000 entries but that of gastown would have 10,001");
            accepts(add(eve));
            accepts(new AllowlistChanged("gastown", orgs("acme"), eve));
        }

        private static Change add(Allowlist added) {
            return new AllowlistChanged("gastown", added, Allowlist.EMPTY);
        }

        private static Change remove(Allowlist removed) {
            return new AllowlistChanged("gastown", Allowlist.EMPTY, removed);
        }

        private static Allowlist users(UserEntry... users) {
            return Allowlist.of(List.of(users), List.of());
        }

        private static Allowlist orgs(String... orgs) {
            return Allowlist.of(List.of(), List.of(orgs));
        }
    }

    @Nested
    class BucketingChange {
        @Test
        void drawsOtherwise() {
            accepts(new BucketingChanged("gastown", Bucketing.of("gastown", BucketBy.USER)));
        }

        @Test
        void refusesAFlagThatDoesNotExist() {
            refusesUnknown(new BucketingChanged("nowhere", Bucketing.of("nowhere", BucketBy.USER)));
        }

        @Test
        void refusesWhatIsSoAlready() {
            refuses(
                    new BucketingChanged("gastown", Bucketing.of("gastown", BucketBy.ORG)),
                    Kind.UNCHANGED,
                    "gastown draws by ORG with the seed 'gastown:' already");
        }

        @Test
        void refusesASeedThatIsNoId() {
            refuses(
                    new BucketingChanged(
                            "gastown", new Bucketing(BucketBy.ORG, "", Bucketing.Algorithm.MURMUR3_SCALED)),
                    Kind.BAD_ID,
                    "a seed has 1 to 256 characters");
        }
    }

    @Nested
    class ParentsChange {
        @Test
        void setsTheParents() {
            ledger.accept(FlagCreated.bool("hooks"));
            accepts(below("hooks", new Parent("gastown", Set.of("on"))));
            accepts(below("hooks"));
        }

        @Test
        void refusesAFlagThatDoesNotExist() {
            refusesUnknown(below("nowhere", Parent.of("gastown")));
        }

        @Test
        void refusesAParentThatDoesNotExist() {
            refuses(
                    below("gastown", Parent.of("nowhere")),
                    Kind.UNKNOWN_PARENT,
                    "the parent nowhere does not exist in gastown-test: create it first");
        }

        @Test
        void refusesAnArchivedParent() {
            ledger.accept(FlagCreated.bool("hooks"), new FlagArchived("hooks"));
            refuses(
                    below("gastown", Parent.of("hooks")),
                    Kind.ARCHIVED_PARENT,
                    "the parent hooks is archived: revive it first");
        }

        @Test
        void refusesTheFlagItself() {
            refuses(below("gastown", Parent.of("gastown")), Kind.PARENT_CYCLE, "gastown can't be its own parent");
        }

        @Test
        void refusesACycle() {
            ledger.accept(
                    FlagCreated.bool("middle", Parent.of("gastown")),
                    FlagCreated.bool("bottom", Parent.of("middle")),
                    FlagCreated.bool("beside"));
            refuses(
                    below("gastown", Parent.of("beside"), new Parent("bottom", Set.of("on", "off"))),
                    Kind.PARENT_CYCLE,
                    "gastown stands above one of [beside, bottom=off,on] already: a flag can't be above itself");
        }

        @Test
        void refusesAParentThatIsNamedTwice() {
            ledger.accept(FlagCreated.bool("hooks"));
            refuses(
                    below("gastown", Parent.of("hooks"), new Parent("hooks", Set.of("on"))),
                    Kind.BAD_COMMAND,
                    "the parent hooks is named twice: name it once with all variants");
        }

        @Test
        void refusesAVariantThatTheParentDoesNotHave() {
            ledger.accept(FlagCreated.bool("hooks"));
            refuses(
                    below("gastown", new Parent("hooks", Set.of("half"))),
                    Kind.BAD_VARIANTS,
                    "the parent hooks has no variant half, only [on, off]");
        }

        @Test
        void refusesMoreThan16Parents() {
            List<Parent> parents = new ArrayList<>();
            for (int i = 0; i < 16; i++) {
                ledger.accept(FlagCreated.bool("parent-" + i));
                parents.add(Parent.of("parent-" + i));
            }
            accepts(new ParentsChanged("gastown", parents));
            parents.add(Parent.of("parent-16"));
            refuses(
                    new ParentsChanged("gastown", parents),
                    Kind.LIMIT_EXCEEDED,
                    "a flag has at most 16 parents but gastown would have 17");
        }

        @Test
        void refusesMoreThan16LevelsAboveAFlag() {
            chain(16);
            refuses(
                    FlagCreated.bool("level-17", Parent.of("gastown"), Parent.of("level-16")),
                    Kind.LIMIT_EXCEEDED,
                    "parents go at most 16 levels up, but with these there would be 17");
        }

        @Test
        void refusesMoreThan16LevelsAboveItsChildren() {
            chain(16);
            refuses(
                    below("level-0", Parent.of("gastown")),
                    Kind.LIMIT_EXCEEDED,
                    "parents go at most 16 levels up, but with these there would be 17");
        }

        private void chain(int levels) {
            ledger.accept(FlagCreated.bool("level-0"));
            for (int level = 1; level <= levels; level++) {
                accepts(FlagCreated.bool("level-" + level, Parent.of("level-" + (level - 1))));
            }
        }

        private static Change below(String flag, Parent... parents) {
            return new ParentsChanged(flag, List.of(parents));
        }
    }

    @Nested
    class KillSwitches {
        @Test
        void areEngagedWidenedAndReleased() {
            accepts(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
            accepts(new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS));
            accepts(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
            accepts(new KillSwitchReleased("gastown"));
        }

        @Test
        void ofAFlagThatDoesNotExistAreRefused() {
            refusesUnknown(new KillSwitchEngaged("nowhere", KillSwitch.NEW_ACCESS));
            refusesUnknown(new KillSwitchReleased("nowhere"));
        }

        @Test
        void thatAreEngagedAlreadyAreRefused() {
            ledger.accept(new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
            refuses(
                    new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS),
                    Kind.UNCHANGED,
                    "the kill switch of gastown is engaged for NEW_ACCESS already");
        }

        @Test
        void thatAreReleasedAlreadyAreRefused() {
            refuses(new KillSwitchReleased("gastown"), Kind.UNCHANGED, "the kill switch of gastown is not engaged");
        }
    }

    @Nested
    class Archiving {
        @Test
        void archivesAndRevives() {
            accepts(new FlagArchived("gastown"));
            accepts(new FlagRevived("gastown"));
        }

        @Test
        void refusesAFlagThatDoesNotExist() {
            refusesUnknown(new FlagArchived("nowhere"));
            refusesUnknown(new FlagRevived("nowhere"));
        }

        @Test
        void refusesWhatIsSoAlready() {
            refuses(new FlagRevived("gastown"), Kind.UNCHANGED, "gastown is not archived");
            ledger.accept(new FlagArchived("gastown"));
            refuses(new FlagArchived("gastown"), Kind.UNCHANGED, "gastown is archived already");
        }

        @Test
        void refusesAParentOfLiveFlags() {
            ledger.accept(
                    FlagCreated.bool("hooks", Parent.of("gastown")),
                    FlagCreated.bool("convoys", Parent.of("gastown")),
                    FlagCreated.bool("gone", Parent.of("gastown")),
                    new FlagArchived("gone"));
            refuses(
                    new FlagArchived("gastown"),
                    Kind.FLAG_IN_USE,
                    "gastown is a parent of convoys, hooks: give them other parents or archive them first");
        }

        @Test
        void acceptsAParentOfArchivedFlagsOnly() {
            ledger.accept(FlagCreated.bool("hooks", Parent.of("gastown")), new FlagArchived("hooks"));
            accepts(new FlagArchived("gastown"));
        }

        @Test
        void refusesToReviveBelowAnArchivedParent() {
            ledger.accept(
                    FlagCreated.bool("hooks", Parent.of("gastown")),
                    new FlagArchived("hooks"),
                    new FlagArchived("gastown"));
            refuses(new FlagRevived("hooks"), Kind.ARCHIVED_PARENT, "the parent gastown is archived: revive it first");
        }
    }

    @Nested
    class Restored {
        @Test
        void bringsBackEverythingOfThatRevision() {
            ledger.accept(
                    new FlagDescribed("gastown", "Gas Town", null, null, null, null),
                    StageMoved.to("gastown", Stage.ALLOWLIST),
                    new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS),
                    FlagRestored.to("gastown", 2));
            FlagState restored = ledger.flag("gastown");
            assertThat(restored.details().title()).isEqualTo("Gas Town");
            assertThat(restored.stage()).isEqualTo(Stage.ADMIN_ONLY);
            assertThat(restored.killSwitch()).isEqualTo(KillSwitch.RELEASED);
            assertThat(restored.lastChange().revision()).isEqualTo(5);
        }

        @Test
        void refusesARevisionThatNeverWas() {
            refuses(FlagRestored.to("gastown", 9), Kind.UNKNOWN_REVISION, "gastown has no revision 9, only 1 to 1");
            refuses(FlagRestored.to("gastown", 0), Kind.UNKNOWN_REVISION, "gastown has no revision 0, only 1 to 1");
            refusesUnknown(FlagRestored.to("nowhere", 1));
        }

        @Test
        void refusesParentsThatCanNoLongerBe() {
            ledger.accept(
                    FlagCreated.bool("hooks", Parent.of("gastown")),
                    new ParentsChanged("hooks", List.of()),
                    new FlagArchived("gastown"));
            assertThat(ledger.refuse(FlagRestored.to("hooks", 1)).kind()).isEqualTo(Kind.ARCHIVED_PARENT);
        }

        @Test
        void refusesACycleThatTheseParentsWouldMakeToday() {
            ledger.accept(
                    FlagCreated.bool("hooks", Parent.of("gastown")),
                    new ParentsChanged("hooks", List.of()),
                    new ParentsChanged("gastown", List.of(Parent.of("hooks"))));
            assertThat(ledger.refuse(FlagRestored.to("hooks", 1)).kind()).isEqualTo(Kind.PARENT_CYCLE);
        }

        @Test
        void refusesToArchiveAParentOfLiveFlags() {
            ledger.accept(
                    new FlagArchived("gastown"),
                    new FlagRevived("gastown"),
                    FlagCreated.bool("hooks", Parent.of("gastown")));
            assertThat(ledger.refuse(FlagRestored.to("gastown", 2)).kind()).isEqualTo(Kind.FLAG_IN_USE);
        }

        @Test
        void refusesToTakeAVariantFromAChild() {
            Variants three = new Variants(
                    Map.of(
                            "on", new FlagValue.BooleanValue(true),
                            "off", new FlagValue.BooleanValue(false),
                            "more", new FlagValue.BooleanValue(true)),
                    "off",
                    List.of(new Weight("on", 1)));
            ledger.accept(
                    new VariantsDefined("gastown", three),
                    FlagCreated.bool("hooks", new Parent("gastown", Set.of("more"))));
            assertThat(ledger.refuse(FlagRestored.to("gastown", 1)).kind()).isEqualTo(Kind.VARIANT_IN_USE);
        }
    }

    @Nested
    class Commands {
        @Test
        void becomeEventsThatSayAllThatTheySaid() {
            Command command = new Command(
                    "c-1",
                    MemoryLedger.START,
                    Actor.service("bot").onBehalfOf("ann"),
                    "because",
                    List.of(new KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS), FlagCreated.bool("hooks")),
                    null);
            assertThat(Decider.decide(ledger.state(), command))
                    .isEqualTo(new Verdict.Accepted(
                            List.of(event(command, 2, 2, new Batch(0, 2)), event(command, 3, 1, new Batch(1, 2)))));
        }

        @Test
        void judgeEachChangeAfterTheOnesBeforeIt() {
            ledger.batch(
                    FlagCreated.bool("hooks", Parent.of("gastown")),
                    StageMoved.to("hooks", Stage.ALLOWLIST),
                    StageMoved.to("hooks", new Percentage(1_000)));
            assertThat(ledger.flag("hooks").percentage()).hasToString("1 %");
            assertThat(ledger.flag("hooks").lastChange().revision()).isEqualTo(3);
            Refusal refusal = ledger.refuse(FlagCreated.bool("polecats"), FlagCreated.bool("polecats"));
            assertThat(refusal.kind()).isEqualTo(Kind.FLAG_EXISTS);
        }

        @Test
        void areAllOrNothing() {
            List<Recorded> before = ledger.events();
            Change refused = new KillSwitchReleased("gastown");
            Refusal refusal = ledger.refuse(FlagCreated.bool("hooks"), refused, FlagCreated.bool("polecats"));
            assertThat(refusal.change()).isEqualTo(refused);
            assertThat(ledger.events()).isEqualTo(before);
        }

        @Test
        void needAChange() {
            assertRefused(
                    ledger.refuse(), Kind.BAD_COMMAND, "there is no change in the command: name at least one", null);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\t\n"})
        void needAReason(String reason) {
            bad(MemoryLedger.ACTOR, reason, "c", "a change needs a reason: say why in 1 to 1000 characters");
        }

        @Test
        void haveAReasonOfAtMost1000Characters() {
            bad(
                    MemoryLedger.ACTOR,
                    "x".repeat(1_001),
                    "c",
                    "a reason has at most 1000 characters but this one has 1001");
            assertThat(Decider.decide(ledger.state(), command(MemoryLedger.ACTOR, "x".repeat(1_000), "c", null)))
                    .isInstanceOf(Verdict.Accepted.class);
        }

        @Test
        void haveAReasonThatIsAText() {
            bad(
                    MemoryLedger.ACTOR,
                    "because " + HALF_A_PAIR,
                    "c",
                    "the reason holds half of a surrogate pair, which no encoding can write: correct the text");
        }

        @Test
        void needAnActor() {
            String message = "a change needs an actor: an id of 1 to 256 characters";
            bad(Actor.human(""), "because", "c", message);
            bad(Actor.human("x".repeat(257)), "because", "c", message);
            bad(Actor.human(HALF_A_PAIR), "because", "c", message);
        }

        @Test
        void nameOnWhoseBehalfWithAnId() {
            String message = "on whose behalf must be an id of 1 to 256 characters";
            bad(Actor.service("bot").onBehalfOf(""), "because", "c", message);
            bad(Actor.service("bot").onBehalfOf("x".repeat(257)), "because", "c", message);
        }

        @Test
        void needAChangeId() {
            String message = "a changeId has 1 to 256 characters";
            bad(MemoryLedger.ACTOR, "because", "", message);
            bad(MemoryLedger.ACTOR, "because", "x".repeat(257), message);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", "Gastown", "-gastown", "gas/town", "gästown"})
        void needAnEnvironmentThatCanBe(String environment) {
            Refusal refusal = new MemoryLedger(environment).refuse(FlagCreated.bool("gastown"));
            assertRefused(
                    refusal,
                    Kind.BAD_ENVIRONMENT,
                    "an environment can't be called '%s': its name must match [a-z0-9][a-z0-9._-]{0,62}"
                            .formatted(environment),
                    null);
        }

        @ParameterizedTest
        @CsvSource({"a, 63, true", "a, 64, false"})
        void needAnEnvironmentOfAtMost63Characters(String letter, int length, boolean accepted) {
            EnvironmentState state = EnvironmentState.empty(letter.repeat(length));
            Command command = ledger.command(FlagCreated.bool("gastown"));
            assertThat(Decider.decide(state, command) instanceof Verdict.Accepted)
                    .isEqualTo(accepted);
        }

        @Test
        void areRefusedWhenTheFlagHasMovedOn() {
            ledger.accept(StageMoved.to("gastown", Stage.ALLOWLIST));
            assertThat(Decider.decide(ledger.state(), expecting(2, killed("gastown"), released("gastown"))))
                    .isInstanceOf(Verdict.Accepted.class);
            assertRefused(
                    ledger.refuse(expecting(1, killed("gastown"))),
                    Kind.REVISION_MOVED,
                    "gastown is at revision 2, not 1: look at what changed and send the change again with the new revision",
                    killed("gastown"));
        }

        @Test
        void mayExpectAFlagThatDoesNotExistYet() {
            assertThat(Decider.decide(ledger.state(), expecting(0, FlagCreated.bool("hooks"))))
                    .isInstanceOf(Verdict.Accepted.class);
            assertThat(ledger.refuse(expecting(0, killed("gastown"))).kind()).isEqualTo(Kind.REVISION_MOVED);
        }

        @Test
        void expectARevisionOfOneFlagOnly() {
            assertRefused(
                    ledger.refuse(expecting(1, killed("gastown"), FlagCreated.bool("hooks"))),
                    Kind.BAD_COMMAND,
                    "expectedRevision speaks of one flag, but the changes are of several: send them apart or leave it out",
                    null);
        }

        private void bad(Actor actor, String reason, String changeId, String message) {
            Refusal refusal = ledger.refuse(command(actor, reason, changeId, null));
            assertRefused(refusal, Kind.BAD_COMMAND, message, null);
        }

        private static Command expecting(long revision, Change... changes) {
            return command(MemoryLedger.ACTOR, "because", "c", revision, changes);
        }

        private static Command command(
                Actor actor, String reason, String changeId, @Nullable Long revision, Change... changes) {
            List<Change> all = changes.length == 0 ? List.of(killed("gastown")) : List.of(changes);
            return new Command(changeId, MemoryLedger.START, actor, reason, all, revision);
        }

        private static Change killed(String flag) {
            return new KillSwitchEngaged(flag, KillSwitch.NEW_ACCESS);
        }

        private static Change released(String flag) {
            return new KillSwitchReleased(flag);
        }

        private static Event event(Command command, long sequence, long revision, Batch batch) {
            return new Event(
                    "gastown-test",
                    sequence,
                    revision,
                    command.occurredAt(),
                    command.actor(),
                    command.reason(),
                    command.changeId(),
                    batch,
                    command.changes().get(batch.index()));
        }
    }

    private void accepts(Change change) {
        long before = ledger.state().sequence();
        ledger.accept(change);
        assertThat(ledger.state().sequence()).isEqualTo(before + 1);
        assertThat(ledger.events().get((int) before).event().change()).isEqualTo(change);
    }

    private void refuses(Change change, Kind kind, String message) {
        EnvironmentState before = ledger.state();
        assertRefused(ledger.refuse(change), kind, message, change);
        assertThat(ledger.state()).isSameAs(before);
    }

    private void refusesUnknown(Change change) {
        refuses(change, Kind.UNKNOWN_FLAG, "there is no flag 'nowhere' in gastown-test");
    }

    private static void assertRefused(Refusal refusal, Kind kind, String message, @Nullable Change change) {
        assertThat(refusal.message()).isEqualTo(message);
        assertThat(refusal.kind()).isEqualTo(kind);
        assertThat(refusal.change()).isEqualTo(change);
    }

    /** Boolean variants with these names. */
    private static Variants variants(List<String> names, String off, Weight... on) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        names.forEach(name -> values.put(name, new FlagValue.BooleanValue(true)));
        return new Variants(values, off, List.of(on));
    }

    private static Change created(Variants variants) {
        Bucketing bucketing = Bucketing.of("hooks", BucketBy.ORG);
        return new FlagCreated("hooks", ValueType.BOOLEAN, Details.NONE, variants, bucketing, List.of());
    }
}
