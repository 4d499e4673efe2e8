package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.CompiledEnvironment;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagMap;
import io.flagledger.core.fold.FlagState;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Which flags do something else when answers have been stale for too long.
 *
 * @param after how long that is
 * @param modes by flag key
 */
record FailModes(Duration after, Map<String, FailMode> modes) {
    static final FailModes NONE = new FailModes(Duration.ofMinutes(5), Map.of());

    FailModes {
        requireNonNull(after, "after");
        modes = Map.copyOf(modes);
    }

    FailModes with(String flag, FailMode mode) {
        Map<String, FailMode> all = new HashMap<>(modes);
        if (mode == FailMode.LAST_KNOWN) {
            all.remove(flag);
        } else {
            all.put(flag, mode);
        }
        return new FailModes(after, all);
    }

    /** The keys of the flags that do something else. */
    Set<String> flags() {
        return modes.keySet();
    }

    /** The keys of the flags that are taken to be unknown. */
    Set<String> unknown() {
        return modes.entrySet().stream()
                .filter(mode -> mode.getValue() == FailMode.CODE_DEFAULT)
                .map(Map.Entry::getKey)
                .collect(Collectors.toUnmodifiableSet());
    }

    /**
     * The flags as they are served when it has been too long. One that is taken to be unknown is archived here, so that
     * its children are denied with it.
     */
    CompiledEnvironment applied(CompiledEnvironment known) {
        EnvironmentState state = known.state();
        FlagMap<FlagState> flags = state.flags();
        for (Map.Entry<String, FailMode> mode : modes.entrySet()) {
            FlagState flag = flags.get(mode.getKey());
            if (flag != null) {
                flags = flags.with(flag.key(), applied(flag, mode.getValue()));
            }
        }
        return known.next(
                new EnvironmentState(
                        state.environment(), state.sequence(), state.digest(), state.ledgerTime(), 0, flags),
                modes.keySet());
    }

    private static FlagState applied(FlagState flag, FailMode mode) {
        Definition was = flag.definition();
        Definition now = new Definition(
                was.details(),
                was.variants(),
                was.bucketing(),
                Stage.ADMIN_ONLY,
                Percentage.ZERO,
                was.allowlist(),
                was.killSwitch(),
                was.parents(),
                was.archived() || mode == FailMode.CODE_DEFAULT);
        return new FlagState(flag.key(), flag.type(), now, flag.lastChange());
    }
}
