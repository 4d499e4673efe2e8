package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.admission.Admission;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.sdk.admission.AdmissionTokens;
import io.javalin.http.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * {@code POST …/admissions {flag, context?, seconds?}}: for services without the SDK, a decision and, where a subject is let
 * in, an admission as a signed token; and the keys to verify it with.
 */
final class AdmissionsApi {
    private static final String ISSUER = "flag-ledger";
    private static final long LONGEST_SECONDS = Duration.ofDays(30).toSeconds();
    private static final int KEYS_LIVE_SECONDS = 300;

    private final Services services;

    AdmissionsApi(Services services) {
        this.services = services;
    }

    void admit(Context context) throws InterruptedException {
        Requests.takesOnly(context, "after");
        String environment = Requests.environment(context);
        AdmissionKeys keys = keys();
        Fields body = Requests.body(context);
        String flag = body.text("flag");
        JsonNode asked = body.any("context");
        Duration lifetime = lifetime(body);
        body.end();
        Subject subject = asked == null ? Subject.anonymous() : LedgerJson.readSubject(asked, "/context");
        FlagLedger flags = services.flags(environment, Requests.whole(context, "after", 0));
        CompiledEnvironment view = flags.view();
        FlagsApi.flag(view.state(), flag);
        Optional<Admission> admission = flags.ledgerId()
                .flatMap(ledger -> Admission.admit(ledger, view, flag, subject, Instant.now(), lifetime));
        ObjectNode json = LedgerJson.object();
        json.set("decision", LedgerJson.decision(view.decide(flag, subject, flags.isStale())));
        admission.ifPresent(given -> json.putObject("admission")
                .put("token", tokens(keys, environment).sign(given))
                .put("issuedAt", LedgerJson.time(given.issuedAt()))
                .put("expiresAt", LedgerJson.time(given.expiresAt())));
        context.header(Requests.SEQUENCE, String.valueOf(view.state().sequence()));
        Requests.answer(context, 200, json);
    }

    void publish(Context context) {
        Requests.takesOnly(context);
        Requests.environment(context);
        context.header("Cache-Control", "private, max-age=" + KEYS_LIVE_SECONDS);
        context.status(200).result(keys().toPublicJwks()).contentType("application/jwk-set+json");
    }

    /** Tokens for whoever works in the environment: its name is the audience, and so it is plain whose flags must let them go on. */
    private static AdmissionTokens tokens(AdmissionKeys keys, String environment) {
        return AdmissionTokens.of(keys, ISSUER, environment, environment);
    }

    private AdmissionKeys keys() {
        AdmissionKeys keys = services.admissionKeys();
        if (keys == null) {
            throw Problem.of(
                            404,
                            "no-admission-keys",
                            "Admissions are not given here",
                            "this instance has no keys to sign them with: start it with --admission-keys FILE")
                    .asException();
        }
        return keys;
    }

    private static Duration lifetime(Fields body) {
        Long seconds = body.optionalWhole("seconds");
        if (seconds == null) {
            return Admission.DEFAULT_LIFETIME;
        }
        if (seconds < 1 || seconds > LONGEST_SECONDS) {
            throw Problem.malformed("%s: an admission lasts from 1 to %d seconds, not %d"
                            .formatted(body.pointer("seconds"), LONGEST_SECONDS, seconds))
                    .asException();
        }
        return Duration.ofSeconds(seconds);
    }
}
