package io.flagledger.server.http;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Extent;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.Verification;
import io.flagledger.server.Proofs;
import io.javalin.http.Context;
import java.time.Duration;
import java.util.Base64;
import java.util.concurrent.TimeoutException;

/** {@code GET …/verification} and {@code …/checkpoint}: is the ledger what it was, and a signed line that will tell. */
final class ProofsApi {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final String TEXT = "text/plain";

    private final Services services;

    ProofsApi(Services services) {
        this.services = services;
    }

    void verification(Context context) throws InterruptedException {
        Requests.takesOnly(context, "after");
        Proofs.Proof proof = proof(context);
        Extent extent = proof.verification().extent();
        ObjectNode json = LedgerJson.object()
                .put("environment", extent.environment())
                .put("valid", proof.verification() instanceof Verification.Sound)
                .put("sequence", extent.sequence())
                .put("digest", extent.digest().toString())
                .put("stateDigest", extent.stateDigest().toString())
                .put("at", LedgerJson.time(extent.last()))
                .put("checkedAt", LedgerJson.time(proof.checkedAt()));
        if (proof.verification() instanceof Verification.Broken broken) {
            json.putObject("problem")
                    .put("flaw", broken.flaw().name())
                    .put("sequence", broken.sequence())
                    .put("detail", broken.why());
        }
        context.header(Requests.SEQUENCE, String.valueOf(extent.sequence()));
        Requests.answer(context, 200, json);
    }

    void checkpoint(Context context) throws InterruptedException {
        Requests.takesOnly(context, "after");
        if (services.proofs().publicKey().isEmpty()) {
            throw Problem.of(
                            404,
                            "no-checkpoint-key",
                            "This instance has no key to sign with",
                            "start it with --checkpoint-key FILE; `ledger checkpoint --new-key FILE` makes one")
                    .asException();
        }
        Proofs.Proof proof = proof(context);
        if (proof.verification() instanceof Verification.Broken broken) {
            throw Problem.of(
                            409,
                            "not-sound",
                            "The ledger is not sound, so nothing is signed",
                            "the first bad position is %d: %s".formatted(broken.sequence(), broken.why()))
                    .asException();
        }
        if (proof.verification().extent().sequence() == 0) {
            throw Problem.notFound(
                            "%s has no events yet: there is nothing to sign".formatted(Requests.environment(context)))
                    .asException();
        }
        SignedCheckpoint signed = services.proofs().sign(proof).orElseThrow();
        Checkpoint checkpoint = signed.checkpoint();
        String name = "%s-%d.checkpoint".formatted(checkpoint.environment(), checkpoint.sequence());
        String accept = context.header("Accept");
        context.header(Requests.SEQUENCE, String.valueOf(checkpoint.sequence()));
        if (accept != null && accept.startsWith(TEXT)) {
            context.header("Content-Disposition", "attachment; filename=\"%s\"".formatted(name));
            context.result(signed.text()).contentType(TEXT + "; charset=utf-8");
            return;
        }
        Requests.answer(
                context,
                200,
                LedgerJson.object()
                        .put("environment", checkpoint.environment())
                        .put("ledger", checkpoint.ledgerId())
                        .put("sequence", checkpoint.sequence())
                        .put("digest", checkpoint.digest().toString())
                        .put("stateDigest", checkpoint.stateDigest().toString())
                        .put("ledgerTime", LedgerJson.time(checkpoint.ledgerTime()))
                        .put("signedAt", LedgerJson.time(checkpoint.signedAt()))
                        .put("keyId", signed.keyId())
                        .put("signature", Base64.getEncoder().encodeToString(signed.signature()))
                        .put("publicKey", services.proofs().publicKey().orElseThrow())
                        .put("fileName", name)
                        .put("text", signed.text()));
    }

    private Proofs.Proof proof(Context context) throws InterruptedException {
        String environment = Requests.environment(context);
        long head = services.flags(environment, Requests.whole(context, "after", 0))
                .state()
                .sequence();
        try {
            return services.proofs()
                    .proof(environment, head, PATIENCE)
                    .orElseThrow(
                            () -> Problem.notFound("there is no ledger yet").asException());
        } catch (TimeoutException e) {
            throw Problem.unavailable("the ledger of %s is long and still being walked: ask again, and find the result"
                            .formatted(environment))
                    .asException();
        }
    }
}
