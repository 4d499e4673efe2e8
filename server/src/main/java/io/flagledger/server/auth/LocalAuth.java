package io.flagledger.server.auth;

import io.flagledger.core.event.Actor;
import io.flagledger.core.proof.MalformedKeyException;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.sdk.admission.AdmissionKeys;
import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The folder of a {@link LocalKey}, of a token that may do everything, and of keys for admissions, made where they are
 * missing. Only their owner can read the files.
 */
public final class LocalAuth {
    private static final String KEY_FILE = "local-key.jwk";
    private static final String CHECKPOINT_KEY_FILE = "checkpoint-key.pem";
    private static final String TOKEN_FILE = "token";
    private static final String ADMISSION_KEYS_FILE = "admission-keys.jwks";
    private static final Duration TOKEN_LASTS = Duration.ofDays(30);
    private static final Duration RENEWED_BEFORE = Duration.ofDays(7);

    private final Path folder;
    private final LocalKey key;

    private LocalAuth(Path folder, LocalKey key) {
        this.folder = folder;
        this.key = key;
    }

    /**
     * Opens a folder, or makes it and a key in it.
     *
     * @throws IOException if that can't be; the message names the file and why
     */
    public static LocalAuth in(Path folder) throws IOException {
        Path file = folder.resolve(KEY_FILE);
        if (!Files.exists(file)) {
            Files.createDirectories(folder);
            writeNew(folder, file, LocalKey.generate().toJwk());
        }
        return new LocalAuth(folder, read(file));
    }

    /** Whether a folder holds a key. */
    public static boolean isIn(Path folder) {
        return Files.exists(folder.resolve(KEY_FILE));
    }

    public LocalKey key() {
        return key;
    }

    public Path tokenFile() {
        return folder.resolve(TOKEN_FILE);
    }

    /**
     * A token that may do everything, and that is kept in {@link #tokenFile}: the one there, or a new one when that is of
     * somebody else or ends soon.
     */
    public String adminToken(String subject) throws IOException {
        try {
            String kept = Files.readString(tokenFile()).strip();
            Caller caller = Authenticator.of(new AuthConfig.Local(key)).authenticate("Bearer " + kept);
            if (caller.subject().equals(subject)
                    && caller.may(CallerRole.ADMIN, Grant.EVERYWHERE)
                    && caller.expiresAt().isAfter(Instant.now().plus(RENEWED_BEFORE))) {
                return kept;
            }
        } catch (NoSuchFileException | UnauthenticatedException e) {
            // a new one is made
        }
        String token = key.token(
                subject, Actor.Kind.HUMAN, List.of(new Grant(CallerRole.ADMIN, Grant.EVERYWHERE)), TOKEN_LASTS);
        Files.move(written(folder, token + "\n"), tokenFile(), StandardCopyOption.REPLACE_EXISTING);
        return token;
    }

    /** Keys to sign admissions with, which are kept here: those there, or a new one. */
    public AdmissionKeys admissionKeys() throws IOException {
        Path file = folder.resolve(ADMISSION_KEYS_FILE);
        if (!Files.exists(file)) {
            writeNew(folder, file, AdmissionKeys.generate().toSecretJwks());
        }
        try {
            return AdmissionKeys.fromJwks(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException("the keys in %s can't be used: %s; delete the file, and a new one is made"
                    .formatted(file, e.getMessage()));
        }
    }

    /** The key that signs checkpoints, made where it is missing. */
    public SigningKey checkpointKey() throws IOException {
        Path file = folder.resolve(CHECKPOINT_KEY_FILE);
        if (!Files.exists(file)) {
            writeNew(folder, file, SigningKey.generate().toPem());
        }
        try {
            return SigningKey.fromPem(Files.readString(file));
        } catch (MalformedKeyException e) {
            throw new IOException(
                    "the key in %s can't be used: %s; delete the file, and a new one is made"
                            .formatted(file, e.getMessage()),
                    e);
        }
    }

    private static LocalKey read(Path file) throws IOException {
        try {
            return LocalKey.fromJwk(Files.readString(file));
        } catch (IllegalArgumentException e) {
            throw new IOException("the key in %s can't be used: %s; delete the file, and a new one is made"
                    .formatted(file, e.getMessage()));
        }
    }

    /** Whole at once or not at all, and never in place of another's that came first. */
    private static void writeNew(Path folder, Path file, String text) throws IOException {
        Path written = written(folder, text);
        try {
            Files.createLink(file, written);
        } catch (FileAlreadyExistsException e) {
            return; // another process was first
        } catch (UnsupportedOperationException e) {
            Files.move(written, file);
        } finally {
            Files.deleteIfExists(written);
        }
    }

    private static Path written(Path folder, String text) throws IOException {
        boolean posix = folder.getFileSystem().supportedFileAttributeViews().contains("posix");
        FileAttribute<?>[] ownersOnly = posix
                ? new FileAttribute<?>[] {
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------"))
                }
                : new FileAttribute<?>[0];
        return Files.writeString(Files.createTempFile(folder, "new-", "", ownersOnly), text);
    }
}
