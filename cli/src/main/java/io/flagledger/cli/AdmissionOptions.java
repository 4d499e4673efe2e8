package io.flagledger.cli;

import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What a server signs admissions with. */
final class AdmissionOptions {
    @Option(
            names = "--admission-keys",
            paramLabel = "FILE",
            description =
                    "a JSON Web Key Set to sign admissions with, the same for all instances (LEDGER_ADMISSION_KEYS;"
                            + " without one, and without an issuer, a key in --auth)")
    private @Nullable String file;

    /** The keys that were said, or local ones beside the local key; null where tokens are of an issuer and nothing was said. */
    @Nullable
    AdmissionKeys keys(AuthConfig auth, Path authFolder) {
        if (file != null) {
            return read(Path.of(file));
        }
        return auth instanceof AuthConfig.Local ? local(AuthOptions.open(authFolder)) : null;
    }

    static AdmissionKeys local(LocalAuth auth) {
        try {
            return auth.admissionKeys();
        } catch (IOException e) {
            throw Complaint.usage("the keys for admissions can't be had: %s".formatted(e.getMessage()));
        }
    }

    private static AdmissionKeys read(Path file) {
        try {
            return AdmissionKeys.fromJwks(Files.readString(file));
        } catch (IOException e) {
            throw Complaint.usage("the keys for admissions in %s can't be read (%s)"
                    .formatted(file, e.getClass().getSimpleName()));
        } catch (IllegalArgumentException e) {
            throw Complaint.usage("the keys for admissions in %s can't be used: %s".formatted(file, e.getMessage()));
        }
    }
}
