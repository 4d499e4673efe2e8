package io.flagledger.core.evaluate;

import io.flagledger.core.fold.FlagState;
import java.time.Instant;

/**
 * A flag made ready for evaluation, together with the parents that it had at the same position. Immutable; any number
 * of threads may ask it at once. {@link #isOpen} and {@link #evaluate} allocate nothing, take no lock and make no call.
 */
public final class CompiledFlag {
    /*
     * Prepare at load, choose at call: every answer that the flag can give exists before the first question, and what the
     * flag's stage, kill switch and archive rule out is not asked for. A question is at most: a few requirements, one
     * look at the allowlist, one hash.
     */
    private final String key;
    private final long revision;
    private final Requirement[] requirements;
    private final Rule rule;
    private final Outcomes outcomes;
    private final Outcome[] toAdmins;
    private final Outcome[] toOthers;

    CompiledFlag(FlagState flag, Requirement[] requirements, Rule rule, Outcomes outcomes) {
        this.key = flag.key();
        this.revision = flag.lastChange().revision();
        this.requirements = requirements;
        this.rule = rule;
        this.outcomes = outcomes;
        this.toAdmins = outcomes.of(rule.toAdmins());
        this.toOthers = outcomes.of(rule.toOthers());
    }

    public String key() {
        return key;
    }

    public long revision() {
        return revision;
    }

    /** Whether the subject has access. */
    public boolean isOpen(Subject subject) {
        for (Requirement requirement : requirements) {
            if (!requirement.holds(subject)) {
                return false;
            }
        }
        return rule.grants(subject);
    }

    /** The answer for a subject: one of those prepared, the same object each time. */
    public Outcome evaluate(Subject subject) {
        for (Requirement requirement : requirements) {
            if (!requirement.holds(subject)) {
                return requirement.otherwise();
            }
        }
        Outcome[] prepared = prepared(subject);
        return prepared.length == 1 ? prepared[0] : prepared[rule.onVariant(subject)];
    }

    private Outcome[] prepared(Subject subject) {
        if (subject.admin()) {
            return toAdmins;
        }
        if (rule.isListed(subject)) {
            return outcomes.of(Reason.ALLOWLIST);
        }
        return rule.isDrawn(subject) ? outcomes.of(Reason.PERCENTAGE) : toOthers;
    }

    /** The answer for a subject with everything that led to it, as of this position. */
    Decision decide(Subject subject, long sequence, Instant at, boolean stale) {
        Outcome outcome = evaluate(subject);
        return new Decision(
                key,
                outcome.granted(),
                outcome.reason(),
                outcome.variant(),
                outcome.value(),
                outcome.parent(),
                outcome.reason() == Reason.ALLOWLIST ? rule.entry(subject) : null,
                rule.bucket(subject),
                revision,
                sequence,
                at,
                stale);
    }

    Rule rule() {
        return rule;
    }

    Outcomes outcomes() {
        return outcomes;
    }
}
