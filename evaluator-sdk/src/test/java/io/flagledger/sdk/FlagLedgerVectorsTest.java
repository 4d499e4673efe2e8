package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** Holds the SDK, following a ledger in Kafka, to the answers that ports in other languages are held to. */
@ExtendWith(KafkaExtension.class)
final class FlagLedgerVectorsTest {

    @Test
    void everyDecisionOfTheVectorsIsGivenAtItsPosition(KafkaForTest broker) {
        JsonNode ledger = read("digests");
        JsonNode events = ledger.get("events");
        int asked = 0;
        try (RawLedger raw = new RawLedger(
                broker.bootstrapServers(),
                broker.topicPrefix() + "vectors",
                ledger.get("environment").textValue())) {
            int sent = 0;
            for (var at : decisions().entrySet()) {
                for (; sent < at.getKey(); sent++) {
                    JsonNode event = events.get(sent);
                    raw.send(
                            event.get("key").textValue().getBytes(StandardCharsets.UTF_8),
                            HexFormat.of().parseHex(event.get("value").textValue()));
                }
                FlagLedger flags = raw.at(at.getKey());
                assertThat(flags.state().sequence()).isEqualTo(at.getKey().longValue());
                for (JsonNode vector : at.getValue()) {
                    Subject subject = LedgerJson.readSubject(vector.get("context"), "/context");
                    ObjectNode given = LedgerJson.decision(
                                    flags.decide(vector.at("/decision/flag").textValue(), subject))
                            .without(List.of("at", "stale", "sequence"));
                    assertThat(LedgerJson.parse(LedgerJson.print(given)))
                            .as("%s", vector)
                            .isEqualTo(vector.get("decision"));
                    asked++;
                }
            }
        }
        assertThat(asked).isGreaterThan(100);
    }

    private static SortedMap<Integer, List<JsonNode>> decisions() {
        SortedMap<Integer, List<JsonNode>> decisions = new TreeMap<>();
        for (JsonNode vector : read("decisions").get("decisions")) {
            decisions
                    .computeIfAbsent(vector.get("at").intValue(), at -> new ArrayList<>())
                    .add(vector);
        }
        return decisions;
    }

    private static JsonNode read(String name) {
        try (InputStream file =
                requireNonNull(FlagLedgerVectorsTest.class.getResourceAsStream("/vectors/" + name + ".json"))) {
            return LedgerJson.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
