package io.flagledger.core.fuzz;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.StateEntry;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.event.Digest;
import io.flagledger.core.fold.Histories;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Extent;
import io.flagledger.core.proof.MalformedCheckpointException;
import io.flagledger.core.proof.MalformedKeyException;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.core.proof.UntrustedCheckpointException;
import io.flagledger.core.proof.VerifyingKey;
import io.flagledger.core.travel.CutText;
import io.flagledger.core.travel.MalformedCutException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever comes from outside is read, or refused with the error that is promised for it. */
class FuzzTest {
    private static final Instant NOW = Instant.parse("2026-01-31T15:00:00Z");
    private static final int INPUTS = Fuzz.inputs();

    @Test
    void eventsAreReadOrUndecodable() {
        List<byte[]> sound = new ArrayList<>();
        Histories.first(40)
                .forEach(history -> history.events()
                        .forEach(recorded -> sound.add(EventCodec.encode(recorded.event(), recorded.previousDigest())
                                .value())));
        int refused =
                new Fuzz(1, sound).feed(INPUTS, input -> EventCodec.decode(input, NOW), UndecodableException.class);
        assertThat(refused).isGreaterThan(INPUTS / 2);
    }

    @Test
    void statesAreReadOrUndecodable() {
        List<byte[]> sound = new ArrayList<>();
        Histories.first(40)
                .forEach(history -> history.end()
                        .flags()
                        .sortedValues()
                        .forEach(flag -> sound.add(StateCodec.encode(new StateEntry.Flag("gastown-test", flag)))));
        new Fuzz(2, sound).feed(INPUTS, StateCodec::decode, UndecodableException.class);
    }

    @Test
    void keysOfRecordsAreReadOrUndecodable() {
        List<byte[]> sound = List.of(EventCodec.key("gastown", 1), EventCodec.key("a.b-c_d", Long.MAX_VALUE));
        new Fuzz(3, sound)
                .feed(
                        INPUTS,
                        input -> {
                            EventCodec.environmentOf(input);
                            EventCodec.sequenceOf(input);
                        },
                        UndecodableException.class);
    }

    @Test
    void changesSubjectsAndActorsInJsonAreReadOrMalformed() {
        List<String> sound = new ArrayList<>(List.of(
                "{\"targetingKey\": \"ada\", \"orgId\": \"acme\", \"admin\": true}",
                "{\"id\": \"dana\", \"kind\": \"SERVICE\", \"onBehalfOf\": \"ada\"}"));
        Histories.first(40)
                .forEach(history -> history.events()
                        .forEach(recorded -> sound.add(LedgerJson.print(
                                LedgerJson.change(recorded.event().change())))));
        Fuzz.ofTexts(4, sound)
                .feed(
                        INPUTS,
                        input -> {
                            JsonNode json = LedgerJson.parse(text(input));
                            int kind = input.length % 3;
                            if (kind == 0) {
                                LedgerJson.readSubject(json, "");
                            } else if (kind == 1) {
                                LedgerJson.readActor(json, "");
                            } else {
                                LedgerJson.readChange(json, "");
                            }
                        },
                        MalformedException.class);
    }

    @Test
    void pointsInTimeAreReadOrMalformed() {
        CutText cuts = new CutText(NOW, ZoneOffset.UTC);
        Fuzz.ofTexts(
                        5,
                        List.of(
                                "42",
                                "#42",
                                "now",
                                "15m",
                                "3d2h",
                                "2026-01-31",
                                "2026-01-31T15:00",
                                "2026-01-31T15:00:00.5+01:00"))
                .feed(INPUTS, input -> cuts.read(text(input)), MalformedCutException.class);
    }

    @Test
    void checkpointsAndKeysAreReadOrMalformed() {
        SigningKey key = SigningKey.generate();
        String checkpoint = key.sign(Checkpoint.of(
                        "ledger", new Extent("gastown", 7, Digest.genesis("x"), Digest.genesis("y"), 3, NOW, NOW), NOW))
                .text();
        Fuzz.ofTexts(6, List.of(checkpoint))
                .feed(
                        INPUTS,
                        input -> SignedCheckpoint.parse(text(input)),
                        MalformedCheckpointException.class,
                        UntrustedCheckpointException.class);
        Fuzz.ofTexts(7, List.of(key.toPem(), key.verifyingKey().toPem()))
                .feed(
                        INPUTS,
                        input -> {
                            if (input.length % 2 == 0) {
                                SigningKey.fromPem(text(input));
                            } else {
                                VerifyingKey.fromPem(text(input));
                            }
                        },
                        MalformedKeyException.class);
    }

    /** What a million inputs once found, each answered by an exception that nobody promised. */
    @Test
    void whatOnceBrokeAReaderIsRefused() {
        assertThatExceptionOfType(MalformedException.class)
                .isThrownBy(() -> LedgerJson.parse("{\"value\": 8.4E+1497911684233167}"));
        assertThatExceptionOfType(MalformedKeyException.class)
                .isThrownBy(() -> SigningKey.fromPem("-----BEGIN PRIVATE KEY-----END PRIVATE KEY-----"));
    }

    private static String text(byte[] bytes) {
        return new String(bytes, StandardCharsets.UTF_8);
    }
}
