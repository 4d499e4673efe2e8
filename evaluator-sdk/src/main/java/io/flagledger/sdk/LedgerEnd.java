package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.jspecify.annotations.Nullable;

/** Where a partition's leader says that it ends, asked again and again without anybody waiting. For one thread. */
final class LedgerEnd {
    /*
     * Whether answers are current can't be told from what a consumer receives. That something is received tells nothing:
     * a connection begins with greetings, a fetch session leaves out partitions that have nothing new, and another broker
     * may be the one that talks. Nor does a fetch that finds nothing tell it: it reads up to the last stable offset, and a
     * commit is acknowledged to its writer as soon as the coordinator has noted it, before the marker is in the partition
     * that lets readers see it. Where a broker dies between the two, acknowledged events stay behind the last stable
     * offset until the coordinator is back, however faithfully fetches are answered.
     *
     * So the question is put to the leader itself: where is the high watermark, transactions that are open included? What
     * was acknowledged before the question was sent lies below it, for an acknowledged commit's records had been taken by
     * all in-sync replicas. A leader that was elected just now, or comes back after a crash, may not know its high watermark
     * yet; it then refuses to answer (OFFSET_NOT_AVAILABLE, KIP-207), and so does a broker that leads no more. When the
     * position of the consumer is past the answer, every event is known that had been acknowledged when the question
     * was sent: that moment is the last word. Nothing else counts as one, whatever else is heard.
     *
     * A transaction that its writer left open, having died in it, keeps the position before it until it times out. It can't
     * be told from one that was acknowledged, so answers become stale over it as well.
     *
     * What this does not find: a leader that the rest of the cluster has deposed and cut off, as long as it doesn't know
     * and whoever asks reaches nobody else. Kafka's clients know no question that would find it.
     */
    private record Mark(long askedAt, long end) {}

    private static final ListOffsetsOptions WITH_OPEN_TRANSACTIONS =
            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);

    private final Questioner questioner;
    private final TopicPartition partition;
    private final long pace;
    private final ListOffsetsOptions options;
    private final Deque<Mark> ahead = new ArrayDeque<>();
    private @Nullable KafkaFuture<ListOffsetsResultInfo> question;
    private @Nullable Admin asked;
    private long askedAt;
    private long askedFrom;
    private long answered;
    private long reached;
    private boolean hasAnswered;
    private @Nullable String failure;
    private boolean wasReached;

    /**
     * @param pace from one question to the next
     * @param timeout of a question
     */
    LedgerEnd(Questioner questioner, TopicPartition partition, Duration pace, Duration timeout) {
        this.questioner = questioner;
        this.partition = partition;
        this.pace = pace.toNanos();
        this.options = new ListOffsetsOptions(WITH_OPEN_TRANSACTIONS.isolationLevel())
                .timeoutMs(Math.toIntExact(timeout.toMillis()));
    }

    /**
     * Takes in what was answered, and asks anew when it is time. To be called often.
     *
     * @param position up to where the partition is read; the first offset that is not
     * @throws LostRecordsException if the partition ends before what was read of it when it was asked
     */
    void look(long position) {
        if (question != null && question.isDone()) {
            KafkaFuture<ListOffsetsResultInfo> done = question;
            question = null;
            take(done);
        }
        long now = System.nanoTime();
        if (question == null && (askedAt == 0 || now - askedAt >= pace)) {
            askedAt = now;
            askedFrom = position;
            asked = questioner.admin();
            question = asked.listOffsets(Map.of(partition, OffsetSpec.latest()), options)
                    .partitionResult(partition);
        }
        while (!ahead.isEmpty() && ahead.getFirst().end() <= position) {
            reached = ahead.removeFirst().askedAt();
            wasReached = true;
        }
    }

    private void take(KafkaFuture<ListOffsetsResultInfo> done) {
        long end;
        try {
            end = done.get().offset();
        } catch (ExecutionException e) {
            failure = String.valueOf(e.getCause());
            questioner.gaveNoAnswer(requireNonNull(asked));
            return; // the silence goes on, and is told by its length
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        failure = null;
        answered = askedAt;
        hasAnswered = true;
        if (end < askedFrom) {
            throw new LostRecordsException(
                    "%s ends at offset %d, but was read to %d before: records were lost, or it was made anew"
                            .formatted(partition, end, askedFrom));
        }
        ahead.removeIf(mark -> mark.end() >= end); // this one is as near, and tells of a later moment
        ahead.addLast(new Mark(askedAt, end));
    }

    /** Whether an end that the leader told was ever reached. */
    boolean wasReached() {
        return wasReached;
    }

    /** When the question was sent whose answer was reached last; of no meaning if {@linkplain #wasReached none} was. */
    long reached() {
        return reached;
    }

    /** Whether the leader has answered a question that was sent at this time or later. */
    boolean hasAnsweredSince(long time) {
        return hasAnswered && answered - time >= 0;
    }

    /** What came of the last question; null if an answer, or nothing yet. */
    @Nullable
    String failure() {
        return failure;
    }

    /** How many offsets lie between this position and the furthest end that was told; 0 if none lie there, or none was told. */
    long behind(long position) {
        return ahead.isEmpty() ? 0 : Math.max(0, ahead.getLast().end() - position);
    }
}
