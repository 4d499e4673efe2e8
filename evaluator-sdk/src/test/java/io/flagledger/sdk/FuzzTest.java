package io.flagledger.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flagledger.core.event.Change.FlagCreated;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.fuzz.Fuzz;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.sdk.admission.AdmissionTokens;
import io.flagledger.sdk.admission.TokenRefusedException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whatever comes from outside is read, or refused with the error that is promised for it. */
class FuzzTest {
    private static final int INPUTS = Fuzz.inputs();

    @Test
    void snapshotsAreReadOrRefused() throws Exception {
        byte[] sound = new Snapshot(
                        "ledger",
                        MemoryLedger.gastown()
                                .accept(FlagCreated.bool("gastown"))
                                .state(),
                        1,
                        Instant.EPOCH)
                .toBytes();
        new Fuzz(1, List.of(sound)).feed(INPUTS, input -> Snapshot.fromBytes(input, "fuzz"), SnapshotException.class);
    }

    @Test
    void admissionTokensAreRefused() {
        AdmissionTokens tokens = AdmissionTokens.of(AdmissionKeys.generate(), "issuer", "worker", "gastown");
        // without a signature that fits, as nobody but the issuer could make one
        String header = base64("{\"alg\":\"ES256\",\"typ\":\"JWT\",\"kid\":\"x\"}");
        String claims =
                base64("{\"iss\":\"issuer\",\"aud\":\"worker\",\"sub\":\"ada\",\"exp\":4102444800,\"flag\":\"f\"}");
        int refused = Fuzz.ofTexts(
                        2, List.of(header + "." + claims + ".AAAA", base64("{\"alg\":\"none\"}") + "." + claims + "."))
                .feed(
                        INPUTS,
                        input -> tokens.verify(new String(input, StandardCharsets.UTF_8)),
                        TokenRefusedException.class);
        assertThat(refused).isEqualTo(INPUTS);
    }

    @Test
    void keySetsAreReadOrNamedAsWhatTheyAre() {
        Fuzz.ofTexts(
                        3,
                        List.of(
                                AdmissionKeys.generate().toSecretJwks(),
                                AdmissionKeys.generate().toPublicJwks()))
                .feed(
                        Math.max(1, INPUTS / 10),
                        input -> AdmissionKeys.fromJwks(new String(input, StandardCharsets.UTF_8)),
                        IllegalArgumentException.class);
    }

    @Test
    void aKeySetThatIsNullIsNamedAsNone() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> AdmissionKeys.fromJwks("null"))
                .withMessageContaining("no JSON Web Key Set");
    }

    private static String base64(String text) {
        return Base64.getUrlEncoder().withoutPadding().encodeToString(text.getBytes(StandardCharsets.UTF_8));
    }
}
