package io.flagledger.server.flagd;

import io.flagledger.core.event.Names;
import io.grpc.Metadata;
import io.grpc.Status;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Which environment a provider asks for, and who it is. Both may stand in the selector, as {@code ENVIRONMENT?token=TOKEN},
 * since not every provider can send an {@code authorization} header (npm's can't).
 *
 * @param authorization as the header says it; null where no token was sent
 */
record Selector(String environment, @Nullable String authorization) {
    private static final Metadata.Key<String> SELECTOR =
            Metadata.Key.of("flagd-selector", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Pattern FORM = Pattern.compile("(?:flagSetId=)?([^?]*)(?:\\?token=(.*))?");

    /**
     * Reads what a call says: the header, or where there is none the field of the request.
     *
     * @param otherwise the environment where none is named
     */
    static Selector of(Metadata headers, SyncRequest request, String otherwise) {
        String header = headers.get(SELECTOR);
        Matcher parts = FORM.matcher(header == null || header.isEmpty() ? request.selector() : header);
        String named = parts.matches() ? parts.group(1) : "?";
        String environment = named.isEmpty() ? otherwise : named;
        if (!Names.isEnvironment(environment)) {
            throw Status.INVALID_ARGUMENT
                    .withDescription(
                            "the selector names an environment, or is ENVIRONMENT?token=TOKEN; an environment's name must match "
                                    + Names.ENVIRONMENT_FORM)
                    .asRuntimeException();
        }
        String authorization = headers.get(AUTHORIZATION);
        String token = parts.group(2);
        return new Selector(environment, authorization == null && token != null ? "Bearer " + token : authorization);
    }

    /** Without the token. */
    @Override
    public String toString() {
        return environment;
    }
}
