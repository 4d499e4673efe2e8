package io.flagledger.sdk.openfeature;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.openfeature.sdk.Client;
import dev.openfeature.sdk.OpenFeatureAPI;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.EvaluatorContract;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.RunningLedger;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Every answer that the rules give, through an OpenFeature client, from a ledger on a real broker. */
@ExtendWith(KafkaExtension.class)
class FlagLedgerProviderContractTest extends EvaluatorContract {
    private final KafkaForTest broker;
    private int ledgers;
    private @Nullable List<Recorded> asked;
    private @Nullable FlagLedger flags;
    private @Nullable Client client;

    FlagLedgerProviderContractTest(KafkaForTest broker) {
        this.broker = broker;
    }

    @Override
    protected Decision decide(List<Recorded> history, String flag, Subject subject) {
        if (!history.equals(asked)) {
            close();
            open(history);
            asked = history;
        }
        return Clients.decide(requireNonNull(flags), requireNonNull(client), flag, subject);
    }

    @Override
    protected int randomHistories() {
        return 10; // each is a ledger of its own on the broker
    }

    @AfterEach
    void close() {
        if (flags != null) {
            flags.close();
        }
    }

    @Test
    void everyRowOfTheVectorsThatPortsAreHeldTo() throws Exception {
        JsonNode rows = read("decisions").get("decisions");
        int compared = 0;
        try (RunningLedger ledger = new RunningLedger(broker, "vectors", "vectors");
                FlagLedger followed = ledger.connect()) {
            Client asking = client(followed);
            List<Change> batch = new ArrayList<>();
            for (JsonNode vector : read("folds").get("events")) {
                batch.add(LedgerJson.readChange(vector.at("/event/change"), "/event/change"));
                if (vector.get("remaining").intValue() > 0) {
                    continue;
                }
                ledger.append(List.copyOf(batch), followed);
                batch.clear();
                for (JsonNode row : rows) {
                    if (row.get("at").longValue()
                            == vector.at("/event/sequence").longValue()) {
                        Subject subject = LedgerJson.readSubject(row.get("context"), "/context");
                        Decision decision = Clients.decide(
                                followed, asking, row.at("/decision/flag").textValue(), subject);
                        assertThat(json(decision)).as("%s", row).isEqualTo(row.get("decision"));
                        compared++;
                    }
                }
            }
        }
        assertThat(compared).isEqualTo(rows.size());
    }

    private void open(List<Recorded> history) {
        try (RunningLedger ledger = new RunningLedger(broker, "ledger-" + ledgers++, "gastown-test")) {
            ledger.append(history);
            FlagLedger followed = ledger.connect();
            client = client(followed);
            flags = followed;
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    private static Client client(FlagLedger flags) {
        OpenFeatureAPI api = OpenFeatureAPI.createIsolated();
        api.setProviderAndWait(new FlagLedgerProvider(flags).explaining());
        return api.getClient();
    }

    private static JsonNode json(Decision decision) {
        ObjectNode json = LedgerJson.decision(decision).without(List.of("at", "stale", "sequence"));
        return LedgerJson.parse(LedgerJson.print(json)); // as it comes out of a file, where a number has no Java type
    }

    private static JsonNode read(String name) throws Exception {
        try (InputStream file = requireNonNull(LedgerJson.class.getResourceAsStream("/vectors/" + name + ".json"))) {
            return LedgerJson.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        }
    }
}
