package io.flagledger.core.kafka;

/** A topic is not what a ledger needs. The message says how, and which command mends it. */
public final class WrongTopicException extends RuntimeException {
    WrongTopicException(String message) {
        super(message);
    }
}
