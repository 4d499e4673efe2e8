package io.flagledger.sdk;

import static java.util.Objects.requireNonNull;
import static java.util.stream.Collectors.toSet;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
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
     * A leader that was deposed and parted from the others does not know it, and answers. So its word is taken to be of the
     * moment up to which it was in touch with the controllers, as they told before it was asked (see InTouch). Which broker has
     * answered is not in the answer; it is one of those that have answered anything meanwhile.
     */
    private record Mark(long asOf, long end) {}

    private static final ListOffsetsOptions WITH_OPEN_TRANSACTIONS =
            new ListOffsetsOptions(IsolationLevel.READ_UNCOMMITTED);

    private final Questioner questioner;
    private final InTouch inTouch;
    private final TopicPartition partition;
    private final long pace;
    private final ListOffsetsOptions options;
    private final int chances;
    private final Deque<Mark> ahead = new ArrayDeque<>();
    private @Nullable KafkaFuture<ListOffsetsResultInfo> question;
    private @Nullable Admin asked;
    private Map<Integer, Double> answersBefore = Map.of();
    private InTouch.Times touchedBefore = new InTouch.Times(Map.of());
    private long askedAt;
    private long askedFrom;
    private long answered;
    private long asOf = System.nanoTime();
    private long reached;
    private long lastPosition;
    private long movedAt;
    private boolean hasAnswered;
    private @Nullable String failure;
    private int failures;
    private boolean wasReached;

    /**
     * @param staleAfter for how long an answer is of use, at the most
     * @param chances how often in turn a question may have no answer before the next is put by another client; which costs
     *     whoever else asks by it some of their answers
     */
    LedgerEnd(Questioner questioner, InTouch inTouch, TopicPartition partition, Duration staleAfter, int chances) {
        this.questioner = questioner;
        this.inTouch = inTouch;
        this.partition = partition;
        this.pace = Questioner.pace(staleAfter).toNanos();
        this.options = new ListOffsetsOptions(WITH_OPEN_TRANSACTIONS.isolationLevel())
                .timeoutMs(Math.toIntExact(Questioner.patience(staleAfter).toMillis()));
        this.chances = chances;
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
        inTouch.look();
        long now = System.nanoTime();
        if (question == null && inTouch.hasBegun() && (askedAt == 0 || now - askedAt >= pace)) {
            askedAt = now;
            askedFrom = position;
            asked = questioner.admin();
            answersBefore = Questioner.answers(asked);
            touchedBefore = inTouch.times();
            question = asked.listOffsets(Map.of(partition, OffsetSpec.latest()), options)
                    .partitionResult(partition);
        }
        while (!ahead.isEmpty() && ahead.getFirst().end() <= position) {
            long asOfThis = ahead.removeFirst().asOf();
            reached = wasReached && asOfThis - reached < 0 ? reached : asOfThis;
            wasReached = true;
        }
        if (ahead.isEmpty() || position != lastPosition) {
            lastPosition = position;
            movedAt = now;
        }
    }

    private void take(KafkaFuture<ListOffsetsResultInfo> done) {
        long end;
        try {
            end = done.get().offset();
        } catch (ExecutionException e) {
            failure = String.valueOf(e.getCause());
            failures++;
            if (failures % chances == 0) {
                questioner.gaveNoAnswer(requireNonNull(asked));
            }
            return; // the silence goes on, and is told by its length
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
        failure = null;
        failures = 0;
        answered = askedAt;
        hasAnswered = true;
        OptionalLong touched = touchedBefore.ofAll(answerers(), askedAt);
        if (touched.isEmpty()) {
            return; // it may be anybody's word
        }
        asOf = touched.getAsLong();
        if (end < askedFrom) {
            throw new LostRecordsException(
                    "%s ends at offset %d, but was read to %d before: records were lost, or it was made anew"
                            .formatted(partition, end, askedFrom));
        }
        ahead.removeIf(mark -> mark.end() >= end); // this one is as near, and tells of a later moment
        ahead.addLast(new Mark(asOf, end));
    }

    private Set<Integer> answerers() {
        return Questioner.answers(requireNonNull(asked)).entrySet().stream()
                .filter(answers -> !answers.getValue().equals(answersBefore.get(answers.getKey())))
                .map(Map.Entry::getKey)
                .collect(toSet());
    }

    /** Whether the leader answers, but has not been in touch with the controllers for so long, though there are others that are. */
    boolean isPartedFor(Duration span) {
        long since = System.nanoTime() - span.toNanos();
        return hasAnsweredSince(since) && inTouch.isAnswered() && asOf - since < 0;
    }

    /** Whether an end that the leader told was ever reached. */
    boolean wasReached() {
        return wasReached;
    }

    /**
     * Up to when all that was acknowledged is known, by the last word that was reached; of no meaning if {@linkplain #wasReached
     * none} was.
     */
    long reached() {
        return reached;
    }

    /** Whether the leader has answered a question that was sent at this time or later. */
    boolean hasAnsweredSince(long time) {
        return hasAnswered && answered - time >= 0;
    }

    /** Whether the position has not moved for so long, though the leader says that there is more. */
    boolean isStuckFor(Duration span) {
        return !ahead.isEmpty() && System.nanoTime() - movedAt > span.toNanos();
    }

    /** What came of the last questions; null if answers, or nothing yet. */
    @Nullable
    String failure() {
        return failure == null ? inTouch.failure() : failure;
    }

    /** How many offsets lie between this position and the furthest end that was told; 0 if none lie there, or none was told. */
    long behind(long position) {
        return ahead.isEmpty() ? 0 : Math.max(0, ahead.getLast().end() - position);
    }
}
