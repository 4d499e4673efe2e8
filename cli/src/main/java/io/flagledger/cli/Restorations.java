package io.flagledger.cli;

import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.FlagState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What restorations did to who has access, which their revision alone does not tell.
 *
 * @param before the restored flags by the sequence of the restoration, as they were before it
 */
record Restorations(Map<Long, FlagState> before) {

    /** Looks up what was before the restorations among these events, if there are any. */
    static Restorations of(Ledger ledger, List<Recorded> events) {
        Map<Long, String> restored = new HashMap<>();
        for (Recorded recorded : events) {
            if (recorded.event().change() instanceof Change.FlagRestored) {
                restored.put(recorded.event().sequence(), recorded.event().flag());
            }
        }
        Map<Long, FlagState> before = new HashMap<>();
        if (!restored.isEmpty()) {
            try {
                ledger.read(event -> {
                    String flag = restored.get(event.after().sequence() + 1);
                    FlagState state =
                            flag == null ? null : event.after().flags().get(flag);
                    if (state != null) {
                        before.put(event.after().sequence() + 1, state);
                    }
                });
            } catch (Complaint e) {
                // It is done all the same, and may be told in fewer words.
                before.clear();
            }
        }
        return new Restorations(before);
    }

    /** What the event did, as the end of a sentence; nothing if it was no restoration, or one without such an effect. */
    String effect(Recorded recorded) {
        FlagState was = before.get(recorded.event().sequence());
        return was != null
                        && recorded.event().change() instanceof Change.FlagRestored restored
                        && restored.definition() != null
                ? effect(was, restored.definition())
                : "";
    }

    static String effect(FlagState was, Definition is) {
        List<String> effects = new ArrayList<>();
        if (was.killSwitch() != is.killSwitch()) {
            effects.add(
                    is.killSwitch() == KillSwitch.RELEASED
                            ? "its kill switch, which was engaged (%s), is released".formatted(was.killSwitch())
                            : "its kill switch is engaged (%s)".formatted(is.killSwitch()));
        }
        String stage = Words.stage(was.stage(), was.percentage());
        String now = Words.stage(is.stage(), is.percentage());
        if (!stage.equals(now)) {
            effects.add("its stage goes from %s to %s".formatted(stage, now));
        }
        if (was.archived() != is.archived()) {
            effects.add(is.archived() ? "it is archived" : "it is no longer archived");
        }
        return effects.isEmpty() ? "" : ": " + String.join(", ", effects);
    }
}
