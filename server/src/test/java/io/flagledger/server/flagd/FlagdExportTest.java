package io.flagledger.server.flagd;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change.AllowlistChanged;
import io.flagledger.core.event.Change.BucketingChanged;
import io.flagledger.core.event.Change.FlagArchived;
import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.event.Change.KillSwitchEngaged;
import io.flagledger.core.event.Change.StageMoved;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.json.LedgerJson;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the JSON says. That evaluators make the same answers of it is seen where real ones run. */
final class FlagdExportTest {
    private static final String ADMIN = "{'===':[{'var':'admin'},true]}";
    private static final String ORG_OR_USER =
            "{'if':[{'!!':[{'var':'orgId'}]},{'var':'orgId'},{'var':'targetingKey'}]}";

    private final MemoryLedger ledger = MemoryLedger.gastown().accept(FlagCreated.bool("gastown"));

    @Test
    void aFlagForAdminsOnlyAsksForNothingElse() {
        assertThat(flag("gastown")).isEqualTo(json("""
                        {'state':'ENABLED','variants':{'on':true,'off':false},'defaultVariant':'off',
                         'targeting':{'if':[%s,'on']},'metadata':{'revision':1,'sequence':1}}
                        """.formatted(ADMIN)));
    }

    @Test
    void anAllowlistAdmitsUsersAndTheOrgsOfUsers() {
        ledger.accept(
                StageMoved.to("gastown", Stage.ALLOWLIST),
                new AllowlistChanged(
                        "gastown",
                        Allowlist.of(
                                List.of(new UserEntry("ada", null), new UserEntry("ben", "acme")), Set.of("globex")),
                        Allowlist.EMPTY));
        assertThat(targeting("gastown")).isEqualTo(json("""
                        {'if':[{'or':[%s,
                          {'in':[{'var':'targetingKey'},['ada','ben']]},
                          {'in':[{'var':'orgId'},['acme','globex']]}]},'on']}
                        """.formatted(ADMIN)));
    }

    @Test
    void aPercentageDrawsOnlyWhereThereIsSomebodyToDraw() {
        ledger.accept(new StageMoved("gastown", Stage.PERCENTAGE, new Percentage(12_500), true));
        assertThat(targeting("gastown")).isEqualTo(json("""
                        {'if':[{'or':[%s,
                          {'===':[{'if':[{'!!':[%s]},
                            {'fractional':[{'cat':['gastown:',%s]},['in',12500],['out',87500]]},
                            'out']},'in']}]},'on']}
                        """.formatted(ADMIN, ORG_OR_USER, ORG_OR_USER)));
        assertThat(flag("gastown").at("/metadata/warning").textValue()).contains("ASCII");
    }

    @Test
    void aPercentageOfZeroAdmitsNobodyAndOneOfHundredEverybody() {
        ledger.accept(new StageMoved("gastown", Stage.PERCENTAGE, Percentage.ZERO, true));
        assertThat(targeting("gastown")).isEqualTo(json("{'if':[%s,'on']}".formatted(ADMIN)));
        ledger.accept(new StageMoved("gastown", Stage.PERCENTAGE, Percentage.ALL, false));
        assertThat(flag("gastown").get("defaultVariant").textValue()).isEqualTo("on");
        assertThat(flag("gastown").has("targeting")).isFalse();
    }

    @Test
    void aKilledFlagIsForAdminsOnlyWhateverItsStage() {
        ledger.accept(
                StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(),
                new KillSwitchEngaged("gastown", KillSwitch.NEW_ACCESS));
        assertThat(targeting("gastown")).isEqualTo(json("{'if':[%s,'on']}".formatted(ADMIN)));
        assertThat(flag("gastown").get("metadata"))
                .isEqualTo(json("{'revision':3,'sequence':3,'killSwitch':'NEW_ACCESS'}"));
    }

    @Test
    void anArchivedFlagServesItsOffVariantToEverybody() {
        ledger.accept(new FlagArchived("gastown"));
        assertThat(flag("gastown")).isEqualTo(json("""
                        {'state':'ENABLED','variants':{'on':true,'off':false},'defaultVariant':'off',
                         'metadata':{'revision':2,'sequence':2,'archived':true}}
                        """));
    }

    @Test
    void severalVariantsAreASecondDraw() {
        ledger.accept(
                strategy(),
                StageMoved.to("gastown.merge-strategy", Stage.GENERALLY_AVAILABLE)
                        .skipping());
        assertThat(targeting("gastown.merge-strategy")).isEqualTo(json("""
                        {'if':[%s,
                          {'if':[{'!!':[{'var':'targetingKey'}]},
                            {'fractional':[{'cat':['gastown.merge-strategy:variant:',{'var':'targetingKey'}]},['direct',3],['pr',1]]},
                            'direct']}]}
                        """.formatted(ADMIN)));
    }

    @Test
    void whatStandsAboveIsWrittenOnceAndReferredTo() {
        ledger.accept(
                new StageMoved("gastown", Stage.PERCENTAGE, new Percentage(50_000), true),
                strategy(),
                FlagCreated.bool("gastown.pr-page", new Parent("gastown.merge-strategy", Set.of("pr"))));
        JsonNode export = FlagdExport.of(ledger.state());
        assertThat(export.get("$evaluators").properties())
                .extracting(Map.Entry::getKey)
                .containsExactly("access/gastown");
        assertThat(export.at("/flags/gastown.pr-page/targeting/if/0/and/0"))
                .isEqualTo(json("{'$ref':'access/gastown'}"));
        assertThat(export.at("/flags/gastown/targeting/if/0")).isEqualTo(json("{'$ref':'access/gastown'}"));
        assertThat(export.at("/flags/gastown.pr-page/targeting/if/0").toString())
                .contains("\"in\":[{\"if\"", "[\"pr\"]]");
    }

    @Test
    void aRuleThatWouldNotSurviveBeingPutInIsWrittenOut() {
        ledger.accept(
                new StageMoved("gastown", Stage.PERCENTAGE, new Percentage(50_000), true),
                new BucketingChanged("gastown", new Bucketing(BucketBy.ORG, "$1:", Bucketing.Algorithm.MURMUR3_SCALED)),
                FlagCreated.bool("gastown.convoys", Parent.of("gastown")));
        assertThat(FlagdExport.of(ledger.state()).has("$evaluators")).isFalse();
        assertThat(targeting("gastown.convoys").toString()).contains("\"$1:\"");
    }

    @Test
    void theSetNamesItsEnvironmentAndNoPosition() {
        String before = FlagdExport.of(ledger.state()).get("metadata").toString();
        ledger.accept(FlagCreated.bool("other"));
        assertThat(FlagdExport.of(ledger.state()).get("metadata")).hasToString(before);
        assertThat(before).isEqualTo("{\"flagSetId\":\"gastown-test\",\"scope\":\"gastown-test\"}");
    }

    @Test
    void aNumberThatJavaScriptCantHoldIsWarnedOf() {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        values.put("few", new FlagValue.IntegerValue(1));
        values.put("many", new FlagValue.IntegerValue(Long.MAX_VALUE));
        ledger.accept(new FlagCreated(
                "limit",
                ValueType.INTEGER,
                Details.NONE,
                new Variants(values, "few", List.of(new Weight("many", 1))),
                Bucketing.of("limit", BucketBy.ORG),
                List.of()));
        assertThat(flag("limit").at("/metadata/warning").textValue()).contains("2^53");
    }

    private static FlagCreated strategy() {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        values.put("off", new FlagValue.StringValue("none"));
        values.put("direct", new FlagValue.StringValue("direct"));
        values.put("pr", new FlagValue.StringValue("pr"));
        return new FlagCreated(
                "gastown.merge-strategy",
                ValueType.STRING,
                Details.NONE,
                new Variants(values, "off", List.of(new Weight("direct", 3), new Weight("pr", 1))),
                Bucketing.of("gastown.merge-strategy", BucketBy.USER),
                List.of(Parent.of("gastown")));
    }

    private JsonNode targeting(String key) {
        return flag(key).get("targeting");
    }

    private JsonNode flag(String key) {
        return LedgerJson.parse(LedgerJson.print(FlagdExport.of(ledger.state())))
                .get("flags")
                .get(key);
    }

    private static JsonNode json(String text) {
        return LedgerJson.parse(text.replace('\'', '"'));
    }
}
