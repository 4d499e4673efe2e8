package io.flagledger.server.ofrep;

/** A request that OFREP answers with a failure. */
public final class OfrepException extends RuntimeException {
    private final Code code;

    public OfrepException(Code code, String message) {
        super(message);
        this.code = code;
    }

    public Code code() {
        return code;
    }

    /** What OFREP calls it, and the status that goes with it. */
    public enum Code {
        /** The body is not what OFREP says it is. */
        PARSE_ERROR(400),
        /** Something in the context is of another type than expected. */
        INVALID_CONTEXT(400),
        /** There is no such flag. */
        FLAG_NOT_FOUND(404),
        /** Any other mistake of the client's. */
        GENERAL(400);

        private final int status;

        Code(int status) {
            this.status = status;
        }

        public int status() {
            return status;
        }
    }
}
