package io.flagledger.sdk;

import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.FoldException;
import io.flagledger.core.kafka.TopicFormat;
import java.time.Instant;
import java.util.HashSet;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is known of one environment: a state, how far in its partition that is, and how it goes on. For one thread. */
final class Knowledge {
    /*
     * Events are the fast path: one hop from the writer's commit. They are folded here, by the same fold as everywhere,
     * which notices a gap, a wrong predecessor or an event that this version cannot read. Then the fast path of this
     * environment is frozen, and the state topic brings it on: its flags are whole definitions that a projector, perhaps
     * of a newer version, has folded. The state is taken over only at the end of its topic, once all of the topic has been
     * read (see StateImage), after which the events are read on behind the head's offset. A projector that fills the topic
     * anew from an older point sends older heads, which are of no use and of no harm, until it is past what is known.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final long NOWHERE = -1;

    private final String environment;
    private final TopicFormat format;
    private final Set<String> changed = new HashSet<>();
    private EnvironmentState state;
    private long offset = NOWHERE;
    private boolean proven = true;
    private boolean doubtful;
    private @Nullable String frozen;

    Knowledge(FlagLedgerConfig config) {
        this.environment = config.environment();
        this.format = config.connection().format(config.topics().events(), WireSchema.EVENT);
        this.state = EnvironmentState.empty(environment);
    }

    /** Believes a snapshot until an event tells otherwise. */
    void startFrom(Snapshot snapshot) {
        state = snapshot.state();
        offset = snapshot.eventOffset();
        proven = false;
    }

    void forget() {
        state = EnvironmentState.empty(environment);
        offset = NOWHERE;
        changed.clear();
        proven = true;
        thaw();
    }

    /**
     * Takes an event in, if it is one of this environment and not known yet.
     *
     * @throws FoldException if it does not continue a snapshot that no event has continued before
     */
    void take(ConsumerRecord<byte[], byte[]> event) {
        // What is known needs no reading again, be it a mirrored duplicate or one that this version can't read.
        if (frozen != null || !isOurs(event) || EventCodec.sequenceOf(event.key()) <= state.sequence()) {
            return;
        }
        try {
            Recorded recorded = EventCodec.decode(format.read(event.value()), Instant.ofEpochMilli(event.timestamp()));
            state = Fold.apply(state, recorded);
            offset = event.offset();
            changed.add(recorded.event().flag());
            proven = true;
        } catch (UndecodableException e) {
            freeze(event, e);
        } catch (FoldException e) {
            if (!proven) {
                throw e;
            }
            doubtful = true;
            freeze(event, e);
        }
    }

    private void freeze(ConsumerRecord<byte[], byte[]> event, RuntimeException why) {
        frozen = String.valueOf(why.getMessage());
        log.warn(
                "events of {} are not taken any more until the state topic is past offset {}: {}",
                environment,
                event.offset(),
                why.getMessage());
    }

    /** Goes over to what the state topic says, read to its end; false if that is no newer or can't be believed. */
    boolean takeOver(StateImage image) {
        Head head = image.newerThan(state);
        EnvironmentState newer = image.over(state);
        if (head == null || newer == null) {
            return false;
        }
        changed.addAll(image.flags().keySet());
        state = newer;
        offset = head.eventOffset();
        return true;
    }

    /** Takes events again. */
    void thaw() {
        frozen = null;
        doubtful = false;
    }

    boolean isOurs(ConsumerRecord<byte[], byte[]> any) {
        return EventCodec.environmentOf(any.key()).equals(environment);
    }

    EnvironmentState state() {
        return state;
    }

    /** Whether anything is known, be it that there are no flags. */
    boolean isSomewhere() {
        return offset != NOWHERE;
    }

    /** Whether the ledger has been seen to continue this, where it began with a snapshot. */
    boolean isProven() {
        return proven;
    }

    /** The offset of the last event that was taken in. */
    long offset() {
        return offset;
    }

    /** The flags that have changed since this was asked last. */
    Set<String> takeChanged() {
        Set<String> all = Set.copyOf(changed);
        changed.clear();
        return all;
    }

    /** Why events are not taken any more; null if they are. */
    @Nullable
    String frozen() {
        return frozen;
    }

    /** Whether an event came, since this was asked last, that does not follow: it may be of another ledger. */
    boolean takeDoubt() {
        boolean doubted = doubtful;
        doubtful = false;
        return doubted;
    }
}
