package io.flagledger.sdk.openfeature;

import dev.openfeature.sdk.TrackingEventDetails;
import io.flagledger.core.evaluate.Subject;

/**
 * What a client told by {@code track}.
 *
 * @param event its name
 */
public record Tracked(String event, Subject subject, TrackingEventDetails details) {}
