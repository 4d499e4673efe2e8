package io.flagledger.core.evaluate;

import java.nio.charset.StandardCharsets;

/** Draws a bucket for a unit (a user or an org): the same one whenever the seed and the unit are the same. */
final class Draw {
    /*
     * bucket = (murmur3_x86_32(UTF-8(seed ++ unit), 0) as unsigned 32 bit * total) >>> 32, so 0 <= bucket < total.
     *
     * It is the formula of flagd's `fractional`, so that an in-process provider in any language agrees with us. All in
     * integers: a float share would make two languages, or two JITs, disagree about somebody on the boundary; and
     * scaling by a multiplication spreads 2^32 hashes over the total without the bias of a modulo. Ranges are half open,
     * so a percentage of p units owns exactly the buckets below p, and raising p only ever adds.
     *
     * The seed is hashed once, when the flag is compiled. A unit is then hashed from its characters, encoded to UTF-8 on
     * the way: no array, no string, nothing for the garbage collector. MurmurHash3 is Austin Appleby's, in the public
     * domain; the vectors in the tests are those that flagd's own evaluators gave.
     */
    private static final int REPLACEMENT = '?'; // what String.getBytes(UTF_8) writes for half of a surrogate pair

    private final int seedHash;
    private final int seedTail;
    private final int seedLength;
    private final long total;

    /**
     * @param total how many buckets there are, from 1 to 2^31-1
     */
    Draw(String seed, int total) {
        byte[] bytes = seed.getBytes(StandardCharsets.UTF_8);
        int hash = 0;
        int block = 0;
        for (int i = 0; i < bytes.length; i++) {
            block |= (bytes[i] & 0xff) << (i << 3);
            if ((i & 3) == 3) {
                hash = mix(hash, block);
                block = 0;
            }
        }
        this.seedHash = hash;
        this.seedTail = block;
        this.seedLength = bytes.length;
        this.total = total;
    }

    /** The unit's bucket, from 0 inclusive to the total exclusive. */
    int bucket(String unit) {
        return (int) ((Integer.toUnsignedLong(hash(unit)) * total) >>> 32);
    }

    /** Of ASCII, as ids are, four characters are a block, of which the seed's tail pushes some bytes into the next. */
    private int hash(String unit) {
        int hash = seedHash;
        int block = seedTail;
        int shift = (seedLength & 3) << 3;
        int i = 0;
        for (; i + 4 <= unit.length(); i += 4) {
            int first = unit.charAt(i);
            int second = unit.charAt(i + 1);
            int third = unit.charAt(i + 2);
            int fourth = unit.charAt(i + 3);
            if ((first | second | third | fourth) >= 0x80) {
                break;
            }
            int four = first | second << 8 | third << 16 | fourth << 24;
            hash = mix(hash, block | four << shift);
            block = four >>> 1 >>> (31 - shift); // nothing where nothing is pushed
        }
        return i == unit.length() ? end(hash, block, seedLength + i) : rest(unit, i, hash, block);
    }

    /** The hash when all before the i-th character is in it. */
    private int rest(String unit, int from, int hashed, int begun) {
        int hash = hashed;
        int block = begun;
        int length = seedLength + from;
        for (int i = from; i < unit.length(); i++) {
            int point = unit.charAt(i);
            if (Character.isSurrogate((char) point)) {
                point = unit.codePointAt(i);
                if (Character.isSupplementaryCodePoint(point)) {
                    i++;
                } else {
                    point = REPLACEMENT;
                }
            }
            int count = utf8Length(point);
            for (int bytes = utf8(point, count); count > 0; count--, bytes >>>= 8) {
                block |= (bytes & 0xff) << (length << 3);
                length++;
                if ((length & 3) == 0) {
                    hash = mix(hash, block);
                    block = 0;
                }
            }
        }
        return end(hash, block, length);
    }

    private static int utf8Length(int point) {
        return point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
    }

    /** The bytes of the character in UTF-8, the first in the lowest place. */
    private static int utf8(int point, int count) {
        return switch (count) {
            case 1 -> point;
            case 2 -> 0xc0 | point >>> 6 | following(point) << 8;
            case 3 -> 0xe0 | point >>> 12 | following(point >>> 6) << 8 | following(point) << 16;
            default ->
                0xf0
                        | point >>> 18
                        | following(point >>> 12) << 8
                        | following(point >>> 6) << 16
                        | following(point) << 24;
        };
    }

    /** The lowest six bits as a byte that follows a first one. */
    private static int following(int bits) {
        return 0x80 | (bits & 0x3f);
    }

    private static int mix(int hash, int block) {
        return Integer.rotateLeft(hash ^ scramble(block), 13) * 5 + 0xe6546b64;
    }

    private static int scramble(int block) {
        return Integer.rotateLeft(block * 0xcc9e2d51, 15) * 0x1b873593;
    }

    private static int end(int hash, int block, int length) {
        return avalanche(hash ^ scramble(block) ^ length);
    }

    private static int avalanche(int hash) {
        int mixed = (hash ^ hash >>> 16) * 0x85ebca6b;
        mixed = (mixed ^ mixed >>> 13) * 0xc2b2ae35;
        return mixed ^ mixed >>> 16;
    }
}
