package io.flagledger.cli;

import io.flagledger.core.kafka.LedgerVerifier;
import io.flagledger.core.proof.Checkpoint;
import io.flagledger.core.proof.Checkpoints;
import io.flagledger.core.proof.MalformedKeyException;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.core.proof.Verification;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

@Command(
        name = "checkpoint",
        description = "Print a signed checkpoint of the ledger, to be kept where nobody who can write to Kafka can.",
        footer = {
            "",
            "`ledger checkpoint --key key.pem > gastown-2026-01-31.checkpoint`; `ledger verify` holds the ledger to it."
        })
final class CheckpointCommand implements Callable<Integer> {
    static final String VARIABLE = "LEDGER_CHECKPOINT_KEY";

    private final Session session;

    @Option(
            names = "--key",
            paramLabel = "FILE",
            description =
                    "the Ed25519 private key to sign with, PKCS#8 as PEM (" + VARIABLE + " may hold its text instead)")
    private @Nullable Path key;

    @Option(
            names = "--new-key",
            paramLabel = "FILE",
            description = "make a private key in FILE and its public half in FILE.pub, and no checkpoint")
    private @Nullable Path newKey;

    CheckpointCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (newKey != null) {
            make(newKey);
            return Exit.DONE;
        }
        if (session.wantsJson()) {
            throw Complaint.usage("a checkpoint is its text and has no other form");
        }
        SigningKey signing = key();
        LedgerVerifier.Outcome outcome = new Proving(session).against(Checkpoints.NONE);
        if (outcome.verification() instanceof Verification.Broken broken) {
            throw Complaint.unsound(Proving.complaint(outcome, broken));
        }
        if (outcome.verification().extent().sequence() == 0) {
            throw Complaint.refused("%s has no events yet: there is nothing to sign"
                    .formatted(outcome.verification().extent().environment()));
        }
        Checkpoint checkpoint = Checkpoint.of(
                outcome.ledgerId(),
                outcome.verification().extent(),
                Instant.now().truncatedTo(ChronoUnit.MILLIS));
        session.out().print(signing.sign(checkpoint).text()); // no line ends but its own
        session.out().flush();
        return Exit.DONE;
    }

    private SigningKey key() {
        String pem = key == null ? session.variable(VARIABLE) : Proving.text(key, "the key");
        if (pem == null) {
            throw Complaint.usage(
                    "a checkpoint is signed: name the private key with --key FILE, or make one with --new-key FILE");
        }
        try {
            return SigningKey.fromPem(pem);
        } catch (MalformedKeyException e) {
            throw Complaint.usage(
                    "the key %s can't be used: %s".formatted(key == null ? "in " + VARIABLE : key, e.getMessage()));
        }
    }

    private void make(Path file) {
        Path publicFile = file.resolveSibling(file.getFileName() + ".pub");
        SigningKey made = SigningKey.generate();
        try {
            if (Files.exists(publicFile)) {
                throw new FileAlreadyExistsException(publicFile.toString());
            }
            createPrivate(file);
            Files.writeString(file, made.toPem(), StandardOpenOption.WRITE);
            Files.writeString(publicFile, made.verifyingKey().toPem(), StandardOpenOption.CREATE_NEW);
        } catch (FileAlreadyExistsException e) {
            throw Complaint.refused("%s is there already, and a key is never overwritten".formatted(e.getMessage()));
        } catch (IOException e) {
            throw Complaint.refused("no key can be made at %s: %s".formatted(file, e.getMessage()));
        }
        session.out().println("the private key is in %s: keep it from whoever can write to Kafka".formatted(file));
        session.out()
                .println("the public key is in %s: give it to whoever verifies (%s)"
                        .formatted(publicFile, made.verifyingKey().id()));
    }

    /** An empty file that nobody else can read, from its first moment on. */
    private static void createPrivate(Path file) throws IOException {
        if (file.getFileSystem().supportedFileAttributeViews().contains("posix")) {
            Files.createFile(file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
        } else {
            Files.createFile(file);
        }
    }
}
