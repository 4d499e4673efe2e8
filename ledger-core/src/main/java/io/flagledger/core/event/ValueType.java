package io.flagledger.core.event;

/** The type of a flag's values; fixed when the flag is created. */
public enum ValueType {
    BOOLEAN,
    STRING,
    INTEGER,
    DOUBLE,
    /** A JSON object. */
    OBJECT
}
