package io.flagledger.sdk.openfeature;

import dev.openfeature.sdk.ImmutableMetadata;
import dev.openfeature.sdk.ImmutableMetadata.ImmutableMetadataBuilder;
import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Reason;
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
     * @param flag as of the position of the answer
     */
    static String reason(Reason reason, boolean stale, FlagState flag) {
        if (stale) {
            return STALE;
        }
        return switch (reason) {
            case ARCHIVED, KILLED -> "DISABLED";
            case ADMIN, ALLOWLIST -> "TARGETING_MATCH";
            case PERCENTAGE -> "SPLIT";
            case GENERALLY_AVAILABLE -> flag.variants().on().size() > 1 ? "SPLIT" : "STATIC";
            case PARENT, STAGE, UNKNOWN_FLAG -> "DEFAULT";
        };
    }

    /** What has no place of its own in OpenFeature and is the same for every subject with this outcome. */
    static ImmutableMetadataBuilder metadata(
            Reason reason, long revision, long sequence, boolean stale, @Nullable String parent) {
        ImmutableMetadataBuilder metadata = ImmutableMetadata.builder()
                .addString("reason", reason.name())
                .addLong("revision", revision)
                .addLong("sequence", sequence)
                .addBoolean("stale", stale);
        addIfThere(metadata, "parent", parent);
        return metadata;
    }

    /** All that led to the decision and has no place of its own in OpenFeature. */
    static ImmutableMetadata metadata(Decision decision) {
        ImmutableMetadataBuilder metadata = metadata(
                decision.reason(), decision.revision(), decision.sequence(), decision.stale(), decision.parent());
        if (decision.bucket() != null) {
            metadata.addInteger("bucket", decision.bucket());
        }
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
