package io.flagledger.core.fold;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.Variants;
import java.util.List;
import java.util.function.Consumer;

/** A definition being written: mutable, and gone when the fold has taken its step. */
final class Draft {
    Details details;
    Variants variants;
    Bucketing bucketing;
    Stage stage;
    Percentage percentage;
    Allowlist allowlist;
    KillSwitch killSwitch;
    List<Parent> parents;
    boolean archived;

    private Draft(Definition of) {
        details = of.details();
        variants = of.variants();
        bucketing = of.bucketing();
        stage = of.stage();
        percentage = of.percentage();
        allowlist = of.allowlist();
        killSwitch = of.killSwitch();
        parents = of.parents();
        archived = of.archived();
    }

    /** The definition with what the edit changes in it. */
    static Definition edited(Definition before, Consumer<Draft> edit) {
        Draft draft = new Draft(before);
        edit.accept(draft);
        return new Definition(
                draft.details,
                draft.variants,
                draft.bucketing,
                draft.stage,
                draft.percentage,
                draft.allowlist,
                draft.killSwitch,
                draft.parents,
                draft.archived);
    }
}
