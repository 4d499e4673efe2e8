package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands that look back, and the one that looks on, on a real log. */
@ExtendWith(KafkaExtension.class)
class TravelStoryTest extends OnOneLedger {
    private static final Duration PATIENCE = Duration.ofSeconds(30);

    TravelStoryTest(KafkaForTest kafka) {
        super(kafka);
    }

    private static Stream<String> rows(String table) {
        return table.lines().map(line -> line.replaceAll(" {2,}", " | "));
    }

    private void story() {
        done("flag create gastown --reason start");
        done("flag create gastown.convoys --parent gastown --reason start");
        done("stage gastown generally-available --skip --reason open");
        done("stage gastown.convoys allowlist --reason partners");
        done("allow gastown.convoys --user ada@acme --reason first");
        done("kill gastown --reason =fire,now --as service:pager");
        done("release gastown --reason out");
    }

    @Test
    void aFlagAsItWas() {
        story();

        assertThat(done("flag show gastown --at #1")).contains("ADMIN_ONLY").doesNotContain("GENERALLY");
        assertThat(done("flag show gastown --at 6")).contains("NEW_ACCESS: nobody but admins");
        assertThat(done("evaluate gastown.convoys --user ada --at 5")).contains("granted", "sequence 5");
        assertThat(done("evaluate gastown.convoys --user ada --at 6")).contains("denied: its parent gastown");
        assertThat(json("evaluate gastown.convoys --user ada --at 4")
                        .get("granted")
                        .asBoolean())
                .isFalse();
        assertThat(done("evaluate gastown.convoys --user ada --at 0s")).contains("granted");
        assertThat(refused("flag show gastown.convoys --at 1")).contains("there is no flag 'gastown.convoys' in test");
        assertThat(refused("flag show gastown --at 99")).contains("there is no event 99 in test: the last one is 7");
    }

    @Test
    void anEnvironmentAsItWas() {
        story();

        assertThat(rows(done("at 1"))).hasSize(3).first().asString().startsWith("test after event #1 of 2");
        assertThat(rows(done("at #7"))).hasSize(4);
        assertThat(done("at 0")).isEqualToIgnoringNewLines("test before its first event");
        assertThat(done("at 2000-01-01")).isEqualToIgnoringNewLines("test before its first event");
        assertThat(done("at 4 gastown.convoys")).contains("gastown.convoys", "ALLOWLIST", "nobody");
        JsonNode all = json("at 3");
        assertThat(all.get("sequence").asLong()).isEqualTo(3);
        assertThat(all.get("flags")).hasSize(2);
        assertThat(json("at now")).isEqualTo(json("flag list"));
        assertThat(json("at 3 gastown").get("stage").asText()).isEqualTo("GENERALLY_AVAILABLE");
        assertThat(refused("at 8")).contains("there is no event 8 in test");
    }

    @Test
    void whatDiffers() {
        story();

        assertThat(rows(done("diff 1 5")))
                .anyMatch(line -> line.startsWith("gastown | stage | ADMIN_ONLY"))
                .anyMatch(line -> line.matches("gastown\\.convoys \\| created \\| - +.*BOOLEAN at ALLOWLIST.*"))
                .hasSize(4);
        assertThat(rows(done("diff 4 6")))
                .anyMatch(line -> line.matches("gastown +\\|? ?killSwitch.*RELEASED.*NEW_ACCESS"))
                .anyMatch(line -> line.contains("ada@acme"));
        assertThat(done("diff 5 7")).startsWith("nothing differs: after event #5");
        assertThat(done("diff 6")).contains("NEW_ACCESS", "RELEASED");
        JsonNode json = json("diff 5 6");
        assertThat(json.at("/from/sequence").asLong()).isEqualTo(5);
        assertThat(json.at("/flags/0/differences/0/field").asText()).isEqualTo("killSwitch");
        assertThat(refused("diff 5 8")).contains("there is no event 8 in test");
    }

    @Test
    void whenSomebodyHadAccess() {
        story();

        String told = done("timeline gastown.convoys --user bob --org acme");
        assertThat(rows(told))
                .anyMatch(
                        line -> line.contains("| 5 | begins: ALLOWLIST | dana | gastown.convoys | allowlist +ada@acme"))
                .anyMatch(line -> line.contains("| 6 | ends: PARENT | pager | gastown | killed"))
                .anyMatch(line -> line.contains("| 7 | begins: ALLOWLIST | dana | gastown | released"))
                .hasSize(5)
                .last()
                .asString()
                .startsWith("bob of acme has access to gastown.convoys since 2");
        assertThat(done("timeline gastown.convoys --user eve"))
                .isEqualToIgnoringNewLines("eve has never had access to gastown.convoys");
        JsonNode json = json("timeline gastown.convoys --user ada");
        assertThat(json.get("intervals")).hasSize(2);
        assertThat(json.at("/intervals/0/until/event/sequence").asLong()).isEqualTo(6);
        assertThat(json.get("open").asBoolean()).isTrue();
        assertThat(refused("timeline gastown.convoy --user ada")).contains("did you mean gastown.convoys?");
    }

    @Test
    void whoDidWhat() {
        story();

        assertThat(rows(done("audit")))
                .anyMatch(line -> line.matches("1 \\| 2.* \\| gastown \\| 1 \\| dana \\| created: BOOLEAN \\| start"))
                .anyMatch(line -> line.contains("| gastown | 3 | pager | killed (NEW_ACCESS) | =fire,now"));
        assertThat(sequences("audit --flag gastown")).containsExactly(1L, 3L, 6L, 7L);
        assertThat(sequences("audit --actor pager")).containsExactly(6L);
        assertThat(sequences("audit --kind StageMoved")).containsExactly(3L, 4L);
        assertThat(sequences("audit --kind stage-moved --flag gastown")).containsExactly(3L);
        assertThat(sequences("audit --since 5 --until #6")).containsExactly(5L, 6L);
        assertThat(sequences("audit --since 1h")).hasSize(7);
        assertThat(sequences("audit --until 2000-01-01")).isEmpty();
        assertThat(done("audit --actor nobody")).isEqualToIgnoringNewLines("no such change in test");

        List<String> csv = done("audit --format csv --since 6").lines().toList();
        assertThat(csv).hasSize(3);
        assertThat(csv.get(0))
                .startsWith("environment,sequence,ledgerTime,flag,revision,actor,actorKind,onBehalfOf,kind,");
        assertThat(csv.get(1))
                .startsWith("test,6,2")
                .contains(",gastown,3,pager,SERVICE,,KillSwitchEngaged,killed (NEW_ACCESS),\"'=fire,now\",");
        assertThat(LedgerJson.parse(done("audit --format json")).get("events")).hasSize(7);
    }

    private List<Long> sequences(String command) {
        return json(command).get("events").findValues("sequence").stream()
                .map(JsonNode::asLong)
                .toList();
    }

    @Test
    void watchesWhatHappens() throws Exception {
        story();
        assertThat(done("watch --since 6 --count 2").lines().toList())
                .hasSize(2)
                .first()
                .asString()
                .startsWith("#6 2")
                .endsWith(" pager gastown: killed (NEW_ACCESS) (=fire,now)");
        assertThat(LedgerJson.parse(done("watch --since 1h --flag gastown.convoys --count 1 -o json"))
                        .get("sequence")
                        .asLong())
                .isEqualTo(2);

        StringWriter out = new StringWriter();
        Thread watching = new Thread(() -> Program.of(
                        Terminal.none(), variables::get, new PrintWriter(out, true), new PrintWriter(out, true))
                .execute("watch", "--flag", "gastown"));
        watching.start();
        try {
            // When it begins to watch is not to be seen, so something happens until it is.
            await().atMost(PATIENCE).pollInterval(Duration.ofMillis(200)).until(() -> {
                done("kill gastown --reason again");
                done("release gastown --reason again");
                return out.toString().contains("again");
            });
            done("stage gastown.convoys admin-only --reason unseen");
            done("kill gastown --reason last");
            await().atMost(PATIENCE).until(() -> out.toString().contains("(last)"));
            assertThat(out.toString()).doesNotContain("unseen", "start");
        } finally {
            watching.interrupt();
            watching.join(PATIENCE.toMillis());
        }
        assertThat(watching.isAlive()).isFalse();
    }
}
