package io.flagledger.server.auth;

import com.nimbusds.jose.KeySourceException;
import com.nimbusds.jose.jwk.JWKSet;
import com.nimbusds.jose.jwk.source.JWKSetCacheRefreshEvaluator;
import com.nimbusds.jose.jwk.source.JWKSetSource;
import com.nimbusds.jose.jwk.source.JWKSetUnavailableException;
import com.nimbusds.jose.proc.SecurityContext;
import com.nimbusds.jose.util.DefaultResourceRetriever;
import java.io.IOException;
import java.net.URI;
import java.text.ParseException;
import org.jspecify.annotations.Nullable;

/** The issuer's keys, from where its discovery document says unless that was said already. Asks anew each time. */
final class IssuerKeys implements JWKSetSource<SecurityContext> {
    private final @Nullable URI address;
    private final Discovery discovery;
    private final DefaultResourceRetriever http =
            new DefaultResourceRetriever(Discovery.CONNECT_MILLIS, Discovery.READ_MILLIS, Discovery.MAX_BYTES);

    IssuerKeys(@Nullable URI address, Discovery discovery) {
        this.address = address;
        this.discovery = discovery;
    }

    @Override
    public JWKSet getJWKSet(JWKSetCacheRefreshEvaluator refresh, long now, @Nullable SecurityContext context)
            throws KeySourceException {
        try {
            URI from = address == null ? discovery.document().jwksUri() : address;
            return JWKSet.parse(http.retrieveResource(from.toURL()).getContent());
        } catch (IOException | ParseException | IllegalArgumentException e) {
            throw new JWKSetUnavailableException(String.valueOf(e.getMessage()), e);
        }
    }

    @Override
    public void close() {}
}
