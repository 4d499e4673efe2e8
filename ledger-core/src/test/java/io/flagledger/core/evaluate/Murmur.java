package io.flagledger.core.evaluate;

import java.nio.charset.StandardCharsets;

/** MurmurHash3 (x86, 32 bit, seed 0) as its description reads: over an array of bytes, block by block. */
final class Murmur {
    private Murmur() {}

    /** The bucket by the documented formula. */
    static long bucket(String text, long total) {
        return (hash(text.getBytes(StandardCharsets.UTF_8)) * total) >>> 32;
    }

    /** The hash as an unsigned number. */
    static long hash(byte[] data) {
        int hash = 0;
        int whole = data.length / 4 * 4;
        for (int i = 0; i < whole; i += 4) {
            hash ^= scramble(littleEndian(data, i, i + 4));
            hash = Integer.rotateLeft(hash, 13);
            hash = hash * 5 + 0xe6546b64;
        }
        hash ^= scramble(littleEndian(data, whole, data.length));
        hash ^= data.length;
        hash ^= hash >>> 16;
        hash *= 0x85ebca6b;
        hash ^= hash >>> 13;
        hash *= 0xc2b2ae35;
        hash ^= hash >>> 16;
        return Integer.toUnsignedLong(hash);
    }

    private static int scramble(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int littleEndian(byte[] data, int from, int to) {
        int block = 0;
        for (int i = to - 1; i >= from; i--) {
            block = (block << 8) + (data[i] & 0xff);
        }
        return block;
    }
}
