package io.flagledger.core.proof;

import java.util.List;

/**
 * What a ledger is held against.
 *
 * @param list whose signatures were checked; the more of them, the narrower the place where a ledger was rewritten
 * @param copy whether the ledger is a copy (a mirror, a restored backup) of the one that was signed: a copy has other
 *     times and another id, so these are not compared
 */
public record Checkpoints(List<Checkpoint> list, boolean copy) {
    public static final Checkpoints NONE = new Checkpoints(List.of(), false);

    public Checkpoints {
        list = List.copyOf(list);
    }
}
