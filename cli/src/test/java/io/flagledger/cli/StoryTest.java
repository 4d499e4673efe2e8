package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** The commands on a real log. */
@ExtendWith(KafkaExtension.class)
class StoryTest extends OnOneLedger {
    private final KafkaForTest kafka;

    StoryTest(KafkaForTest kafka) {
        super(kafka);
        this.kafka = kafka;
    }

    @Test
    void aFlagFromDarknessToEverybodyAndBack() {
        assertThat(done("flag create gastown --title Gas --reason start"))
                .contains("gastown is there now, a BOOLEAN flag at ADMIN_ONLY (revision 1, sequence 1)");
        assertThat(done("evaluate gastown --user ada --org acme"))
                .contains("denied: gastown is at ADMIN_ONLY", "serves off = false");
        assertThat(done("evaluate gastown --user root --admin")).contains("granted: admins", "serves on = true");

        assertThat(done("stage gastown allowlist --reason r"))
                .contains("gastown is at ALLOWLIST now (revision 2, sequence 2)");
        assertThat(done("allow gastown --user ada@acme --org globex --reason r"))
                .contains("lists ada@acme, org globex now, which lets in all of acme (revision 3");
        assertThat(done("evaluate gastown --user ada --org acme")).contains("granted: user ada is on the allowlist");
        assertThat(done("evaluate gastown --user bob --org acme"))
                .contains("granted: user ada", "lets in all of org acme");
        assertThat(done("evaluate gastown --user eve --org evil"))
                .contains("neither user eve nor org evil is on the list");

        assertThat(done("stage gastown percentage --percent 25 --reason r"))
                .contains("gastown is at PERCENTAGE 25 % now (revision 4, sequence 4)");
        String drawn = done("evaluate gastown --user eve --org evil");
        assertThat(drawn).contains("org evil draws ");
        assertThat(done("evaluate gastown --user mallory --org evil"))
                .as("an org moves whole")
                .contains(drawn.substring(drawn.indexOf("draws"), drawn.indexOf(" %")));

        assertThat(done("stage gastown generally-available --reason r")).contains("GENERALLY_AVAILABLE now");
        assertThat(done("evaluate gastown --user eve --org evil")).contains("granted: gastown is generally available");

        assertThat(done("kill gastown --reason fire --as service:pager"))
                .contains("gastown is killed (NEW_ACCESS) now", "nobody but admins is let in");
        assertThat(done("evaluate gastown --user ada --org acme")).contains("denied: gastown is killed (NEW_ACCESS)");
        assertThat(done("evaluate gastown --user root --admin")).contains("granted");
        assertThat(done("release gastown --reason out")).contains("back at the stage that it had (revision 7");
        assertThat(done("evaluate gastown --user eve --org evil")).contains("granted: gastown is generally available");

        assertThat(done("disallow gastown --user ada --reason left")).contains("no longer lists ada (revision 8");
        assertThat(done("history gastown").lines().map(line -> line.replaceAll(" {2,}", " | ")))
                .anyMatch(line -> line.contains("ADMIN_ONLY → ALLOWLIST | r"))
                .anyMatch(line -> line.contains("PERCENTAGE 25 % → GENERALLY_AVAILABLE"))
                .anyMatch(line -> line.contains("pager | killed (NEW_ACCESS) | fire"))
                .anyMatch(line -> line.contains("released, back at GENERALLY_AVAILABLE"))
                .hasSize(9);
    }

    @Test
    void listShowAndJson() {
        done("flag create a --reason r");
        assertThat(done("flag list")).contains("a     ADMIN_ONLY  -            1");
        done(
                "flag create a.b --type string --variant direct=d --variant pr=p --off direct --on direct=70 --on pr=30 --parent a --reason r");
        done(
                "flag create a.b.c --parent a --parent a.b=pr,direct --bucket-by user --owner me --tag x --tag y --ticket T-1 --reason r");

        assertThat(done("flag list").lines().map(line -> line.replaceAll(" {2,}[A-Z].*", "")))
                .containsExactly("FLAG", "a", "  a.b", "    a.b.c (needs a.b=direct,pr)");
        assertThat(done("flag show a.b"))
                .contains("direct = \"d\", pr = \"p\"", "direct 70, pr 30", "parent of    a.b.c");
        JsonNode flag = json("flag show a.b.c");
        assertThat(flag.at("/bucketBy").asText()).isEqualTo("USER");
        assertThat(flag.at("/tags/1").asText()).isEqualTo("y");
        assertThat(json("flag list").at("/flags")).hasSize(3);
        assertThat(json("stage a allowlist --reason r")
                        .at("/events/0/change/to")
                        .asText())
                .isEqualTo("ALLOWLIST");
        assertThat(json("history a").at("/revisions")).hasSize(2);
        assertThat(json("evaluate a.b --user u").at("/because/parent").asText()).isEqualTo("a");
        assertThat(done("evaluate a.b --user u"))
                .contains("denied: its parent a denies access: a is at ALLOWLIST, and user u is not on the list");
    }

    @Test
    void aRefusalLeavesTheLedgerAsItWas() {
        done("flag create a --reason r");
        done("stage a allowlist --reason moved");
        long before = json("flag list").at("/sequence").asLong();

        assertThat(refused("stage a generally-available --reason r"))
                .contains("refused (STAGE_SKIPPED)", "would leave out PERCENTAGE", "--skip");
        assertThat(refused("stage a allowlist --reason r")).contains("refused (UNCHANGED)");
        assertThat(refused("flag create Bad --reason r")).contains("refused (BAD_KEY)", "[a-z0-9]");
        assertThat(refused("flag create a --reason r")).contains("refused (FLAG_EXISTS)");
        assertThat(refused("kill b --reason r"))
                .contains("refused (UNKNOWN_FLAG): there is no flag 'b' in test; did you mean a?");
        assertThat(refused("kill a --expect-revision 1 --reason r"))
                .contains("refused (REVISION_MOVED): a is at revision 2, not 1", "dana", "ALLOWLIST", "moved");

        assertThat(json("flag list").at("/sequence").asLong()).isEqualTo(before);
        assertThat(done("stage a generally-available --skip --reason r")).contains("sequence " + (before + 1));
    }

    @Test
    void anUnknownFlag() {
        done("flag create gastown.convoys --reason r");

        for (String command : new String[] {"flag show", "evaluate", "history"}) {
            assertThat(refused(command + " gastown.convoy"))
                    .isEqualToIgnoringNewLines(
                            "there is no flag 'gastown.convoy' in test; did you mean gastown.convoys?");
            assertThat(refused(command + " zebra")).isEqualToIgnoringNewLines("there is no flag 'zebra' in test");
        }
    }

    @Test
    void aRetryUnderTheSameChangeIdHappensOnce() {
        done("flag create a --change-id once --reason r");

        assertThat(done("flag create a --change-id once --reason r")).contains("sequence 1; done before");
    }

    @Test
    void whereThereIsNoLedgerNoneIsMadeByLooking() throws Exception {
        for (String command :
                new String[] {"flag list", "flag show a", "evaluate a", "history a", "kill a --reason r"}) {
            assertThat(refused(command))
                    .contains("there is no ledger at " + kafka.bootstrapServers()
                            + " yet: `ledger flag create` makes one");
        }
        assertThat(kafka.admin().listTopics().names().get()).noneMatch(topic -> topic.startsWith(kafka.topicPrefix()));
    }

    @Test
    void aLedgerOfAnotherNumberOfPartitionsIsMadeAndFoundByThatNumber() {
        done("flag create a --partitions 2 --reason r");

        assertThat(done("flag list --partitions 2")).contains("a ");
        assertThat(failed(1, "flag list")).contains("has 2 partitions but 6 are asked for", "so ask for 2");
        assertThat(failed(2, "flag list --partitions 0")).contains("at least one partition");
    }

    @Test
    void anEmptyEnvironmentSaysWhatToDoNext() {
        done("flag create a --reason r");

        assertThat(done("flag list -e other")).contains("other has no flags yet", "ledger flag create");
    }

    @Test
    void wordsOfOthersDoNotReachTheTerminalAsCommands() {
        Run created = Run.of(variables, "flag", "create", "a", "--reason", "red \u001b[31m\nand more");

        assertThat(created.status()).isZero();
        assertThat(done("history a")).contains("red \\u001b[31m and more").doesNotContain("\u001b");
    }
}
