package io.flagledger.sdk.admission;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Names;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A subject was let in. What it was let into goes on until the admission expires, or until the flag is killed for all
 * access or archived: a kill switch for new access, a smaller percentage or a removed allowlist entry do not end it.
 *
 * @param ledger the id of the ledger, which is Kafka's id of its events topic
 * @param variant the one that was served
 * @param sequence of the environment's last event that the decision took into account, from 1
 * @param issuedAt by the clock of whoever admitted, to the second
 * @param expiresAt by the same clock, to the second; later than {@code issuedAt}
 */
public record Admission(
        String ledger,
        String environment,
        String flag,
        Subject subject,
        String variant,
        long sequence,
        Instant issuedAt,
        Instant expiresAt) {
    /** How long an admission lasts where nobody says otherwise: a day. */
    public static final Duration DEFAULT_LIFETIME = Duration.ofDays(1);

    public Admission {
        requireNonNull(subject, "subject");
        issuedAt = issuedAt.truncatedTo(ChronoUnit.SECONDS); // as a token holds it
        expiresAt = expiresAt.truncatedTo(ChronoUnit.SECONDS);
        if (ledger.isEmpty()
                || !Names.isEnvironment(environment)
                || !Names.isFlagKey(flag)
                || !Names.isVariant(variant)) {
            throw new IllegalArgumentException(
                    "an admission names its ledger, environment, flag and variant, but here are '%s', '%s', '%s', '%s'"
                            .formatted(ledger, environment, flag, variant));
        }
        if (sequence < 1) {
            throw new IllegalArgumentException("nobody was admitted before the first event, at " + sequence);
        }
        if (!expiresAt.isAfter(issuedAt)) {
            throw new IllegalArgumentException("an admission lasts a second at least, but this one is from %s to %s"
                    .formatted(issuedAt, expiresAt));
        }
    }

    /**
     * Admits a subject, if it has access. While all access is killed nobody is admitted, not even an administrator, who
     * has access still: such an admission would have ended before it began.
     *
     * @param ledger the id of the ledger that the flags are of
     * @param flags as of one position
     */
    public static Optional<Admission> admit(
            String ledger, CompiledEnvironment flags, String flag, Subject subject, Instant now, Duration lifetime) {
        Decision decision = flags.decide(flag, subject, false);
        FlagState state = flags.state().flags().get(flag);
        String variant = decision.variant();
        if (!decision.granted() || state == null || variant == null || state.killSwitch() == KillSwitch.ALL_ACCESS) {
            return Optional.empty();
        }
        return Optional.of(new Admission(
                ledger,
                flags.state().environment(),
                flag,
                subject,
                variant,
                decision.sequence(),
                now,
                now.plus(lifetime)));
    }

    /**
     * What has become of this admission, as far as these flags tell.
     *
     * @param ledger the id of the ledger that the flags are of; null where nothing is known of it yet
     * @param flags as of one position, be it one before the admission
     */
    public Standing standing(@Nullable String ledger, CompiledEnvironment flags, Instant now) {
        EnvironmentState state = flags.state();
        if ((ledger != null && !ledger.equals(this.ledger))
                || !state.environment().equals(environment)) {
            return Standing.FOREIGN;
        }
        if (!now.isBefore(expiresAt)) {
            return Standing.EXPIRED;
        }
        if (state.sequence() < sequence) {
            return Standing.AHEAD;
        }
        FlagState known = state.flags().get(flag);
        if (known == null) {
            return Standing.FOREIGN; // no flag ever vanishes from its ledger
        }
        if (known.archived()) {
            return Standing.ARCHIVED;
        }
        return known.killSwitch() == KillSwitch.ALL_ACCESS ? Standing.KILLED : Standing.CONTINUES;
    }
}
