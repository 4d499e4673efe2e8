package io.flagledger.benchmarks.chaos;

import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;

/** What every environment was at each position, as the writer was told. One thread adds, any number ask. */
final class KnownStates {
    private final Map<String, ConcurrentNavigableMap<Long, EnvironmentState>> states = new ConcurrentHashMap<>();
    private final Map<String, ConcurrentNavigableMap<Long, Recorded>> events = new ConcurrentHashMap<>();

    void add(String environment, List<Recorded> batch) {
        EnvironmentState state = last(environment);
        for (Recorded recorded : batch) {
            state = Fold.apply(state, recorded);
            events(environment).put(recorded.event().sequence(), recorded);
        }
        of(environment).put(state.sequence(), state);
    }

    /** The state of the last event that was acknowledged. */
    EnvironmentState last(String environment) {
        Map.Entry<Long, EnvironmentState> last = of(environment).lastEntry();
        return last == null ? EnvironmentState.empty(environment) : last.getValue();
    }

    /** The state at this position; of the inside of a batch, the one before it; null if that is not known yet. */
    @Nullable
    EnvironmentState at(String environment, long sequence) {
        if (sequence > last(environment).sequence()) {
            return null;
        }
        Map.Entry<Long, EnvironmentState> found = of(environment).floorEntry(sequence);
        return found == null ? EnvironmentState.empty(environment) : found.getValue();
    }

    /** The state at this position; null if no batch ends there, as far as is known. */
    @Nullable
    EnvironmentState whole(String environment, long sequence) {
        return sequence == 0
                ? EnvironmentState.empty(environment)
                : of(environment).get(sequence);
    }

    /** The events so far. */
    ConcurrentNavigableMap<Long, Recorded> events(String environment) {
        return events.computeIfAbsent(environment, name -> new ConcurrentSkipListMap<>());
    }

    private ConcurrentNavigableMap<Long, EnvironmentState> of(String environment) {
        return states.computeIfAbsent(environment, name -> new ConcurrentSkipListMap<>());
    }
}
