package io.flagledger.sdk.openfeature;

import dev.openfeature.sdk.ImmutableMetadata;
import io.flagledger.core.evaluate.Outcome;

/** An outcome in OpenFeature's words, without what differs from subject to subject. */
record PreparedAnswer(Outcome outcome, String reason, ImmutableMetadata metadata) {}
