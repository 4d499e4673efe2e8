package io.flagledger.projector;

import java.util.function.Function;

/** Opens archives, whoever holds the stores. */
interface Archives {

    /**
     * Asks an environment's archive.
     *
     * @throws HistoryUnavailableException if the store cannot be read, or was emptied meanwhile
     */
    <R> R ask(String environment, Function<Archive, R> question);
}
