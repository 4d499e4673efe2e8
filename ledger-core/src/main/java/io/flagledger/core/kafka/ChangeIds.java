package io.flagledger.core.kafka;

import java.util.function.LongPredicate;

/**
 * Where the command of a change id lies in a partition: offsets by a hash of the id, about 26 bytes an entry whatever the
 * id. It never misses one that was put in, and may name one too many: who asks reads the event there and compares. For
 * one thread.
 */
final class ChangeIds {
    private long[] hashes = new long[64]; // 0 where a slot is free
    private long[] offsets = new long[64];
    private int size;

    void put(String environment, String changeId, long offset) {
        if (4 * (size + 1) > 3 * hashes.length) {
            grow();
        }
        place(hash(environment, changeId), offset);
        size++;
    }

    /** The first of the offsets that may be the command's and turns out to be it; -1 if there is none. */
    long find(String environment, String changeId, LongPredicate isIt) {
        long hash = hash(environment, changeId);
        for (int slot = slot(hash); hashes[slot] != 0; slot = next(slot)) {
            if (hashes[slot] == hash && isIt.test(offsets[slot])) {
                return offsets[slot];
            }
        }
        return -1;
    }

    private void place(long hash, long offset) {
        int slot = slot(hash);
        while (hashes[slot] != 0) {
            slot = next(slot);
        }
        hashes[slot] = hash;
        offsets[slot] = offset;
    }

    private void grow() {
        long[] formerHashes = hashes;
        long[] formerOffsets = offsets;
        int slots = Math.addExact(formerHashes.length, formerHashes.length / 2);
        hashes = new long[slots];
        offsets = new long[slots];
        for (int i = 0; i < formerHashes.length; i++) {
            if (formerHashes[i] != 0) {
                place(formerHashes[i], formerOffsets[i]);
            }
        }
    }

    /** The upper half of the hash, scaled to the table. */
    private int slot(long hash) {
        return (int) (((hash >>> 32) * hashes.length) >>> 32);
    }

    private int next(int slot) {
        return slot + 1 == hashes.length ? 0 : slot + 1;
    }

    /** FNV-1a over the characters, then mixed (MurmurHash3's finalizer); never 0. */
    private static long hash(String environment, String changeId) {
        long hash = fnv(fnv(0xcbf29ce484222325L, environment) * 0x100000001b3L, changeId);
        hash = (hash ^ hash >>> 33) * 0xff51afd7ed558ccdL;
        hash = (hash ^ hash >>> 33) * 0xc4ceb9fe1a85ec53L;
        hash ^= hash >>> 33;
        return hash == 0 ? 1 : hash;
    }

    private static long fnv(long start, String text) {
        long hash = start;
        for (int i = 0; i < text.length(); i++) {
            hash = (hash ^ text.charAt(i)) * 0x100000001b3L;
        }
        return hash;
    }
}
