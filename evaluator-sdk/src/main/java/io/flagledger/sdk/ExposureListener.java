package io.flagledger.sdk;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;

/**
 * Told who was given which answer: for experiments, or to see whether a flag is still asked for. Called on the thread
 * that asked, by many at once, so be quick. What it throws is logged and goes no further.
 */
@FunctionalInterface
public interface ExposureListener {
    void exposed(Subject subject, Decision decision);
}
