package io.flagledger.core.json;

/** JSON that cannot be what it should be. The message says where (a JSON pointer), what was wrong, and what is expected. */
public final class MalformedException extends RuntimeException {
    private final String pointer;

    public MalformedException(String pointer, String message) {
        super((pointer.isEmpty() ? "the body" : pointer) + ": " + message);
        this.pointer = pointer;
    }

    /** Where, as a JSON pointer (RFC 6901); empty for the whole document. */
    public String pointer() {
        return pointer;
    }
}
