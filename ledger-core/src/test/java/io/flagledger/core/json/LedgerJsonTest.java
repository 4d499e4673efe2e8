package io.flagledger.core.json;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
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
import io.flagledger.core.fold.MemoryLedger;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LedgerJsonTest {

    @Nested
    class Shapes {
        @Test
        void flag() {
            MemoryLedger ledger = MemoryLedger.gastown()
                    .accept(
                            Change.FlagCreated.bool("top"),
                            Change.FlagCreated.bool("side"),
                            Change.FlagCreated.bool(
                                    "gastown", Parent.of("top"), new Parent("side", Set.of("on", "off"))),
                            new Change.FlagDescribed(
                                    "gastown",
                                    "Gastown",
                                    "Agents",
                                    "team-ui",
                                    new TreeSet<>(Set.of("ui", "b")),
                                    "GT-1"),
                            new Change.AllowlistChanged(
                                    "gastown",
                                    Allowlist.of(
                                            List.of(new UserEntry("eve", "acme"), new UserEntry("dana", null)),
                                            List.of("globex")),
                                    Allowlist.EMPTY),
                            Change.StageMoved.to("gastown", new Percentage(12_500))
                                    .skipping());
            assertThat(LedgerJson.flag("gastown-test", ledger.flag("gastown"))).hasToString(json("""
                    {'key':'gastown','environment':'gastown-test','type':'BOOLEAN','title':'Gastown',
                    'description':'Agents','owner':'team-ui','tags':['b','ui'],'ticket':'GT-1',
                    'stage':'PERCENTAGE','percentage':12.5,
                    'allowlist':{'users':[{'id':'dana'},{'id':'eve','org':'acme'}],'orgs':['globex']},
                    'killSwitch':'RELEASED','parents':[{'flag':'top'},{'flag':'side','variants':['off','on']}],
                    'variants':{'on':true,'off':false},'off':'off','on':[{'variant':'on','weight':1}],
                    'bucketBy':'ORG','seed':'gastown:','archived':false,'revision':4,'sequence':6,
                    'changedAt':'2026-01-01T00:00:05.000Z','changedBy':{'id':'dana','kind':'HUMAN'},
                    'reason':'first design partners'}"""));
        }

        @Test
        void event() {
            Recorded recorded = MemoryLedger.gastown()
                    .batch(Change.FlagCreated.bool("top"), killed("top"))
                    .events()
                    .get(1);
            assertThat(LedgerJson.event(recorded.at(Instant.parse("2026-01-01T00:00:07.008Z"))))
                    .hasToString(json("""
                            {'environment':'gastown-test','sequence':2,'flag':'top','revision':2,
                            'ledgerTime':'2026-01-01T00:00:07.008Z','occurredAt':'2026-01-01T00:00:00.000Z',
                            'actor':{'id':'dana','kind':'HUMAN'},'reason':'first design partners',
                            'changeId':'change-1','batch':{'index':1,'size':2},
                            'change':{'type':'KillSwitchEngaged','flag':'top','scope':'ALL_ACCESS'},
                            'digest':'%s','previousDigest':'%s'}""").formatted(recorded.digest(), recorded.previousDigest()));
        }

        @Test
        void decisionThatNamesAnEntry() {
            assertThat(LedgerJson.decision(decision(Reason.ALLOWLIST, null, new Decision.Entry("eve", "acme"), 6_900)))
                    .hasToString(json("""
                            {'flag':'gastown','granted':true,'variant':'on','value':true,'reason':'ALLOWLIST',
                            'because':{'entry':{'user':'eve','org':'acme'}},'bucket':6900,
                            'revision':4,'sequence':6,'at':'2026-01-01T00:00:00.000Z','stale':false}"""));
            assertThat(LedgerJson.decision(decision(Reason.ALLOWLIST, null, new Decision.Entry(null, "acme"), null))
                            .get("because"))
                    .hasToString(json("{'entry':{'org':'acme'}}"));
        }

        @Test
        void decisionThatNamesAParent() {
            assertThat(LedgerJson.decision(decision(Reason.PARENT, "top", null, null)))
                    .hasToString(json("""
                    {'flag':'gastown','granted':false,'variant':'on','value':true,'reason':'PARENT',
                    'because':{'parent':'top'},
                    'revision':4,'sequence':6,'at':'2026-01-01T00:00:00.000Z','stale':false}"""));
        }

        @Test
        void decisionOnAnUnknownFlag() {
            Decision decision = new Decision(
                    "x", false, Reason.UNKNOWN_FLAG, null, null, null, null, null, 0, 6, MemoryLedger.START, true);
            assertThat(LedgerJson.decision(decision)).hasToString(json("""
                    {'flag':'x','granted':false,'reason':'UNKNOWN_FLAG',
                    'revision':0,'sequence':6,'at':'2026-01-01T00:00:00.000Z','stale':true}"""));
        }

        @Test
        void actor() {
            assertThat(LedgerJson.actor(Actor.service("bot").onBehalfOf("ann")))
                    .hasToString(json("{'id':'bot','kind':'SERVICE','onBehalfOf':'ann'}"));
        }

        @Test
        void values() {
            assertThat(LedgerJson.value(new FlagValue.BooleanValue(true))).hasToString("true");
            assertThat(LedgerJson.value(new FlagValue.StringValue("a\"b"))).hasToString("\"a\\\"b\"");
            assertThat(LedgerJson.value(new FlagValue.IntegerValue(Long.MIN_VALUE)))
                    .hasToString("-9223372036854775808");
            assertThat(LedgerJson.value(new FlagValue.DoubleValue(0.1))).hasToString("0.1");
            assertThat(LedgerJson.value(new FlagValue.ObjectValue("{\"b\":1.50,\"a\":[]}")))
                    .hasToString("{\"b\":1.50,\"a\":[]}");
        }

        @ParameterizedTest
        @CsvSource({
            "2026-01-01T00:00:00Z, 2026-01-01T00:00:00.000Z",
            "2026-01-01T00:00:00.120Z, 2026-01-01T00:00:00.120Z",
            "2026-01-01T00:00:00.123999Z, 2026-01-01T00:00:00.123Z",
        })
        void timesHaveMilliseconds(Instant time, String text) {
            assertThat(LedgerJson.time(time)).isEqualTo(text);
        }

        private static Decision decision(
                Reason reason, @Nullable String parent, Decision.@Nullable Entry entry, @Nullable Integer bucket) {
            FlagValue on = new FlagValue.BooleanValue(true);
            return new Decision(
                    "gastown",
                    reason.granted(),
                    reason,
                    "on",
                    on,
                    parent,
                    entry,
                    bucket,
                    4,
                    6,
                    MemoryLedger.START,
                    false);
        }
    }

    /** Each in full, as it is written. */
    @Nested
    class Changes {
        @Test
        void flagCreated() {
            Map<String, FlagValue> values = new LinkedHashMap<>();
            values.put("slow", new FlagValue.DoubleValue(1));
            values.put("fast", new FlagValue.DoubleValue(2.5));
            same(
                    new Change.FlagCreated(
                            "speed",
                            ValueType.DOUBLE,
                            new Details("Speed", "", "", Set.of("ui"), ""),
                            new Variants(values, "slow", List.of(new Weight("fast", 3), new Weight("slow", 0))),
                            Bucketing.of("speed", BucketBy.USER),
                            List.of(new Parent("top", Set.of("on")), Parent.of("side"))),
                    """
                    {'type':'FlagCreated','flag':'speed','valueType':'DOUBLE','variants':{'slow':1.0,'fast':2.5},
                    'off':'slow','on':[{'variant':'fast','weight':3},{'variant':'slow','weight':0}],
                    'bucketBy':'USER','seed':'speed:',
                    'parents':[{'flag':'top','variants':['on']},{'flag':'side'}],
                    'title':'Speed','description':'','owner':'','tags':['ui'],'ticket':''}""");
        }

        @Test
        void flagDescribed() {
            same(
                    new Change.FlagDescribed("gastown", "Gastown", null, "", new TreeSet<>(), null),
                    "{'type':'FlagDescribed','flag':'gastown','title':'Gastown','owner':'','tags':[]}");
        }

        @Test
        void variantsDefined() {
            same(new Change.VariantsDefined("gastown", Variants.ON_OFF), """
                    {'type':'VariantsDefined','flag':'gastown','variants':{'on':true,'off':false},'off':'off',
                    'on':[{'variant':'on','weight':1}]}""");
        }

        @Test
        void stageMoved() {
            same(
                    Change.StageMoved.to("gastown", new Percentage(25_000)),
                    "{'type':'StageMoved','flag':'gastown','to':'PERCENTAGE','percentage':25}");
            same(
                    Change.StageMoved.to("gastown", new Percentage(1)),
                    "{'type':'StageMoved','flag':'gastown','to':'PERCENTAGE','percentage':0.001}");
            same(
                    Change.StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(),
                    "{'type':'StageMoved','flag':'gastown','to':'GENERALLY_AVAILABLE','skip':true}");
        }

        @Test
        void allowlistChanged() {
            same(
                    new Change.AllowlistChanged(
                            "gastown",
                            Allowlist.of(List.of(new UserEntry("eve", "acme")), List.of()),
                            Allowlist.of(List.of(new UserEntry("dana", null)), List.of("globex"))),
                    """
                    {'type':'AllowlistChanged','flag':'gastown','added':{'users':[{'id':'eve','org':'acme'}],'orgs':[]},
                    'removed':{'users':[{'id':'dana'}],'orgs':['globex']}}""");
        }

        @Test
        void bucketingChanged() {
            same(
                    new Change.BucketingChanged(
                            "gastown", new Bucketing(BucketBy.USER, "other", Bucketing.Algorithm.MURMUR3_SCALED)),
                    "{'type':'BucketingChanged','flag':'gastown','bucketBy':'USER','seed':'other'}");
        }

        @Test
        void parentsChanged() {
            same(
                    new Change.ParentsChanged("gastown", List.of()),
                    "{'type':'ParentsChanged','flag':'gastown','parents':[]}");
        }

        @Test
        void killSwitches() {
            same(killed("gastown"), "{'type':'KillSwitchEngaged','flag':'gastown','scope':'ALL_ACCESS'}");
            same(new Change.KillSwitchReleased("gastown"), "{'type':'KillSwitchReleased','flag':'gastown'}");
        }

        @Test
        void archiving() {
            same(new Change.FlagArchived("gastown"), "{'type':'FlagArchived','flag':'gastown'}");
            same(new Change.FlagRevived("gastown"), "{'type':'FlagRevived','flag':'gastown'}");
            same(Change.FlagRestored.to("gastown", 3), "{'type':'FlagRestored','flag':'gastown','revision':3}");
        }

        private static void same(Change change, String text) {
            assertThat(LedgerJson.change(change)).hasToString(json(text));
            assertThat(read(text)).isEqualTo(change);
        }
    }

    @Nested
    class LeftOut {
        @Test
        void aFlagIsABooleanOneThatDrawsByOrg() {
            reads("{'type':'FlagCreated','flag':'gastown'}", Change.FlagCreated.bool("gastown"));
        }

        @Test
        void theTypeOfAFlagIsThatOfItsVariants() {
            Change.FlagCreated created = (Change.FlagCreated)
                    read("{'type':'FlagCreated','flag':'x','variants':{'a':'one','b':'two'},'off':'a'}");
            assertThat(created.type()).isEqualTo(ValueType.STRING);
            assertThat(created.variants().on()).containsExactly(new Weight("b", 1));
        }

        @Test
        void wholeNumbersAmongFractionsAreDoubles() {
            Change.FlagCreated created =
                    (Change.FlagCreated) read("{'type':'FlagCreated','flag':'x','variants':{'a':1,'b':2.5},'off':'a'}");
            assertThat(created.type()).isEqualTo(ValueType.DOUBLE);
            assertThat(created.variants().values().get("a")).isEqualTo(new FlagValue.DoubleValue(1));
        }

        @Test
        void variantsParentsAndUsersMayBeNamesAlone() {
            reads(
                    "{'type':'FlagCreated','flag':'x','on':['on'],'parents':['top']}",
                    Change.FlagCreated.bool("x", Parent.of("top")));
            reads(
                    "{'type':'AllowlistChanged','flag':'x','added':{'users':['dana']}}",
                    new Change.AllowlistChanged(
                            "x", Allowlist.of(List.of(new UserEntry("dana", null)), List.of()), Allowlist.EMPTY));
        }

        @Test
        void aKillSwitchIsForNewAccess() {
            reads("{'type':'KillSwitchEngaged','flag':'x'}", new Change.KillSwitchEngaged("x", KillSwitch.NEW_ACCESS));
        }

        @Test
        void aChangeOfBucketingSaysItsSeedOrElseEverybodyWouldBeDrawnAnew() {
            reads(
                    "{'type':'BucketingChanged','flag':'x','bucketBy':'USER','seed':'x:'}",
                    new Change.BucketingChanged("x", Bucketing.of("x", BucketBy.USER)));
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> read("{'type':'BucketingChanged','flag':'x','bucketBy':'USER'}"))
                    .withMessage("/seed: a text is expected here but there is nothing");
        }

        @Test
        void aFieldThatIsNullCountsAsLeftOut() {
            reads(
                    "{'type':'FlagDescribed','flag':'x','title':'X','owner':null,'tags':null}",
                    new Change.FlagDescribed("x", "X", null, null, null, null));
        }

        @ParameterizedTest
        @ValueSource(strings = {"GENERALLY_AVAILABLE", "generally-available", "Generally_Available"})
        void constantsMayBeWrittenInAnyCaseAndWithDashes(String stage) {
            reads(
                    "{'type':'StageMoved','flag':'x','to':'%s'}".formatted(stage),
                    Change.StageMoved.to("x", Stage.GENERALLY_AVAILABLE));
        }

        @Test
        void anActorMayBeAnIdAlone() {
            assertThat(LedgerJson.readActor(LedgerJson.parse("\"dana\""), "")).isEqualTo(Actor.human("dana"));
            assertThat(LedgerJson.readActor(LedgerJson.parse(json("{'id':'bot','kind':'service'}")), ""))
                    .isEqualTo(Actor.service("bot"));
            Actor actor = Actor.service("bot").onBehalfOf("ann");
            assertThat(LedgerJson.readActor(LedgerJson.actor(actor), "")).isEqualTo(actor);
        }

        @Test
        void aSubjectMayBeAnybody() {
            assertThat(LedgerJson.readSubject(LedgerJson.parse("{}"), "")).isEqualTo(Subject.anonymous());
            assertThat(LedgerJson.readSubject(
                            LedgerJson.parse(json("{'targetingKey':'ann','orgId':'acme','admin':true}")), ""))
                    .isEqualTo(Subject.user("ann").org("acme").asAdmin());
        }

        private static void reads(String text, Change change) {
            assertThat(read(text)).isEqualTo(change);
        }
    }

    @Nested
    class Malformed {
        @ParameterizedTest
        @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
                {'type':'FlagArchived','flag':'x','flga':1}                               | /flga                  | there is no field 'flga' here, only [flag, type]
                {'type':'FlagArchived','flag':7}                                          | /flag                  | a text is expected here but this is a number
                {'type':'FlagArchived'}                                                   | /flag                  | a text is expected here but there is nothing
                {'flag':'x'}                                                              | /type                  | a text is expected here but there is nothing
                {'type':'FlagDescribed','flag':'x','title':['X']}                         | /title                 | a text is expected here but this is an array
                {'type':'FlagDescribed','flag':'x','tags':'ui'}                           | /tags                  | an array is expected here but this is a text
                {'type':'FlagDescribed','flag':'x','tags':['ui',null]}                    | /tags/1                | a text is expected here but this is null
                {'type':'StageMoved','flag':'x'}                                          | /to                    | one of ADMIN_ONLY, ALLOWLIST, PERCENTAGE, GENERALLY_AVAILABLE is expected here but there is nothing
                {'type':'StageMoved','flag':'x','to':'beta'}                              | /to                    | 'beta' is none of ADMIN_ONLY, ALLOWLIST, PERCENTAGE, GENERALLY_AVAILABLE
                {'type':'StageMoved','flag':'x','to':'PERCENTAGE'}                        | /percentage            | the stage PERCENTAGE needs a number from 0 to 100 here
                {'type':'StageMoved','flag':'x','to':'PERCENTAGE','percentage':'25'}      | /percentage            | a number from 0 to 100 is expected here but this is a text
                {'type':'StageMoved','flag':'x','to':'PERCENTAGE','percentage':140}       | /percentage            | a percentage must be from 0 to 100 but was 140
                {'type':'StageMoved','flag':'x','to':'PERCENTAGE','percentage':-0.001}    | /percentage            | a percentage must be from 0 to 100 but was -0.001
                {'type':'StageMoved','flag':'x','to':'PERCENTAGE','percentage':12.3456}   | /percentage            | a percentage has steps of 0.001 but was 12.3456
                {'type':'StageMoved','flag':'x','to':'PERCENTAGE','percentage':1e999999}  | /percentage            | a percentage must be from 0 to 100 but was 1E+999999
                {'type':'StageMoved','flag':'x','to':'PERCENTAGE','percentage':1e-999999} | /percentage            | a percentage has steps of 0.001 but was 1E-999999
                {'type':'StageMoved','flag':'x','to':'ALLOWLIST','percentage':25}         | /percentage            | only the stage PERCENTAGE has a percentage, but ALLOWLIST came with 25 %
                {'type':'StageMoved','flag':'x','to':'ALLOWLIST','skip':'yes'}            | /skip                  | true or false is expected here but this is a text
                {'type':'KillSwitchEngaged','flag':'x','scope':'RELEASED'}                | /scope                 | a kill switch is engaged for NEW_ACCESS or ALL_ACCESS, not RELEASED
                {'type':'BucketingChanged','flag':'x','seed':'s'}                         | /bucketBy              | one of ORG, USER is expected here but there is nothing
                {'type':'AllowlistChanged','flag':'x','added':['dana']}                   | /added                 | a JSON object is expected here but this is an array
                {'type':'AllowlistChanged','flag':'x','added':{'user':[]}}                | /added/user            | there is no field 'user' here, only [orgs, users]
                {'type':'AllowlistChanged','flag':'x','added':{'users':[7]}}              | /added/users/0         | a JSON object is expected here but this is a number
                {'type':'AllowlistChanged','flag':'x','removed':{'users':[{'id':1}]}}     | /removed/users/0/id    | a text is expected here but this is a number
                {'type':'AllowlistChanged','flag':'x','added':{'users':['a','a']}}        | /added/users           | user a is named twice: a and a
                {'type':'ParentsChanged','flag':'x','parents':[{'flag':'y','on':1}]}      | /parents/0/on          | there is no field 'on' here, only [flag, variants]
                {'type':'FlagCreated','flag':'x','valueType':'STRING'}                    | /variants              | a flag of type STRING needs variants here, such as {"a": …, "b": …}
                {'type':'FlagCreated','flag':'x','valueType':'TEXT'}                      | /valueType             | 'TEXT' is none of BOOLEAN, STRING, INTEGER, DOUBLE, OBJECT
                {'type':'FlagCreated','flag':'x','variants':{'a':1}}                      | /variants              | a flag needs at least two variants but here are 1
                {'type':'FlagCreated','flag':'x','variants':{'a':1,'b':2}}                | /off                   | name the variant that is served when access is not granted
                {'type':'FlagCreated','flag':'x','variants':{'a':1,'b':[]},'off':'a'}     | /variants/b            | a value is a boolean, a text, a number or an object, but this is an array
                {'type':'FlagCreated','flag':'x','variants':{'a':1,'b/~':null},'off':'a'} | /variants/b~1~0        | a value is a boolean, a text, a number or an object, but this is null
                {'type':'FlagCreated','flag':'x','variants':{'a':1.5,'b':1e999},'off':'a'}| /variants/b            | this number is beyond what a double holds
                {'type':'FlagCreated','flag':'x','variants':{'a':1,'b':9223372036854775808},'off':'a'} | /variants/b | this number is beyond 64 bits
                {'type':'FlagCreated','flag':'x','variants':{'a':1,'b':2,'c':3},'off':'a'}| /on                    | name the variants that are served when access is granted, such as [{"variant": "a", "weight": 1}]
                {'type':'FlagCreated','flag':'x','on':[{'variant':'on','weight':-1}]}     | /on/0/weight           | a weight is from 0 to 2147483647 but this is -1
                {'type':'FlagCreated','flag':'x','on':[{'variant':'on','weight':0.5}]}    | /on/0/weight           | a whole number is expected here but this is a number
                """)
        void changesAreRefusedWithThePlaceAndTheReason(String text, String pointer, String message) {
            malformed(pointer, message, () -> read(text));
        }

        @Test
        void aKindThatDoesNotExist() {
            malformed(
                    "/changes/3/type",
                    "there is no change 'FlagDeleted', only [AllowlistChanged, BucketingChanged, FlagArchived, FlagCreated, FlagDescribed, FlagRestored, FlagRevived, KillSwitchEngaged, KillSwitchReleased, ParentsChanged, StageMoved, VariantsDefined]",
                    () -> LedgerJson.readChange(LedgerJson.parse(json("{'type':'FlagDeleted'}")), "/changes/3"));
        }

        @Test
        void aChangeThatIsNoObject() {
            malformed(
                    "/changes/3",
                    "a JSON object is expected here but this is a text",
                    () -> LedgerJson.readChange(LedgerJson.parse("\"x\""), "/changes/3"));
            malformed("", "a JSON object is expected here but this is null", () -> read("null"));
        }

        @Test
        void aSubjectWithAFieldTooMany() {
            malformed(
                    "/context/user",
                    "there is no field 'user' here, only [admin, orgId, targetingKey]",
                    () -> LedgerJson.readSubject(LedgerJson.parse(json("{'user':'ann'}")), "/context"));
        }

        @Test
        void anActorOfNoKind() {
            malformed(
                    "/actor/kind",
                    "'robot' is none of HUMAN, SERVICE, SYSTEM",
                    () -> LedgerJson.readActor(LedgerJson.parse(json("{'id':'x','kind':'robot'}")), "/actor"));
        }

        @Test
        void aFieldThatIsThereTwice() {
            malformed(
                    "",
                    "this is no JSON: Duplicate field 'flag' (line 2, column 7)",
                    () -> LedgerJson.parse("{\"flag\": 1,\n\"flag\": 2}"));
        }

        @Test
        void whatIsLeftOver() {
            noJson("{} {}");
            noJson("{}]");
            noJson("1 2");
        }

        @ParameterizedTest
        @ValueSource(strings = {"{", "[1,]", "{'a':1}", "nul", "\"a", "{\"a\":01}", "NaN", "// x\n{}"})
        void whatIsNoJson(String text) {
            noJson(text);
        }

        @ParameterizedTest
        @ValueSource(strings = {"", " ", "\n"})
        void nothingAtAll(String text) {
            malformed("", "a JSON object is expected but there is nothing", () -> LedgerJson.parse(text));
        }

        @Test
        void nestingThatIsTooDeep() {
            assertThat(LedgerJson.parse("[".repeat(64) + "]".repeat(64)).isArray())
                    .isTrue();
            for (String tooDeep : List.of("[".repeat(65) + "]".repeat(65), "[".repeat(1_000_000))) {
                assertThatExceptionOfType(MalformedException.class)
                        .isThrownBy(() -> LedgerJson.parse(tooDeep))
                        .withMessageStartingWith("the body: this is no JSON: Document nesting depth (65) exceeds");
            }
        }

        @Test
        void numbersThatAreTooLong() {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> LedgerJson.parse("1".repeat(1_001)))
                    .withMessageStartingWith("the body: this is no JSON: Number value length (1001) exceeds");
        }

        @Test
        void anObjectValueThatIsNone() {
            assertThat(LedgerJson.readObject(" { \"a\" : 1.50 } "))
                    .isEqualTo(new FlagValue.ObjectValue("{\"a\":1.50}"));
            malformed("", "a JSON object is expected here but this is an array", () -> LedgerJson.readObject("[1]"));
        }

        @Test
        void theMessageNamesThePlace() {
            assertThat(new MalformedException("/flag", "why")).hasMessage("/flag: why");
            assertThat(new MalformedException("", "why")).hasMessage("the body: why");
        }

        private static void noJson(String text) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(() -> LedgerJson.parse(text))
                    .withMessageStartingWith("the body: this is no JSON: ")
                    .withMessageMatching("(?s).* \\(line \\d+, column \\d+\\)")
                    .satisfies(e -> assertThat(e.getMessage()).hasSizeLessThan(400));
        }

        private static void malformed(String pointer, String message, Runnable reading) {
            assertThatExceptionOfType(MalformedException.class)
                    .isThrownBy(reading::run)
                    .withMessage((pointer.isEmpty() ? "the body" : pointer) + ": " + message)
                    .satisfies(e -> assertThat(e.pointer()).isEqualTo(pointer));
        }
    }

    private static Change killed(String flag) {
        return new Change.KillSwitchEngaged(flag, KillSwitch.ALL_ACCESS);
    }

    private static Change read(String text) {
        return LedgerJson.readChange(LedgerJson.parse(json(text)), "");
    }

    /** The text in one line, with double quotes in place of single ones. */
    private static String json(String text) {
        return text.replace("\n", "").replace('\'', '"');
    }
}
