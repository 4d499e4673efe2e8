package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

/** A ledger carried to another place. */
@ExtendWith(KafkaExtension.class)
class ExportImportTest {
    @TempDir
    private Path folder = Path.of("");

    private final KafkaForTest kafka;

    ExportImportTest(KafkaForTest kafka) {
        this.kafka = kafka;
    }

    private Run ledger(String command) {
        Map<String, String> variables = new HashMap<>(Map.of(
                "LEDGER_BOOTSTRAP", kafka.bootstrapServers(), "LEDGER_TOPIC_PREFIX", kafka.topicPrefix() + "ledger"));
        variables.put("LEDGER_ENVIRONMENT", "test");
        variables.put("LEDGER_ACTOR", "dana");
        return Run.of(variables, command.split(" "));
    }

    private String done(String command) {
        Run run = ledger(command);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return run.out();
    }

    private String failed(int status, String command) {
        Run run = ledger(command);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain("Exception");
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        return run.err();
    }

    private JsonNode flags(String environment) {
        JsonNode flags =
                LedgerJson.parse(done("flag list -o json -e " + environment)).at("/flags");
        flags.forEach(flag -> ((ObjectNode) flag).remove(List.of("environment", "changedAt")));
        return flags;
    }

    private Path file(String name, List<String> lines) throws IOException {
        return Files.writeString(folder.resolve(name), String.join("\n", lines) + "\n");
    }

    @BeforeEach
    void aHistoryOfEveryKind() throws IOException {
        done("flag create a --title Ä --tag x --reason start");
        Files.writeString(folder.resolve("batch.yaml"), """
                - {type: FlagCreated, flag: a.b, parents: [a], valueType: double, variants: {x: 1, y: 2.5}, off: x}
                - {type: StageMoved, flag: a, to: allowlist}
                - {type: AllowlistChanged, flag: a, added: {users: [{id: ada, org: acme}], orgs: [globex]}}
                - {type: BucketingChanged, flag: a, bucketBy: user, seed: s}
                """);
        done("apply " + folder.resolve("batch.yaml") + " --reason batch --as service:deploy --change-id b-1");
        done("stage a percentage --percent 12.5 --reason r");
        done("kill a --scope all-access --reason fire");
        done("restore a --revision 3 --reason r");
        done("describe a --owner o --reason r");
        done("variants a.b --on y=3 --on x=1 --reason r");
        done("parents a.b a=on --reason r");
        done("archive a.b --reason r");
    }

    @Test
    void anExportSaysWhatItIsAndHasEachEventInALine() {
        List<String> lines = done("export").lines().toList();

        JsonNode header = LedgerJson.parse(lines.get(0));
        assertThat(header.at("/format").asText()).isEqualTo("flag-ledger-export");
        assertThat(header.at("/version").asInt()).isEqualTo(1);
        assertThat(header.at("/environment").asText()).isEqualTo("test");
        assertThat(header.at("/ledger").asText()).hasSize(22);
        assertThat(lines).hasSize(1 + 12);
        assertThat(LedgerJson.parse(lines.get(12)).at("/sequence").asInt()).isEqualTo(12);
        assertThat(done("export --since-sequence 10").lines().skip(1).toList()).isEqualTo(lines.subList(11, 13));
        assertThat(done("export --since-sequence 12")).hasLineCount(1);
        assertThat(failed(1, "export --since-sequence 13")).contains("no event 13, only 1 to 12");
        assertThat(failed(1, "export -e elsewhere")).contains("elsewhere has no events");
        assertThat(failed(2, "export --since-sequence -1")).contains("--since-sequence");
    }

    @Test
    void thereAndBackTheFlagsAreEqual() throws IOException {
        List<String> lines = done("export").lines().toList();
        Path export = file("export", lines);

        assertThat(done("import " + export + " -e copy"))
                .contains(
                        "12 events imported into copy (sequence 12)", "its flags (2) are equal to those of the export");

        assertThat(flags("copy")).isEqualTo(flags("test"));
        List<String> copied = done("export -e copy").lines().toList();
        for (int i = 1; i < lines.size(); i++) {
            ObjectNode was = (ObjectNode) LedgerJson.parse(lines.get(i));
            ObjectNode is = (ObjectNode) LedgerJson.parse(copied.get(i));
            List<String> anew = List.of("environment", "ledgerTime", "digest", "previousDigest");
            assertThat(is.remove(anew)).isEqualTo(was.remove(anew));
        }
        assertThat(done("import " + export + " -e copy")).as("once more").contains("0 events imported");
        assertThat(done("import " + export)).as("into itself").contains("0 events imported", "digest");
    }

    @Test
    void inAnotherLedgerTheSameEnvironmentHasTheSameDigests() throws IOException {
        Path export = file("export", done("export").lines().toList());

        String told = done("import " + export + " -o json --topic-prefix " + kafka.topicPrefix() + "other");

        assertThat(LedgerJson.parse(told).at("/sameDigest").asBoolean()).isTrue();
        assertThat(LedgerJson.parse(told).at("/imported").asInt()).isEqualTo(12);
    }

    @Test
    void anImportThatBrokeOffGoesOn() throws IOException {
        List<String> lines = done("export").lines().toList();
        Path part = file("part", lines.subList(0, 8));
        List<String> joined = new ArrayList<>(lines.subList(0, 8));
        joined.addAll(done("export --since-sequence 7").lines().toList());

        assertThat(done("import " + part + " -e copy")).contains("7 events imported");
        assertThat(done("import " + file("joined", joined) + " -e copy"))
                .contains("5 events imported into copy, where the first 7 of the export were already");

        assertThat(flags("copy")).isEqualTo(flags("test"));
        assertThat(failed(1, "import " + part + " -e copy")).contains("copy is not empty: its event 8");
    }

    @Test
    void anEnvironmentWithAnotherHistoryIsRefused() throws IOException {
        Path export = file("export", done("export").lines().toList());
        done("flag create mine --reason r -e taken");

        assertThat(failed(1, "import " + export + " -e taken"))
                .contains("taken is not empty: its event 1 (mine created", "by dana", "--environment");

        assertThat(flags("taken")).hasSize(1);
        assertThat(failed(2, "import " + export + " -e copy --reason r")).contains("leave out --reason");
    }

    @Test
    void anExportThatIsNoneOrDamagedIsNamedWithItsLineAndNothingIsWritten() throws IOException {
        List<String> lines = done("export").lines().toList();

        assertThat(failed(2, "import -e copy " + folder.resolve("none"))).contains("there is no such file");
        assertThat(failed(2, "import -e copy " + file("events", lines.subList(1, 5))))
                .contains("line 1", "ledger export");
        assertThat(failed(2, "import -e copy " + file("half", lines.subList(0, 4))))
                .contains("in the middle of a batch");
        List<String> gap = new ArrayList<>(lines);
        gap.remove(9);
        assertThat(failed(2, "import -e copy " + file("gap", gap))).contains("gap, line 10", "the one before it was 8");
        List<String> cut = new ArrayList<>(lines);
        cut.set(12, lines.get(12).substring(0, 50));
        assertThat(failed(2, "import -e copy " + file("cut", cut))).contains("cut, line 13", "cut off");
        assertThat(failed(
                        2,
                        "import -e copy "
                                + file("newer", List.of(lines.get(0).replace("\"version\":1", "\"version\":2")))))
                .contains("version 2");
        assertThat(failed(
                        2,
                        "import -e copy "
                                + file(
                                        "late",
                                        done("export --since-sequence 5")
                                                .lines()
                                                .toList())))
                .contains("begins after event 5");

        assertThat(flags("copy")).isEmpty();
    }
}
