package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Hands a part of all answers to somebody who wants to know. */
record Exposures(ExposureListener listener, double sampleRate) {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");

    Exposures {
        requireNonNull(listener, "listener");
        if (!(sampleRate >= 0 && sampleRate <= 1)) {
            throw new IllegalArgumentException("a sample rate lies between 0 and 1 but this one is " + sampleRate);
        }
    }

    void perhaps(Subject subject, Supplier<Decision> decision) {
        if (ThreadLocalRandom.current().nextDouble() < sampleRate) {
            try {
                listener.exposed(subject, decision.get());
            } catch (RuntimeException | Error e) { // whoever asked a flag must get an answer
                log.warn("the listener for exposures failed", e);
            }
        }
    }
}
