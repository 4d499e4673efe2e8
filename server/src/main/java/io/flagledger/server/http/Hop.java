package io.flagledger.server.http;

import io.javalin.http.Context;

/** Whether a request comes from a client, or was handed on by another instance and to whom. */
enum Hop {
    NONE,
    /** To any instance that has the projector's role. */
    TO_PROJECTOR,
    /** To the one that must answer by itself. */
    TO_OWNER;

    static final String HEADER = "Ledger-Hop";

    static Hop of(Context context) {
        String said = context.header(HEADER);
        if (said == null) {
            return NONE;
        }
        return said.equals(TO_PROJECTOR.name()) ? TO_PROJECTOR : TO_OWNER;
    }
}
