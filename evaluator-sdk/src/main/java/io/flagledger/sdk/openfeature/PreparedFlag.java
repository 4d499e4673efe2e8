package io.flagledger.sdk.openfeature;

import io.flagledger.core.evaluate.CompiledFlag;
import io.flagledger.core.evaluate.Outcome;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.fold.FlagState;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A flag of one cut, with those of its answers that somebody has been given. */
final class PreparedFlag {
    private final FlagState state;
    private final CompiledFlag compiled;
    private final long sequence;
    private final boolean stale;
    private volatile PreparedAnswer[] answers = {};

    PreparedFlag(FlagState state, CompiledFlag compiled, long sequence, boolean stale) {
        this.state = state;
        this.compiled = compiled;
        this.sequence = sequence;
        this.stale = stale;
    }

    PreparedAnswer answer(Subject subject) {
        Outcome outcome = compiled.evaluate(subject);
        PreparedAnswer found = find(outcome);
        return found == null ? prepare(outcome) : found;
    }

    @SuppressWarnings("ReferenceEquality") // a flag gives the same few objects again and again
    private @Nullable PreparedAnswer find(Outcome outcome) {
        for (PreparedAnswer answer : answers) {
            if (answer.outcome() == outcome) {
                return answer;
            }
        }
        return null;
    }

    private synchronized PreparedAnswer prepare(Outcome outcome) {
        PreparedAnswer[] before = answers;
        PreparedAnswer made = new PreparedAnswer(
                outcome,
                Answers.reason(outcome.reason(), stale, state),
                Answers.metadata(outcome.reason(), compiled.revision(), sequence, stale, outcome.parent())
                        .build());
        PreparedAnswer[] after = Arrays.copyOf(before, before.length + 1);
        after[before.length] = made;
        answers = after;
        return made;
    }
}
