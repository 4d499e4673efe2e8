package io.flagledger.core.codec;

import static io.flagledger.core.codec.Wire.name;

import io.flagledger.core.event.Definition;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.fold.LastChange;
import io.flagledger.wire.EnvironmentHead;
import io.flagledger.wire.StateRecord;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.avro.message.BinaryMessageEncoder;
import org.jspecify.annotations.Nullable;

/** The state topic's records, in the same frame as events. Any number of threads may use it. */
public final class StateCodec {
    private static final BinaryMessageEncoder<StateRecord> ENCODER = StateRecord.getEncoder();
    private static final SingleObjectReader<StateRecord> READER = new SingleObjectReader<>(WireSchema.STATE);

    private StateCodec() {}

    /** The key of the Kafka record that holds this entry. */
    public static byte[] key(StateEntry entry) {
        String key = entry instanceof StateEntry.Flag flag
                ? entry.environment() + "/" + flag.state().key()
                : entry.environment();
        return key.getBytes(StandardCharsets.UTF_8);
    }

    /** The entry as bytes. */
    public static byte[] encode(StateEntry entry) {
        Object wire = entry instanceof StateEntry.Flag flag ? toWire(flag.state()) : toWire((Head) entry);
        try {
            ByteBuffer buffer = ENCODER.encode(new StateRecord(entry.environment(), wire));
            byte[] value = new byte[buffer.remaining()];
            buffer.get(value);
            return value;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The entry that these bytes hold.
     *
     * @param value null for a record that was deleted by a tombstone
     * @throws UndecodableException if this version cannot read it
     */
    public static StateEntry decode(byte @Nullable [] value) {
        if (value == null) {
            throw UndecodableException.deleted("a state record");
        }
        try {
            StateRecord wire = READER.read(value);
            return wire.getEntry() instanceof io.flagledger.wire.FlagState flag
                    ? new StateEntry.Flag(wire.getEnvironment(), fromWire(flag))
                    : fromWire(wire.getEnvironment(), (EnvironmentHead) wire.getEntry());
        } catch (UndecodableException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            throw new UndecodableException(
                    "this version of Flag Ledger can't read a state record of %d bytes, which is damaged or was written by a newer version: %s"
                            .formatted(value.length, e.getMessage()),
                    e);
        }
    }

    private static EnvironmentHead toWire(Head head) {
        return new EnvironmentHead(
                head.ledgerId(),
                head.sequence(),
                Wire.toWire(head.digest()),
                head.ledgerTime(),
                head.eventOffset(),
                head.flags());
    }

    private static Head fromWire(String environment, EnvironmentHead head) {
        return new Head(
                environment,
                head.getLedgerId(),
                head.getSequence(),
                Wire.fromWire(head.getDigest()),
                head.getLedgerTime(),
                head.getEventOffset(),
                head.getFlags());
    }

    static io.flagledger.wire.FlagState toWire(FlagState flag) {
        LastChange last = flag.lastChange();
        return new io.flagledger.wire.FlagState(
                flag.key(),
                name(io.flagledger.wire.ValueType.class, flag.type()),
                Wire.toWire(flag.details()),
                Wire.toWire(flag.variants()),
                Wire.toWire(flag.bucketing()),
                name(io.flagledger.wire.Stage.class, flag.stage()),
                flag.percentage().units(),
                Wire.toWire(flag.allowlist()),
                name(io.flagledger.wire.KillSwitch.class, flag.killSwitch()),
                Wire.toWire(flag.parents()),
                flag.archived(),
                last.revision(),
                last.sequence(),
                last.at(),
                Wire.toWire(last.by()),
                last.reason());
    }

    private static FlagState fromWire(io.flagledger.wire.FlagState flag) {
        return new FlagState(
                flag.getFlag().intern(),
                name(ValueType.class, flag.getType()),
                new Definition(
                        Wire.fromWire(flag.getDetails()),
                        Wire.fromWire(flag.getVariants()),
                        Wire.fromWire(flag.getBucketing()),
                        name(Stage.class, flag.getStage()),
                        new Percentage(flag.getPercentage()),
                        Wire.fromWire(flag.getAllowlist()),
                        name(KillSwitch.class, flag.getKillSwitch()),
                        Wire.fromWire(flag.getParents()),
                        flag.getArchived()),
                new LastChange(
                        flag.getRevision(),
                        flag.getSequence(),
                        flag.getChangedAt(),
                        Wire.fromWire(flag.getChangedBy()),
                        flag.getReason()));
    }
}
