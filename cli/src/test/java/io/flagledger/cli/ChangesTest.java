package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** The commands that change more than a stage, on a real log. */
@ExtendWith(KafkaExtension.class)
class ChangesTest extends OnOneLedger {
    private static final String EVERYTHING = """
            reason: open the beta
            changes:
              - {type: StageMoved, flag: a, to: allowlist}
              - type: AllowlistChanged
                flag: a
                added:
                  users: [{id: ada, org: acme}, bob]
                  orgs: ["007"]
              - type: FlagCreated
                flag: a.b
                parents: [a]
                variants: {on: true, off: false}
                off: "off"
              - {type: StageMoved, flag: a, to: percentage, percentage: 12.5}
            """;

    @TempDir
    private Path folder = Path.of("");

    ChangesTest(KafkaForTest kafka) {
        super(kafka);
    }

    private JsonNode flag(String key) {
        return json("flag show " + key);
    }

    private long sequence() {
        return json("flag list").at("/sequence").asLong();
    }

    private Path file(String name, String content) throws IOException {
        return Files.writeString(folder.resolve(name), content);
    }

    @Test
    void describe() {
        done("flag create a --title Old --owner me --tag x --reason r");

        assertThat(done("describe a --title New --tag y --tag z --reason r")).contains("a is described: title \"New\"");

        JsonNode flag = flag("a");
        assertThat(flag.at("/title").asText()).isEqualTo("New");
        assertThat(flag.at("/owner").asText()).as("not named, so not changed").isEqualTo("me");
        assertThat(flag.at("/tags")).hasToString("[\"y\",\"z\"]");
        assertThat(Run.of(variables, "describe", "a", "--tag", "", "--owner", "", "--reason", "r")
                        .status())
                .isZero();
        assertThat(flag("a").at("/tags")).isEmpty();
        assertThat(flag("a").at("/owner").asText()).isEmpty();
        assertThat(failed(2, "describe a --reason r")).contains("--title");
        assertThat(failed(2, "describe a --title t")).contains("--reason");
        assertThat(failed(1, "describe b --title t --reason r")).contains("UNKNOWN_FLAG", "did you mean a?");
    }

    @Test
    void parents() {
        done("flag create a --reason r");
        done("flag create b --reason r");
        done("flag create c --reason r");

        assertThat(done("parents c a b=on --reason r")).contains("c is below a, b=on now");
        assertThat(flag("c").at("/parents/1/variants/0").asText()).isEqualTo("on");
        assertThat(failed(1, "parents a c --reason r")).contains("PARENT_CYCLE");
        assertThat(failed(1, "parents c nobody --reason r")).contains("UNKNOWN_PARENT");
        assertThat(failed(2, "parents c --reason r")).contains("--none");
        assertThat(failed(2, "parents c a --none --reason r")).contains("--none");
        assertThat(failed(2, "parents c a= --reason r")).contains("KEY=VARIANT");
        assertThat(done("parents c --none --reason r")).contains("c has no parents now");
        assertThat(flag("c").at("/parents")).isEmpty();
    }

    @Test
    void variants() {
        done("flag create a --type integer --variant few=1 --variant many=10 --off few --reason r");

        assertThat(done("variants a --variant few=2 --variant more=20 --variant most=200"
                        + " --on more=70 --on most=30 --off few --reason r"))
                .contains("a serves more 70, most 30 to who has access and few to who has not now");
        assertThat(flag("a").at("/variants/most").asInt()).isEqualTo(200);

        done("variants a --on most --reason r");
        assertThat(flag("a").at("/variants")).as("not named, so not changed").hasSize(3);
        assertThat(flag("a").at("/on/0/variant").asText()).isEqualTo("most");

        assertThat(failed(2, "variants a --reason r")).contains("--variant NAME=VALUE");
        assertThat(failed(2, "variants a --variant x=1 --variant y=z --off x --reason r"))
                .contains("'z' is no integer");
        assertThat(failed(2, "variants a --variant x=1 --variant y=2 --reason r"))
                .contains("--off NAME");
        assertThat(failed(1, "variants a --on nothing --reason r")).contains("BAD_VARIANTS");
        assertThat(failed(1, "variants b --on most --reason r")).contains("there is no flag 'b'", "did you mean a?");
        assertThat(failed(1, "variants a --on most --expect-revision 1 --reason r"))
                .contains("REVISION_MOVED");
    }

    @Test
    void archiveAndRevive() {
        done("flag create a --reason r");
        done("flag create a.b --parent a --reason r");

        assertThat(failed(1, "archive a --reason r")).contains("FLAG_IN_USE");
        assertThat(failed(1, "revive a --reason r")).contains("UNCHANGED");
        assertThat(done("archive a.b --reason old")).contains("a.b is archived");
        assertThat(flag("a.b").at("/archived").asBoolean()).isTrue();
        assertThat(done("archive a --reason old")).contains("a is archived");
        assertThat(failed(1, "revive a.b --reason r")).contains("ARCHIVED_PARENT");
        assertThat(done("revive a --reason r")).contains("a is revived");
    }

    @Test
    void aRestorationSaysWhatItDoesToAccess() {
        done("flag create a --reason r");
        done("stage a allowlist --reason r");
        done("stage a percentage --percent 25 --reason r");
        done("kill a --reason fire");

        assertThat(done("restore a --revision 2 --reason r"))
                .contains("a is as it was at revision 2 again: its kill switch, which was engaged (NEW_ACCESS), is"
                        + " released, its stage goes from PERCENTAGE 25 % to ALLOWLIST (revision 5, sequence 5)");
        assertThat(done("restore a --revision 4 --reason r"))
                .contains("its kill switch is engaged (NEW_ACCESS), its stage goes from ALLOWLIST to PERCENTAGE 25 %");
        assertThat(flag("a").at("/killSwitch").asText()).isEqualTo("NEW_ACCESS");
        assertThat(done("restore a --revision 6 --reason r")).contains("revision 6 again (revision 7");
        assertThat(failed(1, "restore a --revision 70 --reason r")).contains("UNKNOWN_REVISION", "only 1 to 7");
        assertThat(failed(2, "restore a --reason r")).contains("--revision");
    }

    @Test
    void aBatchAsYamlOrJson() throws IOException {
        done("flag create a --reason r");
        Path yaml = file("batch.yaml", EVERYTHING);

        assertThat(done("apply " + yaml)).hasLineCount(4).contains("a.b is there now");
        assertThat(flag("a").at("/percentage").asDouble()).isEqualTo(12.5);
        assertThat(flag("a").at("/allowlist/orgs/0").asText()).isEqualTo("007");
        assertThat(flag("a.b").at("/reason").asText()).isEqualTo("open the beta");
        assertThat(json("history a").at("/revisions/1/event/batch/size").asInt())
                .isEqualTo(4);

        Path json = file("batch", "[{\"type\": \"FlagArchived\", \"flag\": \"a.b\"}]");
        assertThat(failed(2, "apply " + json)).contains("--reason");
        assertThat(done("apply " + json + " --reason done")).contains("a.b is archived");
    }

    @Test
    void theHistoryTellsWhatEachFieldWasAndIs() {
        done("flag create a --title Old --reason r");
        done("describe a --title New --owner dana --reason r");
        done("stage a allowlist --reason r");
        done("restore a --revision 1 --reason back");

        assertThat(done("history a").lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .anyMatch(line -> line.contains("title: Old → New; owner: - → dana | r"))
                .anyMatch(line -> line.contains("ADMIN_ONLY → ALLOWLIST | r"))
                .anyMatch(line -> line.contains("restored to revision 1: title: New → Old; owner: dana"));
        JsonNode restored = json("history a").at("/revisions/3");
        assertThat(restored.at("/event/reason").asText()).isEqualTo("back");
        assertThat(restored.at("/differences").findValuesAsText("field")).containsExactly("title", "owner", "stage");
    }

    @Test
    void standardInput() {
        InputStream usual = System.in;
        System.setIn(new ByteArrayInputStream("- {type: FlagCreated, flag: a}".getBytes(StandardCharsets.UTF_8)));
        try {
            assertThat(done("apply - --reason r")).contains("a is there now");
        } finally {
            System.setIn(usual);
        }
    }

    @Test
    void aBatchIsAllOrNothing() throws IOException {
        done("flag create a --reason r");
        Path batch = file("batch.yml", EVERYTHING + "  - {type: KillSwitchReleased, flag: a}\n");

        for (String command : List.of("apply " + batch, "apply " + batch + " --dry-run")) {
            assertThat(failed(1, command)).contains("refused (UNCHANGED): the kill switch of a is not engaged");
        }

        assertThat(sequence()).isEqualTo(1);
    }

    @Test
    void whatTheFileExpectsAndItsName() throws IOException {
        done("flag create a --reason r");
        Path batch = file(
                "batch.yaml",
                "{reason: r, expectedRevision: 1, changeId: once, changes: [{type: KillSwitchEngaged, flag: a}]}");

        done("apply " + batch);
        assertThat(done("apply " + batch)).contains("done before under this change id");
        assertThat(done("apply --dry-run " + batch)).contains("done before under the change id once");
        for (String dry : List.of("", " --dry-run")) {
            assertThat(failed(1, "apply " + batch + " --change-id other" + dry))
                    .contains("refused (REVISION_MOVED): a is at revision 2, not 1", "killed (NEW_ACCESS)");
        }
        assertThat(sequence()).isEqualTo(2);
    }

    @Test
    void aDryRunShowsWhatWouldChangeAndWritesNothing() throws IOException {
        Path first = file("first.yaml", "[{type: FlagCreated, flag: a, title: A}, {type: KillSwitchEngaged, flag: a}]");
        assertThat(done("apply " + first + " --dry-run").lines().map(line -> line.replaceAll(" +", " ")))
                .as("where there is no ledger yet")
                .startsWith("nothing is written; at sequence 0 of test this would change:", "a (new, revision 2)")
                .contains(
                        " kill switch NEW_ACCESS: nobody but admins is let in any more; who was let in before may go on",
                        " title A");
        assertThat(failed(1, "flag list")).contains("there is no ledger");

        done("apply " + first + " --reason r");
        done("allow a --user eve --reason r");
        Path second = file("second.json", """
                {"changes": [
                  {"type": "FlagRestored", "flag": "a", "revision": 1},
                  {"type": "AllowlistChanged", "flag": "a", "added": {"orgs": ["acme"], "users": ["eve"]}},
                  {"type": "FlagDescribed", "flag": "a", "title": "", "owner": "dana"}]}
                """);
        assertThat(done("apply " + second + " --dry-run").lines().map(line -> line.replaceAll(" +", " ")))
                .containsExactly(
                        "nothing is written; at sequence 3 of test this would change:",
                        "a (revision 3 → 6)",
                        " title A → -",
                        " owner - → dana",
                        " allowlist +org acme",
                        " killSwitch NEW_ACCESS → RELEASED");
        JsonNode json = json("apply " + second + " --dry-run");
        assertThat(json.at("/dryRun").asBoolean()).isTrue();
        assertThat(json.at("/flags/0/differences").findValuesAsText("field"))
                .containsExactly("title", "owner", "allowlist", "killSwitch");
        assertThat(sequence()).isEqualTo(3);

        Path nothing = file("nothing.json", "[{\"type\": \"FlagRestored\", \"flag\": \"a\", \"revision\": 9}]");
        assertThat(failed(1, "apply " + nothing + " --dry-run")).contains("UNKNOWN_REVISION");
    }

    @Test
    void aMalformedFileIsNamedWithThePlaceAndNothingIsWritten() throws IOException {
        done("flag create a --reason r");
        Path yaml = file("bad.yaml", EVERYTHING.replace("12.5", "lots"));

        assertThat(failed(2, "apply --reason r " + yaml))
                .startsWith(yaml + ", line 14: /changes/3/percentage: a number from 0 to 100 is expected");
        assertThat(failed(2, "apply --reason r " + file("bad.json", "[\n{\"type\": \"FlagArchived\"}]")))
                .contains("bad.json, line 2: /0/flag: a text is expected here but there is nothing");
        assertThat(failed(2, "apply --reason r " + file("cut.json", "[{\"type\": ")))
                .contains("cut.json, line 1: this is no JSON");
        assertThat(failed(2, "apply --reason r " + folder.resolve("none"))).contains("there is no such file");
        assertThat(failed(2, "apply --reason r " + file("empty.yaml", ""))).contains("there is nothing in it");
        assertThat(failed(1, "apply --reason r " + file("none.yaml", "[]"))).contains("BAD_COMMAND");

        assertThat(sequence()).isEqualTo(1);
    }
}
