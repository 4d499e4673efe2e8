package io.flagledger.cli;

/** What the program's exit status says; part of the contract. */
final class Exit {
    static final int DONE = 0;
    /** The ledger refused, or does not know what was asked for. */
    static final int REFUSED = 1;

    static final int USAGE = 2;
    static final int UNREACHABLE = 3;
    /** The ledger, or a checkpoint of it, is not what it should be. */
    static final int UNSOUND = 4;

    private Exit() {}
}
