package io.flagledger.core.proof;

/** A text is no key of the kind that is needed. The message never holds any of it, nor does a cause. */
public final class MalformedKeyException extends RuntimeException {
    MalformedKeyException(String message) {
        super(message);
    }
}
