package io.flagledger.core.fuzz;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Bad input, always the same for the same seed: sound samples that were cut, doubled, mixed, bent and sown with what parsers
 * stumble over. Whoever reads it must read it or refuse it with one of the errors that it promises, and with no other.
 *
 * <p>A share of it runs in each build; the system property {@value #INPUTS} says how many inputs each test is to take.
 */
public final class Fuzz {
    /** System property: how many inputs a test takes. */
    public static final String INPUTS = "flagledger.fuzz.inputs";

    private static final int SHARE = 4_000;
    private static final List<String> TOKENS = List.of(
            "{",
            "}",
            "[",
            "]",
            "[[[[[[[[",
            "\"",
            "\\",
            "\\u0000",
            "\\ud800",
            ":",
            ",",
            "null",
            "true",
            "-0",
            "1e999",
            "1E-400",
            "NaN",
            "9223372036854775808",
            "-9223372036854775809",
            "0x1",
            "'",
            "#",
            "?",
            "%00",
            "../",
            "\r\n",
            "\r\n\r\n",
            "\u0000",
            "\ufeff",
            "\u202e",
            "🐢",
            "/*",
            "-----BEGIN",
            "-----END",
            "=",
            "==",
            ".",
            "..",
            "alg",
            "none",
            "HS256",
            "crit",
            "kid",
            "exp",
            "T",
            "Z",
            "+99:99",
            "P1D",
            "w",
            "d");

    private final SplittableRandom random;
    private final List<byte[]> samples;

    public Fuzz(long seed, List<byte[]> samples) {
        this.random = new SplittableRandom(seed);
        this.samples = List.copyOf(samples);
    }

    /** The same, of texts. */
    public static Fuzz ofTexts(long seed, List<String> samples) {
        return new Fuzz(
                seed,
                samples.stream()
                        .map(text -> text.getBytes(StandardCharsets.UTF_8))
                        .toList());
    }

    /** How many inputs a test takes in this build. */
    public static int inputs() {
        return Integer.getInteger(INPUTS, SHARE);
    }

    /**
     * Feeds a reader.
     *
     * @param promised the errors that it may throw
     * @return how many inputs were refused
     */
    @SafeVarargs
    @SuppressWarnings("varargs")
    public final int feed(int inputs, Reader reader, Class<? extends Exception>... promised) {
        int refused = 0;
        for (int i = 0; i < inputs; i++) {
            byte[] input = next();
            try {
                reader.read(input);
            } catch (Throwable e) {
                if (Arrays.stream(promised).noneMatch(kind -> kind.isInstance(e))) {
                    throw new AssertionError(
                            "input %d is answered by %s, which nobody promised: %s (%s)"
                                    .formatted(
                                            i,
                                            e,
                                            new String(input, StandardCharsets.UTF_8),
                                            HexFormat.of().formatHex(input)),
                            e);
                }
                refused++;
            }
        }
        return refused;
    }

    /** The next input. */
    public byte[] next() {
        byte[] made = sample();
        for (int left = 1 + random.nextInt(6); left > 0; left--) {
            made = bent(made);
        }
        return made;
    }

    private byte[] bent(byte[] bytes) {
        int at = random.nextInt(bytes.length + 1);
        int end = Math.min(bytes.length, at + 1 + random.nextInt(1 + bytes.length / 4));
        return switch (random.nextInt(9)) {
            case 0 -> Arrays.copyOf(bytes, at);
            case 1 -> joined(bytes, 0, at, new byte[0], bytes, end);
            case 2 -> joined(bytes, 0, end, new byte[0], bytes, at);
            case 3 -> joined(bytes, 0, at, noise(), bytes, at);
            case 4 -> joined(bytes, 0, at, token(), bytes, random.nextBoolean() ? at : end);
            case 5 -> {
                byte[] other = sample();
                yield joined(bytes, 0, at, new byte[0], other, random.nextInt(other.length + 1));
            }
            case 6 -> joined(bytes, 0, at, number(), bytes, Math.min(bytes.length, at + 1));
            default -> {
                byte[] flipped = bytes.clone();
                for (int left = 1 + random.nextInt(4); left > 0 && flipped.length > 0; left--) {
                    flipped[random.nextInt(flipped.length)] ^= (byte) (1 << random.nextInt(8));
                }
                yield flipped;
            }
        };
    }

    private byte[] sample() {
        return samples.get(random.nextInt(samples.size()));
    }

    private byte[] noise() {
        byte[] noise = new byte[random.nextInt(32)];
        random.nextBytes(noise);
        return noise;
    }

    private byte[] token() {
        return TOKENS.get(random.nextInt(TOKENS.size())).getBytes(StandardCharsets.UTF_8);
    }

    /** A huge or a negative number as Avro writes it: the length of a text or of an array, with some luck. */
    private byte[] number() {
        long number = random.nextBoolean() ? random.nextLong() : random.nextLong(1L << 33);
        List<Byte> bytes = new ArrayList<>();
        long zigzag = (number << 1) ^ (number >> 63);
        for (; (zigzag & ~0x7fL) != 0; zigzag >>>= 7) {
            bytes.add((byte) ((zigzag & 0x7f) | 0x80));
        }
        bytes.add((byte) zigzag);
        byte[] made = new byte[bytes.size()];
        for (int i = 0; i < made.length; i++) {
            made[i] = bytes.get(i);
        }
        return made;
    }

    private static byte[] joined(byte[] head, int from, int to, byte[] middle, byte[] tail, int rest) {
        byte[] made = Arrays.copyOf(Arrays.copyOfRange(head, from, to), to - from + middle.length + tail.length - rest);
        System.arraycopy(middle, 0, made, to - from, middle.length);
        System.arraycopy(tail, rest, made, to - from + middle.length, tail.length - rest);
        return made;
    }

    /** Reads what may be anything. */
    @FunctionalInterface
    public interface Reader {
        void read(byte[] input) throws Exception;
    }
}
