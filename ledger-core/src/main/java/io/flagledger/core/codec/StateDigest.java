package io.flagledger.core.codec;

import io.flagledger.core.event.Digest;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;

/** One line for all flags of an environment, by which any two holders of the same position can compare what they hold. */
public final class StateDigest {
    /*
     * SHA-256 over the Avro body of each flag's FlagState (the record inside the state topic's StateRecord, without that
     * envelope, without the index of its union and without framing), one behind the other, sorted by key. A body ends
     * by itself, so nothing stands between two. Avro leaves one choice to a writer, how an array is cut into blocks;
     * here it is one block of all items, whose count is positive, and then 0. An empty array is 0 alone.
     */
    private static final SpecificDatumWriter<io.flagledger.wire.FlagState> WRITER =
            new SpecificDatumWriter<>(io.flagledger.wire.FlagState.getClassSchema(), WireModel.INSTANCE);

    private StateDigest() {}

    /** The digest of all flags of this state, archived ones included; that of no bytes if there is none. */
    public static Digest of(EnvironmentState state) {
        MessageDigest sha256 = sha256();
        try (OutputStream out = new DigestOutputStream(OutputStream.nullOutputStream(), sha256)) {
            BinaryEncoder body = EncoderFactory.get().directBinaryEncoder(out, null);
            for (FlagState flag : state.flags().sortedValues()) {
                WRITER.write(StateCodec.toWire(flag), body);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        return Digest.from(sha256.digest());
    }

    private static MessageDigest sha256() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new AssertionError("every Java platform has SHA-256", e);
        }
    }
}
