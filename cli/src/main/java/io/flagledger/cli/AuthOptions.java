package io.flagledger.cli;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.json.Fields;
import io.flagledger.core.json.MalformedException;
import io.flagledger.core.proof.MalformedKeyException;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.ClaimRules;
import io.flagledger.server.auth.Grant;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Whose tokens a server believes, and what they may do. */
final class AuthOptions {
    static final String FOLDER = ".ledger/auth";
    private static final String SCOPE = "openid profile";

    @Option(
            names = "--issuer",
            paramLabel = "URL",
            description = "whose tokens are believed: an OpenID provider, or whoever publishes keys (LEDGER_ISSUER);"
                    + " without one, tokens of a key in --auth")
    private @Nullable String issuer;

    @Option(
            names = "--audience",
            paramLabel = "NAME",
            description = "what a token must be for: its claim aud (LEDGER_AUDIENCE; otherwise flag-ledger)")
    private @Nullable String audience;

    @Option(
            names = "--jwks-uri",
            paramLabel = "URL",
            description = "where the issuer's keys are (LEDGER_JWKS_URI; otherwise as its discovery document says)")
    private @Nullable String jwksUri;

    @Option(
            names = "--roles-claim",
            paramLabel = "CLAIM,…",
            description = "the claims that list roles or groups (LEDGER_ROLES_CLAIM; otherwise roles)")
    private String rolesClaim = "roles";

    @Option(
            names = "--subject-claim",
            paramLabel = "CLAIM",
            description = "the claim that names the caller in the ledger (LEDGER_SUBJECT_CLAIM; otherwise sub)")
    private String subjectClaim = "sub";

    @Option(
            names = "--grants",
            paramLabel = "FILE",
            description = "JSON or YAML: what a group may do, such as `platform: [editor@gastown-production, viewer@*]`"
                    + " (LEDGER_GRANTS)")
    private @Nullable String grants;

    @Option(
            names = "--client-id",
            paramLabel = "ID",
            description = "as whom the page signs people in with the issuer (LEDGER_CLIENT_ID; otherwise it does not)")
    private @Nullable String clientId;

    @Option(
            names = "--scope",
            paramLabel = "TEXT",
            description = "what the page asks the issuer for (LEDGER_SCOPE; otherwise '" + SCOPE + "')")
    private String scope = SCOPE;

    @Option(
            names = "--auth",
            paramLabel = "DIR",
            description = "where the local key and a token of it are kept (LEDGER_AUTH; otherwise ./" + FOLDER + ")")
    private String folder = FOLDER;

    @Option(
            names = "--allow-local-key",
            description =
                    "take tokens of the local key on an address that other machines reach too, as for a trial in a"
                            + " container: whoever has its file can be anybody")
    private boolean allowLocalKey;

    @Option(
            names = "--checkpoint-key",
            paramLabel = "FILE",
            description = "the Ed25519 private key that signs checkpoints which are asked for over HTTP, as with"
                    + " `ledger checkpoint` (" + CheckpointCommand.VARIABLE + " may hold its text instead)")
    private @Nullable Path checkpointKey;

    /** The key that signs checkpoints; null if none was named. */
    @Nullable
    SigningKey checkpointKey(Session session) {
        String pem = checkpointKey == null
                ? session.variable(CheckpointCommand.VARIABLE)
                : Proving.text(checkpointKey, "the key");
        try {
            return pem == null ? null : SigningKey.fromPem(pem);
        } catch (MalformedKeyException e) {
            throw Complaint.usage("the key %s can't be used: %s"
                    .formatted(
                            checkpointKey == null ? "in " + CheckpointCommand.VARIABLE : checkpointKey,
                            e.getMessage()));
        }
    }

    AuthConfig config() {
        if (issuer == null) {
            requireNothing();
            return new AuthConfig.Local(open(folder()).key());
        }
        return new AuthConfig.Issuer(
                address("--issuer", issuer),
                Objects.requireNonNullElse(audience, "flag-ledger"),
                jwksUri == null ? null : address("--jwks-uri", jwksUri),
                clientId,
                scope,
                new ClaimRules(subjectClaim, List.of(rolesClaim.split(",", -1)), groups(grants)));
    }

    /** Refuses to be reached from elsewhere by tokens of a key that nobody can take back. */
    void checkHost(InetAddress listens, String text) {
        if (!listens.isLoopbackAddress() && issuer == null && !allowLocalKey) {
            throw Complaint.usage(
                    ("other machines reach %s, so say whose tokens are believed: --issuer URL and --audience NAME of your"
                                    + " OpenID provider; or --allow-local-key for a trial with tokens of `ledger token`")
                            .formatted(Text.oneLine(text)));
        }
    }

    static LocalAuth open(Path folder) {
        try {
            return LocalAuth.in(folder);
        } catch (IOException e) {
            throw Complaint.usage("the local key can't be had in %s (%s): choose another folder with --auth"
                    .formatted(folder, e.getMessage()));
        }
    }

    /** The folder of the local key. */
    Path folder() {
        return folder(folder);
    }

    static Path folder(@Nullable String said) {
        return Path.of(Objects.requireNonNullElse(said, FOLDER))
                .toAbsolutePath()
                .normalize();
    }

    private void requireNothing() {
        refuse("--audience", audience);
        refuse("--jwks-uri", jwksUri);
        refuse("--client-id", clientId);
        refuse("--grants", grants);
    }

    private static void refuse(String option, @Nullable String said) {
        if (said != null) {
            throw Complaint.usage(option + " goes with --issuer URL");
        }
    }

    private static Map<String, List<Grant>> groups(@Nullable String file) {
        Map<String, List<Grant>> groups = new TreeMap<>();
        if (file == null) {
            return groups;
        }
        String text;
        try {
            text = Files.readString(Path.of(file));
        } catch (IOException e) {
            throw Complaint.usage("the grants in %s can't be read (%s)"
                    .formatted(file, e.getClass().getSimpleName()));
        }
        Document document = Document.read(file, text);
        try {
            Fields fields = new Fields(document.root(), "");
            document.root().fieldNames().forEachRemaining(group -> {
                List<Grant> granted = new ArrayList<>(fields.list(group, AuthOptions::grant));
                groups.put(group, granted);
            });
        } catch (MalformedException e) {
            throw document.malformed(e);
        }
        return groups;
    }

    private static Grant grant(JsonNode node, String pointer) {
        try {
            return Grant.parse(node.asText());
        } catch (IllegalArgumentException e) {
            throw new MalformedException(pointer, String.valueOf(e.getMessage()));
        }
    }

    /** Keys that come unprotected over a network can be exchanged on the way for somebody else's. */
    private static URI address(String option, String text) {
        try {
            URI address = new URI(text);
            if (address.getHost() != null
                    && ("https".equals(address.getScheme())
                            || ("http".equals(address.getScheme())
                                    && InetAddress.getByName(address.getHost()).isLoopbackAddress()))) {
                return address;
            }
        } catch (URISyntaxException | UnknownHostException e) {
            // told below
        }
        throw Complaint.usage("%s is an https:// address (http:// on this machine only), not '%s'"
                .formatted(option, Text.oneLine(text)));
    }
}
