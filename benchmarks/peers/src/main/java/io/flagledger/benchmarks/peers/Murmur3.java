package io.flagledger.benchmarks.peers;

/** MurmurHash3 x86 32-bit straight over a Latin-1 String's chars, no allocation. */
public final class Murmur3 {
    private Murmur3() {}

    public static int hash(String s, int seed) {
        int h = seed;
        int len = s.length();
        int i = 0;
        for (; i + 4 <= len; i += 4) {
            int k = (s.charAt(i) & 0xff)
                    | (s.charAt(i + 1) & 0xff) << 8
                    | (s.charAt(i + 2) & 0xff) << 16
                    | s.charAt(i + 3) << 24;
            k *= 0xcc9e2d51;
            k = Integer.rotateLeft(k, 15);
            k *= 0x1b873593;
            h ^= k;
            h = Integer.rotateLeft(h, 13);
            h = h * 5 + 0xe6546b64;
        }
        int k = 0;
        switch (len & 3) {
            case 3:
                k ^= (s.charAt(i + 2) & 0xff) << 16; // fall through
            case 2:
                k ^= (s.charAt(i + 1) & 0xff) << 8; // fall through
            case 1:
                k ^= s.charAt(i) & 0xff;
                k *= 0xcc9e2d51;
                k = Integer.rotateLeft(k, 15);
                k *= 0x1b873593;
                h ^= k;
            default:
        }
        h ^= len;
        h ^= h >>> 16;
        h *= 0x85ebca6b;
        h ^= h >>> 13;
        h *= 0xc2b2ae35;
        return h ^ h >>> 16;
    }

    /** 0..9999 */
    public static int bucket(String s, int seed) {
        return (int) ((hash(s, seed) & 0xffffffffL) * 10_000L >>> 32);
    }
}
