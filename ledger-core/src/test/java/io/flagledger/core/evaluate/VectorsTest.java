package io.flagledger.core.evaluate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.json.LedgerJson;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * Holds the code to the vectors that ports in other languages are held to. One that fails here is not to be mended: what
 * it says is in somebody's ledger. {@link VectorWriter} made them.
 */
class VectorsTest {
    private static final int HEADER_LENGTH = 10;
    private static final JsonNode DIGESTS = read("digests");
    private static final String ENVIRONMENT = DIGESTS.get("environment").textValue();

    @Test
    void buckets() {
        JsonNode buckets = read("buckets").get("buckets");
        for (JsonNode bucket : buckets) {
            String seed = bucket.get("seed").textValue();
            String unit = bucket.get("unit").textValue();
            assertThat(new Draw(seed, bucket.get("total").intValue()).bucket(unit))
                    .as("%s", bucket)
                    .isEqualTo(bucket.get("bucket").intValue());
            assertThat(Murmur.hash((seed + unit).getBytes(StandardCharsets.UTF_8)))
                    .isEqualTo(bucket.get("hash").longValue());
        }
        assertThat(buckets).hasSizeGreaterThan(100);
    }

    @Test
    void digests() {
        EnvironmentState state = EnvironmentState.empty(ENVIRONMENT);
        for (JsonNode vector : DIGESTS.get("events")) {
            byte[] value = HexFormat.of().parseHex(vector.get("value").textValue());
            Recorded recorded = decode(vector);
            assertThat(recorded.digest().toString())
                    .isEqualTo(vector.get("digest").textValue())
                    .isEqualTo(Digest.of(value, HEADER_LENGTH, value.length - HEADER_LENGTH)
                            .toString());
            assertThat(recorded.previousDigest()).isEqualTo(state.digest());
            assertThat(EventCodec.key(ENVIRONMENT, recorded.event().sequence()))
                    .asString(StandardCharsets.UTF_8)
                    .isEqualTo(vector.get("key").textValue());
            state = Fold.apply(state, recorded);
            assertThat(StateDigest.of(state).toString())
                    .as("state after event %d", state.sequence())
                    .isEqualTo(vector.get("stateDigest").textValue());
        }
    }

    @Test
    void whatIsWrittenTodayHasTheSameBytes() {
        for (JsonNode vector : DIGESTS.get("events")) {
            byte[] value = HexFormat.of().parseHex(vector.get("value").textValue());
            Recorded recorded = decode(vector);
            EncodedEvent encoded = EventCodec.encode(recorded.event(), recorded.previousDigest());
            if (Arrays.equals(header(encoded.value()), header(value))) {
                assertThat(encoded.value()).isEqualTo(value);
            } // else the schema has a newer version, whose bodies may differ
        }
    }

    @Test
    void folds() {
        List<EnvironmentState> states = states();
        Set<String> kinds = new TreeSet<>();
        int sequence = 0;
        for (JsonNode vector : read("folds").get("events")) {
            Recorded recorded = decode(DIGESTS.get("events").get(sequence));
            EnvironmentState state = states.get(++sequence);
            assertThat(again(LedgerJson.event(recorded.at(state.ledgerTime())))).isEqualTo(vector.get("event"));
            assertThat(state.batchRemaining()).isEqualTo(vector.get("remaining").intValue());
            assertThat(again(LedgerJson.flag(
                            ENVIRONMENT,
                            requireNonNull(state.flags().get(recorded.event().flag())))))
                    .isEqualTo(vector.get("flag"));
            kinds.add(LedgerJson.kind(recorded.event().change()));
        }
        assertThat(sequence).isEqualTo(states.size() - 1);
        assertThat(kinds).as("every kind of change is there").hasSize(12);
    }

    @Test
    void decisions() {
        List<EnvironmentState> states = states();
        JsonNode decisions = read("decisions").get("decisions");
        Set<String> reasons = new TreeSet<>();
        for (JsonNode vector : decisions) {
            Subject subject = LedgerJson.readSubject(vector.get("context"), "/context");
            Decision decision = CompiledEnvironment.of(
                            states.get(vector.get("at").intValue()))
                    .decide(vector.at("/decision/flag").textValue(), subject, false);
            assertThat(again(VectorWriter.decision(decision, subject))).isEqualTo(vector);
            reasons.add(decision.reason().name());
        }
        assertThat(reasons)
                .as("every reason is there")
                .containsExactlyElementsOf(new TreeSet<>(
                        Arrays.stream(Reason.values()).map(Enum::name).toList()));
    }

    /** After each event of the vectors' ledger; the one before the first at 0. */
    private static List<EnvironmentState> states() {
        List<EnvironmentState> states = new ArrayList<>(List.of(EnvironmentState.empty(ENVIRONMENT)));
        for (JsonNode vector : DIGESTS.get("events")) {
            states.add(Fold.apply(states.get(states.size() - 1), decode(vector)));
        }
        return states;
    }

    private static Recorded decode(JsonNode vector) {
        return EventCodec.decode(
                HexFormat.of().parseHex(vector.get("value").textValue()),
                Instant.ofEpochMilli(vector.get("timestamp").longValue()));
    }

    private static byte[] header(byte[] value) {
        return Arrays.copyOf(value, HEADER_LENGTH);
    }

    /** As it comes out of a file, where a number has no Java type. */
    private static JsonNode again(JsonNode node) {
        return LedgerJson.parse(LedgerJson.print(node));
    }

    private static JsonNode read(String name) {
        try (InputStream file = requireNonNull(VectorsTest.class.getResourceAsStream("/vectors/" + name + ".json"))) {
            return LedgerJson.parse(new String(file.readAllBytes(), StandardCharsets.UTF_8));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
