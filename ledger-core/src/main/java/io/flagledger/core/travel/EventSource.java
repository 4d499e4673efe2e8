package io.flagledger.core.travel;

/** Where the events of an environment come from. */
@FunctionalInterface
public interface EventSource {

    /** Hands over each event so far, oldest first, until the visitor has seen enough. */
    void replay(Visitor visitor);

    /** Is handed one event after the other. */
    @FunctionalInterface
    interface Visitor {
        /** Takes the next event, and says whether to go on. */
        boolean take(Step step);
    }
}
