package io.flagledger.sdk;

/** The ledger ends before what was read of it: records were lost, or it is another one. */
final class LostRecordsException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    LostRecordsException(String message) {
        super(message);
    }
}
