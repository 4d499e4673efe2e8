package io.flagledger.sdk.openfeature;

import dev.openfeature.sdk.ImmutableMetadata;
import dev.openfeature.sdk.ImmutableMetadata.ImmutableMetadataBuilder;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.fold.FlagState;
import org.jspecify.annotations.Nullable;

/** A decision in OpenFeature's words. */
final class Answers {
    /** No constant of OpenFeature's own in this version, but a reason of its specification. */
    private static final String STALE = "STALE";

    private Answers() {}

    /**
     * OpenFeature's reason; {@link #metadata} holds our own.
     *
     * @param flag as of the position of the decision
     */
    static String reason(Decision decision, FlagState flag) {
        if (decision.stale()) {
            return STALE;
        }
        return switch (decision.reason()) {
            case ARCHIVED, KILLED -> "DISABLED";
            case ADMIN, ALLOWLIST -> "TARGETING_MATCH";
            case PERCENTAGE -> "SPLIT";
            case GENERALLY_AVAILABLE -> flag.variants().on().size() > 1 ? "SPLIT" : "STATIC";
            case PARENT, STAGE, UNKNOWN_FLAG -> "DEFAULT";
        };
    }

    /** All that led to the decision and has no place of its own in OpenFeature. */
    static ImmutableMetadata metadata(Decision decision) {
        ImmutableMetadataBuilder metadata = ImmutableMetadata.builder()
                .addString("reason", decision.reason().name())
                .addLong("revision", decision.revision())
                .addLong("sequence", decision.sequence())
                .addBoolean("stale", decision.stale());
        if (decision.bucket() != null) {
            metadata.addInteger("bucket", decision.bucket());
        }
        addIfThere(metadata, "parent", decision.parent());
        if (decision.entry() != null) {
            addIfThere(metadata, "entry.user", decision.entry().user());
            addIfThere(metadata, "entry.org", decision.entry().org());
        }
        return metadata.build();
    }

    private static void addIfThere(ImmutableMetadataBuilder metadata, String name, @Nullable String value) {
        if (value != null) {
            metadata.addString(name, value);
        }
    }
}
