package io.flagledger.projector;

import io.flagledger.core.codec.Head;
import io.flagledger.core.fold.EnvironmentState;

/** Who is told what is folded, on the stream thread, when the store has it and before Kafka has committed it. */
interface Watchers {

    /** An environment stands at this whole state, be it read back or new. */
    void folded(EnvironmentState state);

    /** A batch has brought an environment to this head. */
    void told(Head head);

    /** A record of the events topic has been gone through, whatever came of it. */
    void seen(int partition, long offset);

    /** An environment is folded here no more. */
    void forgotten(String environment);
}
