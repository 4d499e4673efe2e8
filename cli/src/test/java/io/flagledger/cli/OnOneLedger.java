package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.embedded.junit.KafkaForTest;
import java.util.Map;

/** Commands on the ledger of one test, by dana in the environment {@code test}. */
abstract class OnOneLedger {
    final Map<String, String> variables;

    OnOneLedger(KafkaForTest kafka) {
        this.variables = Map.of(
                "LEDGER_BOOTSTRAP",
                kafka.bootstrapServers(),
                "LEDGER_TOPIC_PREFIX",
                kafka.topicPrefix() + "ledger",
                "LEDGER_ENVIRONMENT",
                "test",
                "LEDGER_ACTOR",
                "dana");
    }

    final Run ledger(String command) {
        return Run.of(variables, command.split(" "));
    }

    final String done(String command) {
        Run run = ledger(command);
        assertThat(run.err()).isEmpty();
        assertThat(run.status()).isZero();
        return run.out();
    }

    final String refused(String command) {
        return failed(1, command);
    }

    final String failed(int status, String command) {
        Run run = ledger(command);
        assertThat(run.out()).isEmpty();
        assertThat(run.err()).doesNotContain("Exception");
        assertThat(run.status()).as(run.err()).isEqualTo(status);
        return run.err();
    }

    final JsonNode json(String command) {
        return LedgerJson.parse(done(command + " -o json"));
    }
}
