package io.flagledger.projector;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/** Keys that sort as the stores need them: an environment's entries together, events by sequence. */
final class StoreKeys {
    private static final byte END_OF_NAME = 0; // below every character that a name may have

    private StoreKeys() {}

    static Bytes environment(String environment) {
        return Bytes.wrap(environment.getBytes(StandardCharsets.UTF_8));
    }

    static Bytes flag(String environment, String flag) {
        byte[] name = flag.getBytes(StandardCharsets.UTF_8);
        return Bytes.wrap(prefix(environment, name.length).put(name).array());
    }

    static Bytes event(String environment, long sequence) {
        return Bytes.wrap(prefix(environment, Long.BYTES).putLong(sequence).array());
    }

    /** Below every flag of the environment. */
    static Bytes firstFlag(String environment) {
        return Bytes.wrap(prefix(environment, 0).array());
    }

    /** Above every flag of the environment. */
    static Bytes lastFlag(String environment) {
        return Bytes.wrap(prefix(environment, 1).put((byte) 0x7f).array());
    }

    static String environment(Bytes key) {
        return new String(key.get(), StandardCharsets.UTF_8);
    }

    private static ByteBuffer prefix(String environment, int more) {
        byte[] name = environment.getBytes(StandardCharsets.UTF_8);
        return ByteBuffer.allocate(name.length + 1 + more).put(name).put(END_OF_NAME);
    }
}
