package io.flagledger.projector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import org.apache.kafka.common.utils.Bytes;

/**
 * The keys of the one store, made so that what is asked for together lies together and in order.
 *
 * <pre>
 * h environment                                       its head
 * s environment                                       why it is stopped
 * e environment 00 sequence                           an event
 * f | a | k  environment 00 value 00 sequence         an event's entry in the index: by flag, actor (and whom it was done for), kind
 * d environment 00 day actor 00 kind                  how many changes
 * </pre>
 *
 * Sequences take 8 bytes and days 4, big-endian, so that they sort as numbers do.
 */
final class StoreKeys {
    private static final byte HEAD = 'h';
    private static final byte STOPPED = 's';
    private static final byte EVENT = 'e';
    private static final byte DAY = 'd';
    private static final byte END_OF_NAME = 0;
    private static final byte[] NUL = {(byte) 0xC0, (byte) 0x80
    }; // as in Java's modified UTF-8, and nowhere in the usual

    private StoreKeys() {}

    /** By what the index finds events. */
    enum Tag {
        FLAG('f'),
        ACTOR('a'),
        KIND('k');

        private final byte section;

        Tag(char section) {
            this.section = (byte) section;
        }
    }

    static Bytes head(String environment) {
        return key(HEAD, bytes(environment));
    }

    /** Below every head. */
    static Bytes firstHead() {
        return Bytes.wrap(new byte[] {HEAD});
    }

    /** Above every head. */
    static Bytes lastHead() {
        return Bytes.wrap(new byte[] {HEAD, 0x7f});
    }

    static String environmentOfHead(Bytes key) {
        return new String(key.get(), 1, key.get().length - 1, StandardCharsets.UTF_8);
    }

    static Bytes stopped(String environment) {
        return key(STOPPED, bytes(environment));
    }

    static Bytes event(String environment, long sequence) {
        return key(EVENT, bytes(environment), sequence(sequence));
    }

    /** One entry of the index. */
    static Bytes entry(Tag tag, String environment, String value, long sequence) {
        return key(tag.section, bytes(environment), bytes(value), sequence(sequence));
    }

    /** The sequence that a key of the index ends with. */
    static long sequenceOf(Bytes entry) {
        return ByteBuffer.wrap(entry.get()).getLong(entry.get().length - Long.BYTES);
    }

    static Bytes count(String environment, LocalDate day, String actor, String kind) {
        byte[] who = bytes(actor);
        return key(
                DAY,
                bytes(environment),
                ByteBuffer.allocate(Integer.BYTES + who.length)
                        .putInt(day(day))
                        .put(who)
                        .array(),
                bytes(kind));
    }

    /** Below every count of this day, and above all of the day before. */
    static Bytes firstCount(String environment, LocalDate day) {
        return key(
                DAY,
                bytes(environment),
                ByteBuffer.allocate(Integer.BYTES).putInt(day(day)).array());
    }

    /** What the key of a count says, with the number that was found under it. */
    static Activity.Count count(String environment, Bytes key, long changes) {
        ByteBuffer bytes = ByteBuffer.wrap(key.get());
        bytes.position(1 + bytes(environment).length + 1);
        LocalDate day = LocalDate.ofEpochDay(bytes.getInt());
        int from = bytes.position();
        int end = from;
        while (bytes.get(end) != END_OF_NAME) {
            end++;
        }
        return new Activity.Count(day, text(key.get(), from, end), text(key.get(), end + 1, key.get().length), changes);
    }

    private static int day(LocalDate day) {
        return (int) Math.max(0, Math.min(Integer.MAX_VALUE, day.toEpochDay()));
    }

    /** The parts with a byte between them that no text has. */
    private static Bytes key(byte section, byte[]... parts) {
        int length = parts.length;
        for (byte[] part : parts) {
            length += part.length;
        }
        ByteBuffer key = ByteBuffer.allocate(length).put(section);
        for (int i = 0; i < parts.length; i++) {
            if (i > 0) {
                key.put(END_OF_NAME);
            }
            key.put(parts[i]);
        }
        return Bytes.wrap(key.array());
    }

    private static byte[] sequence(long sequence) {
        return ByteBuffer.allocate(Long.BYTES).putLong(sequence).array();
    }

    /** A text that {@link #bytes} wrote. */
    private static String text(byte[] key, int from, int end) {
        ByteBuffer plain = ByteBuffer.allocate(end - from);
        for (int i = from; i < end; i++) {
            if (key[i] == NUL[0]) {
                plain.put(END_OF_NAME);
                i++;
            } else {
                plain.put(key[i]);
            }
        }
        return new String(plain.array(), 0, plain.position(), StandardCharsets.UTF_8);
    }

    private static byte[] bytes(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        if (text.indexOf(0) < 0) {
            return bytes;
        }
        ByteBuffer escaped = ByteBuffer.allocate(bytes.length * NUL.length);
        for (byte b : bytes) {
            if (b == END_OF_NAME) {
                escaped.put(NUL);
            } else {
                escaped.put(b);
            }
        }
        byte[] all = new byte[escaped.position()];
        escaped.flip().get(all);
        return all;
    }
}
