package io.flagledger.core.event;

import static java.util.Objects.requireNonNull;

/** How large a share of those with access a variant gets: its weight over the sum of all weights of the flag. */
public record Weight(String variant, int weight) {
    public Weight {
        requireNonNull(variant, "variant");
    }
}
