package io.flagledger.core.kafka;

import io.flagledger.core.command.Refusal;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Variants;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.MalformedException;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The last look at the values of OBJECT flags: one that is no JSON would stay in the ledger for ever. */
final class ObjectValues {
    private ObjectValues() {}

    static @Nullable Refusal refuse(Change change) {
        Variants variants = null;
        if (change instanceof Change.FlagCreated created) {
            variants = created.variants();
        } else if (change instanceof Change.VariantsDefined defined) {
            variants = defined.variants();
        }
        return variants == null ? null : refuse(change, variants);
    }

    private static @Nullable Refusal refuse(Change change, Variants variants) {
        for (Map.Entry<String, FlagValue> variant : variants.values().entrySet()) {
            if (variant.getValue() instanceof FlagValue.ObjectValue object) {
                try {
                    LedgerJson.readObject(object.json());
                } catch (MalformedException e) {
                    return new Refusal(
                            Refusal.Kind.WRONG_VALUE_TYPE,
                            "the value of the variant %s is no JSON object: %s"
                                    .formatted(variant.getKey(), e.getMessage()),
                            change);
                }
            }
        }
        return null;
    }
}
