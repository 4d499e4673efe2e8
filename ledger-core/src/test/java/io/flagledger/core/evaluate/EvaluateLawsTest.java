package io.flagledger.core.evaluate;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.Histories;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** What holds for the answers at the end of every history, tried on {@value Histories#COUNT} random ones. */
class EvaluateLawsTest {
    private static final int SUBJECTS = 5;

    @Test
    void whatIsPreparedAnswersAsTheRulesRead() {
        Histories.obey(Histories.many(), history -> {
            CompiledEnvironment compiled = CompiledEnvironment.of(history.end());
            Reference reference = new Reference(history.end());
            List<String> flags = new ArrayList<>(history.end().flags().sortedKeys());
            flags.add("nowhere");
            for (Subject subject : Histories.subjects(history.random(), SUBJECTS)) {
                for (String flag : flags) {
                    Decision decision = reference.decide(flag, subject, false);
                    assertThat(compiled.decide(flag, subject, false)).isEqualTo(decision);
                    CompiledFlag known = compiled.flag(flag);
                    assertThat(known != null && known.isOpen(subject)).isEqualTo(decision.granted());
                }
            }
        });
    }

    @Test
    void preparingOnlyWhatChangedAnswersAsPreparingAll() {
        Histories.obey(Histories.many(), history -> {
            CompiledEnvironment live = CompiledEnvironment.of(EnvironmentState.empty("gastown-test"));
            EnvironmentState state = live.state();
            Set<String> changed = new TreeSet<>();
            for (Recorded event : history.events()) {
                state = Fold.apply(state, event);
                changed.add(event.event().flag());
                if (state.isWhole()) {
                    live = live.next(state, changed);
                    changed.clear();
                }
            }
            CompiledEnvironment fresh = CompiledEnvironment.of(history.end());
            for (Subject subject : Histories.subjects(history.random(), SUBJECTS)) {
                for (String flag : history.end().flags().sortedKeys()) {
                    assertThat(live.decide(flag, subject, false)).isEqualTo(fresh.decide(flag, subject, false));
                }
            }
        });
    }
}
