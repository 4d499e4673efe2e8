package io.flagledger.core.codec;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** Bytes that are nearly right, always the same: what a bad disk, or somebody with bad intent, could leave in a topic. */
final class Garbage {
    private static final int HEADER = SingleObjectReader.HEADER_LENGTH;

    private final SplittableRandom random = new SplittableRandom(1);
    private final List<byte[]> sound;

    Garbage(List<byte[]> sound) {
        this.sound = sound;
    }

    /** Each must be read, or be refused as undecodable. */
    void forEach(int count, Consumer<byte[]> decode) {
        int refused = 0;
        for (int i = 0; i < count; i++) {
            byte[] bytes = next();
            try {
                decode.accept(bytes);
            } catch (UndecodableException e) {
                refused++;
            } catch (RuntimeException | Error e) {
                throw new AssertionError(
                        "input %d: %s".formatted(i, HexFormat.of().formatHex(bytes)), e);
            }
        }
        assertThat(refused).isGreaterThan(count / 2);
    }

    private byte[] next() {
        byte[] bytes = sound.get(random.nextInt(sound.size())).clone();
        switch (random.nextInt(5)) {
            case 0 -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return noise;
            }
            case 1 -> {
                byte[] noise = new byte[random.nextInt(200)];
                random.nextBytes(noise);
                return withBody(bytes, noise);
            }
            case 2 -> bytes[HEADER + random.nextInt(bytes.length - HEADER)] = (byte) random.nextInt(256);
            case 3 -> {
                for (int i = 1 + random.nextInt(4); i > 0; i--) {
                    bytes[HEADER + random.nextInt(bytes.length - HEADER)] ^= (byte) (1 << random.nextInt(8));
                }
            }
            default -> {
                return withLength(bytes);
            }
        }
        return bytes;
    }

    /** A huge, or a negative, number somewhere: the length of a text or an array, sometimes. */
    private byte[] withLength(byte[] bytes) {
        int at = HEADER + random.nextInt(bytes.length - HEADER);
        ByteBuffer made = ByteBuffer.allocate(bytes.length + 10).put(bytes, 0, at);
        long number = random.nextBoolean() ? random.nextLong() : random.nextLong(1L << 33);
        long zigzag = (number << 1) ^ (number >> 63);
        while ((zigzag & ~0x7fL) != 0) {
            made.put((byte) ((zigzag & 0x7f) | 0x80));
            zigzag >>>= 7;
        }
        made.put((byte) zigzag).put(bytes, at + 1, bytes.length - at - 1);
        return Arrays.copyOf(made.array(), made.position());
    }

    private static byte[] withBody(byte[] bytes, byte[] body) {
        byte[] made = Arrays.copyOf(bytes, HEADER + body.length);
        System.arraycopy(body, 0, made, HEADER, body.length);
        return made;
    }
}
