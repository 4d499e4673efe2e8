package io.flagledger.core.evaluate;

import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A flag made ready for evaluation, together with the parents that it had at the same position. Immutable; any number
 * of threads may ask it at once. {@link #evaluate} allocates nothing, takes no lock and makes no call.
 */
@SuppressWarnings("EnumOrdinal") // an index into an array of this process, never kept; an EnumMap would be slower
public final class CompiledFlag {
    /*
     * Prepare at load, choose at call: every answer that the flag can give exists before the first question.
     *
     * Parents are flattened: a flag keeps one list of requirements, which are its ancestors' own rules in the order of a
     * depth-first walk, each ancestor once. So an evaluation never recurses, and sixteen levels of sixteen parents, each
     * the child of all those above, cost 256 checks and not 16^16. Each requirement remembers the direct parent through
     * which it was first met. Since the walk finishes one parent's ancestors before it turns to the next parent, the
     * first requirement that fails was met through the first direct parent that denies access: the one to name.
     */
    private static final Reason[] GRANTED = {
        Reason.ADMIN, Reason.ALLOWLIST, Reason.PERCENTAGE, Reason.GENERALLY_AVAILABLE
    };

    private final String key;
    private final long revision;
    private final Rule rule;
    private final Requirement[] requirements;
    private final Outcome[][] granted;
    private final Outcome archived;
    private final Outcome killed;
    private final Outcome stage;

    private CompiledFlag(FlagState flag, Rule rule, Requirement[] requirements) {
        this.key = flag.key();
        this.revision = flag.lastChange().revision();
        this.rule = rule;
        this.requirements = requirements;
        this.granted = new Outcome[Reason.values().length][];
        for (Reason reason : GRANTED) {
            granted[reason.ordinal()] = flag.variants().on().stream()
                    .map(on -> outcome(flag, reason, on.variant(), null))
                    .toArray(Outcome[]::new);
        }
        this.archived = off(flag, Reason.ARCHIVED, null);
        this.killed = off(flag, Reason.KILLED, null);
        this.stage = off(flag, Reason.STAGE, null);
    }

    /**
     * Prepares a flag of this state.
     *
     * @param rules of all flags, as of the same position
     */
    static CompiledFlag of(FlagState flag, EnvironmentState state, FlagMap<Rule> rules) {
        List<Requirement> requirements = new ArrayList<>();
        Set<Parent> met = new HashSet<>();
        for (Parent parent : flag.parents()) {
            require(parent, off(flag, Reason.PARENT, parent.flag()), state, rules, met, requirements);
        }
        return new CompiledFlag(flag, rule(rules, flag.key()), requirements.toArray(Requirement[]::new));
    }

    public String key() {
        return key;
    }

    public long revision() {
        return revision;
    }

    /** Whether the subject has access. */
    public boolean isOpen(Subject subject) {
        return evaluate(subject).granted();
    }

    /** The answer for a subject: one of those prepared, the same object each time. */
    public Outcome evaluate(Subject subject) {
        if (rule.isArchived()) {
            return archived;
        }
        for (Requirement requirement : requirements) {
            if (!requirement.holds(subject)) {
                return requirement.otherwise;
            }
        }
        Reason reason = rule.access(subject);
        if (reason == Reason.STAGE) {
            return stage;
        }
        return reason == Reason.KILLED ? killed : granted[reason.ordinal()][rule.onVariant(subject)];
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

    private static void require(
            Parent parent,
            Outcome otherwise,
            EnvironmentState state,
            FlagMap<Rule> rules,
            Set<Parent> met,
            List<Requirement> requirements) {
        FlagState flag = state.flags().get(parent.flag());
        if (flag == null) {
            throw new IllegalStateException(
                    "the fold lets no flag have a parent that does not exist, but here is " + parent);
        }
        if (!met.add(parent)) {
            return;
        }
        for (Parent above : flag.parents()) {
            require(above, otherwise, state, rules, met, requirements);
        }
        requirements.add(new Requirement(rule(rules, flag.key()), served(parent, flag.variants()), otherwise));
    }

    private static Rule rule(FlagMap<Rule> rules, String key) {
        Rule rule = rules.get(key);
        if (rule == null) {
            throw new IllegalStateException("there is no rule of " + key);
        }
        return rule;
    }

    private static boolean @Nullable [] served(Parent parent, Variants variants) {
        if (parent.variants().isEmpty()) {
            return null;
        }
        boolean[] served = new boolean[variants.on().size()];
        for (int i = 0; i < served.length; i++) {
            Weight on = variants.on().get(i);
            served[i] = parent.variants().contains(on.variant());
        }
        return served;
    }

    private static Outcome off(FlagState flag, Reason reason, @Nullable String parent) {
        return outcome(flag, reason, flag.variants().off(), parent);
    }

    private static Outcome outcome(FlagState flag, Reason reason, String variant, @Nullable String parent) {
        FlagValue value = flag.variants().values().get(variant);
        if (value == null) {
            throw new IllegalStateException(
                    "%s serves %s, which is none of its variants".formatted(flag.key(), variant));
        }
        return new Outcome(
                flag.key(), reason, variant, value, parent, flag.lastChange().revision());
    }

    /** An ancestor that must let the subject in, and where that is asked, serve one of some variants. */
    private static final class Requirement {
        private final Rule rule;
        private final boolean @Nullable [] served;
        private final Outcome otherwise;

        Requirement(Rule rule, boolean @Nullable [] served, Outcome otherwise) {
            this.rule = rule;
            this.served = served;
            this.otherwise = otherwise;
        }

        boolean holds(Subject subject) {
            return rule.access(subject).granted() && (served == null || served[rule.onVariant(subject)]);
        }
    }
}
