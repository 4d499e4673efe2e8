package io.flagledger.core.kafka;

/** Is handed one event after the other. */
@FunctionalInterface
public interface EventVisitor {
    /** Takes the next event, and says whether to go on. */
    boolean visit(EventRecord event);
}
