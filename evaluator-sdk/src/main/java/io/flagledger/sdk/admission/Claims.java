package io.flagledger.sdk.admission;

import com.nimbusds.jwt.JWTClaimsSet;
import com.nimbusds.jwt.SignedJWT;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.admission.TokenRefusedException.Refusal;
import java.text.ParseException;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a token says. */
record Claims(String issuer, List<String> audience, Admission admission) {
    private static final String LEDGER = "ledger";
    private static final String ENVIRONMENT = "env";
    private static final String FLAG = "flag";
    private static final String VARIANT = "variant";
    private static final String SEQUENCE = "seq";
    private static final String ORG = "org";
    private static final String ADMIN = "admin";

    static JWTClaimsSet of(Admission admission, String issuer, String audience) {
        Subject subject = admission.subject();
        return new JWTClaimsSet.Builder()
                .issuer(issuer)
                .audience(audience)
                .subject(subject.user())
                .issueTime(Date.from(admission.issuedAt()))
                .expirationTime(Date.from(admission.expiresAt()))
                .claim(ORG, subject.org())
                .claim(ADMIN, subject.admin())
                .claim(LEDGER, admission.ledger())
                .claim(ENVIRONMENT, admission.environment())
                .claim(FLAG, admission.flag())
                .claim(VARIANT, admission.variant())
                .claim(SEQUENCE, admission.sequence())
                .build();
    }

    static Claims in(SignedJWT token) throws TokenRefusedException {
        try {
            JWTClaimsSet claims = token.getJWTClaimsSet();
            Subject subject = new Subject(
                    claims.getSubject(), claims.getStringClaim(ORG), there(ADMIN, claims.getBooleanClaim(ADMIN)));
            Admission admission = new Admission(
                    text(claims, LEDGER),
                    text(claims, ENVIRONMENT),
                    text(claims, FLAG),
                    subject,
                    text(claims, VARIANT),
                    there(SEQUENCE, claims.getLongClaim(SEQUENCE)),
                    time("iat", claims.getIssueTime()),
                    time("exp", claims.getExpirationTime()));
            return new Claims(there("iss", claims.getIssuer()), claims.getAudience(), admission);
        } catch (ParseException | IllegalArgumentException e) {
            throw new TokenRefusedException(Refusal.MALFORMED, "the token is no admission: " + e.getMessage());
        }
    }

    private static String text(JWTClaimsSet claims, String name) throws ParseException {
        return there(name, claims.getStringClaim(name));
    }

    private static Instant time(String name, @Nullable Date claim) {
        return there(name, claim).toInstant();
    }

    private static <T> T there(String name, @Nullable T claim) {
        if (claim == null) {
            throw new IllegalArgumentException("it does not say '%s'".formatted(name));
        }
        return claim;
    }
}
