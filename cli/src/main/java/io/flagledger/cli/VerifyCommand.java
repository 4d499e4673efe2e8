package io.flagledger.cli;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.kafka.LedgerVerifier;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.Extent;
import io.flagledger.core.proof.MalformedCheckpointException;
import io.flagledger.core.proof.MalformedKeyException;
import io.flagledger.core.proof.SignedCheckpoint;
import io.flagledger.core.proof.UntrustedCheckpointException;
import io.flagledger.core.proof.Verification;
import io.flagledger.core.proof.VerifyingKey;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "verify",
        description = "Prove that the environment's ledger is sound, or name the first position that is not.",
        footer = {"", "Exit status 4 says that it is not sound."})
final class VerifyCommand implements Callable<Integer> {
    private final Session session;

    @Option(
            names = "--checkpoint",
            paramLabel = "FILE",
            description = "a checkpoint that the ledger must agree with; may be given several times")
    private List<Path> checkpoints = new ArrayList<>();

    @Option(
            names = "--public-key",
            paramLabel = "FILE",
            description = "the key that must have signed the checkpoints; may be given several times")
    private List<Path> keys = new ArrayList<>();

    @Option(
            names = "--copy",
            description = "the ledger is a copy (a mirror, a restored backup) of the one that was signed:"
                    + " its times and its topic's id are others, and are not compared")
    private boolean copy;

    @Option(
            names = "--projector",
            paramLabel = "URL",
            arity = "0..1",
            fallbackValue = "http://127.0.0.1:8080",
            description =
                    "hold what all instances and the state topic say against the log as well, asking the server at URL"
                            + " (http://127.0.0.1:8080)")
    private @Nullable String projector;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description =
                    "the token for that server, whose role is viewer or more (LEDGER_TOKEN may hold its text instead;"
                            + " otherwise, on this machine, ./" + AuthOptions.FOLDER + "/token)")
    private @Nullable Path tokenFile;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        Checkpoints expected = new Checkpoints(expected(), copy);
        URI server = projector == null ? null : ServerUrl.read("--projector", projector);
        LedgerVerifier.Outcome outcome = new Proving(session).against(expected);
        List<ProjectorCheck.Finding> findings = server == null || outcome.verification() instanceof Verification.Broken
                ? List.of()
                : new ProjectorCheck(session, server, ServerToken.find(session, server, tokenFile)).findings();
        if (session.wantsJson()) {
            ObjectNode json = json(outcome, expected);
            if (server != null) {
                json.set("projections", ProjectorCheck.json(findings));
            }
            session.print(json);
        }
        if (outcome.verification() instanceof Verification.Broken broken) {
            throw Complaint.unsound(Proving.complaint(outcome, broken));
        }
        if (!session.wantsJson()) {
            print(outcome, expected);
            findings.stream()
                    .filter(ProjectorCheck.Finding::isSame)
                    .forEach(finding -> session.out().println(session.terminal().good(finding.words())));
        }
        List<String> wrong = findings.stream()
                .filter(finding -> !finding.isSame())
                .map(ProjectorCheck.Finding::words)
                .toList();
        if (!wrong.isEmpty()) {
            throw Complaint.unsound("the log is sound, but what was made of it is not:\n" + String.join("\n", wrong));
        }
        return Exit.DONE;
    }

    private List<Checkpoint> expected() {
        if (!checkpoints.isEmpty() && keys.isEmpty()) {
            throw Complaint.usage(
                    "--checkpoint needs --public-key FILE: anybody can write a checkpoint, only the key's owner can sign it");
        }
        if (checkpoints.isEmpty() && (copy || !keys.isEmpty())) {
            throw Complaint.usage("--public-key and --copy go with --checkpoint FILE");
        }
        List<VerifyingKey> trusted = keys.stream().map(VerifyCommand::key).toList();
        return checkpoints.stream().map(file -> checkpoint(file, trusted)).toList();
    }

    private static VerifyingKey key(Path file) {
        try {
            return VerifyingKey.fromPem(Proving.text(file, "the public key"));
        } catch (MalformedKeyException e) {
            throw Complaint.usage("the public key %s can't be used: %s".formatted(file, e.getMessage()));
        }
    }

    private static Checkpoint checkpoint(Path file, List<VerifyingKey> trusted) {
        try {
            return SignedCheckpoint.parse(Proving.text(file, "the checkpoint")).verified(trusted);
        } catch (MalformedCheckpointException e) {
            throw Complaint.usage("%s is no checkpoint: %s".formatted(file, e.getMessage()));
        } catch (UntrustedCheckpointException e) {
            throw Complaint.unsound("%s proves nothing: %s".formatted(file, e.getMessage()));
        }
    }

    private void print(LedgerVerifier.Outcome outcome, Checkpoints expected) {
        Extent extent = outcome.verification().extent();
        session.out()
                .println(session.terminal()
                        .good("%s is sound: %s, each following from the one before"
                                .formatted(extent.environment(), Text.count(extent.sequence(), "event"))));
        Sheet sheet = new Sheet(session);
        sheet.line("digest", extent.digest().toString());
        sheet.line("state digest", extent.stateDigest().toString());
        sheet.line("flags", String.valueOf(extent.flags()));
        if (extent.sequence() > 0) {
            sheet.line("first event", LedgerJson.time(extent.first()));
            sheet.line("last event", LedgerJson.time(extent.last()));
        }
        sheet.line("ledger", outcome.ledgerId());
        for (Checkpoint checkpoint : expected.list()) {
            sheet.line(
                    "checkpoint",
                    "agrees at %d, signed at %s"
                            .formatted(checkpoint.sequence(), LedgerJson.time(checkpoint.signedAt())));
        }
        if (expected.list().isEmpty()) {
            sheet.line(
                    "checkpoint",
                    "none: whether the end was cut off or all of it rewritten, only one tells (--checkpoint)");
        }
        sheet.line("took", "%d ms".formatted(outcome.took().toMillis()));
    }

    private static ObjectNode json(LedgerVerifier.Outcome outcome, Checkpoints expected) {
        Extent extent = outcome.verification().extent();
        ObjectNode json = LedgerJson.object()
                .put("environment", extent.environment())
                .put("sound", outcome.verification() instanceof Verification.Sound);
        if (outcome.verification() instanceof Verification.Broken broken) {
            ObjectNode flaw = json.putObject("flaw")
                    .put("kind", broken.flaw().name())
                    .put("sequence", broken.sequence())
                    .put("why", broken.why());
            if (broken.offset() != Verification.Broken.NOWHERE) {
                flaw.put("offset", broken.offset());
            }
        }
        json.put("sequence", extent.sequence())
                .put("digest", extent.digest().toString())
                .put("stateDigest", extent.stateDigest().toString())
                .put("flags", extent.flags());
        if (extent.sequence() > 0) {
            json.put("first", LedgerJson.time(extent.first())).put("last", LedgerJson.time(extent.last()));
        }
        json.put("ledger", outcome.ledgerId())
                .put("topic", outcome.partition().topic())
                .put("partition", outcome.partition().partition())
                .put("tookMillis", outcome.took().toMillis());
        ArrayNode held = json.putArray("checkpoints");
        expected.list()
                .forEach(checkpoint -> held.addObject()
                        .put("sequence", checkpoint.sequence())
                        .put("signedAt", LedgerJson.time(checkpoint.signedAt())));
        return json;
    }
}
