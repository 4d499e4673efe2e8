package io.flagledger.core.codec;

import io.flagledger.core.fold.FlagState;

/** What a record of the state topic holds: a flag, or the environment's head. */
public sealed interface StateEntry permits Head, StateEntry.Flag {
    String environment();

    /** A flag of an environment. */
    record Flag(String environment, FlagState state) implements StateEntry {}
}
