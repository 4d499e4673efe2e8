package io.flagledger.cli;

import io.flagledger.core.kafka.LedgerVerifier;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;

/** Walks the session's ledger, for the commands that need to know whether it is sound. */
record Proving(Session session) {
    /** How long a Kafka that is there may take for its next answer. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    LedgerVerifier.Outcome against(Checkpoints checkpoints) {
        Ledger ledger = Ledger.of(session);
        LedgerVerifier verifier = new LedgerVerifier(session.connection(), session.topics(), PATIENCE);
        try (ProgressBar bar = new ProgressBar(session.err())) {
            return verifier.verify(ledger.environment(), checkpoints, bar)
                    .orElseThrow(() -> Complaint.refused(
                            "there is no ledger at %s: nothing to prove".formatted(session.connection())));
        }
    }

    /** What to say of a ledger that is not sound, in two lines. */
    static String complaint(LedgerVerifier.Outcome outcome, Verification.Broken broken) {
        String place = broken.offset() == Verification.Broken.NOWHERE
                ? ""
                : " (%s at offset %d)".formatted(outcome.partition(), broken.offset());
        String before = broken.extent().sequence() == 0
                ? "nothing before it holds"
                : "events 1 to %d hold together, with the digest %s"
                        .formatted(broken.extent().sequence(), broken.extent().digest());
        return "%s is not sound: first bad position %d%s: %s: %s\n%s"
                .formatted(
                        broken.extent().environment(),
                        broken.sequence(),
                        place,
                        broken.flaw(),
                        Text.oneLine(broken.why()),
                        before);
    }

    static String text(Path file, String what) {
        try {
            return Files.readString(file);
        } catch (NoSuchFileException e) {
            throw Complaint.usage("%s %s can't be read: there is no such file".formatted(what, file));
        } catch (IOException e) {
            // of bytes that are no text the message says only that
            throw Complaint.usage("%s %s can't be read: %s".formatted(what, file, e.getMessage()));
        }
    }
}
