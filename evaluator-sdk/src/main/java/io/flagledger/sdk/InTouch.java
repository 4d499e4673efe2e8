package io.flagledger.sdk;

import java.time.Duration;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.DescribeMetadataQuorumOptions;
import org.apache.kafka.clients.admin.QuorumInfo;
import org.apache.kafka.clients.admin.QuorumInfo.ReplicaState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.UnsupportedVersionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Up to when each broker knew for certain who leads what, as the controllers tell it again and again. For one thread. */
final class InTouch {
    /*
     * A broker that is parted from the others goes on answering whoever reaches it, as the leader that it was: nobody can
     * tell it that it was deposed. Its word is worth something up to the moment at which it last knew all that the controllers
     * had decided. They know that moment, for brokers fetch the controllers' log as followers fetch a partition's: the active
     * one tells when each had all of it last (DescribeQuorum, KIP-595, KIP-836). What it tells are times of its own clock, of
     * which only the distance to its own "now" is used, counted back from when it was asked.
     *
     * A broker that was told of a decision acts on it up to half a second later. That is not reckoned with.
     *
     * With nobody to tell (a Kafka without KRaft, or one that doesn't let us ask) each broker is believed.
     */
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");

    /** Less than for others: a broker that is silent may have been asked, and then another one is to be asked in time. */
    private static final Duration SHORTEST_QUESTION = Duration.ofMillis(500);

    private static final long UNKNOWN = Long.MAX_VALUE;

    private final Questioner questioner;
    private final long pace;
    private final DescribeMetadataQuorumOptions options;
    private @Nullable KafkaFuture<QuorumInfo> question;
    private long askedAt;
    private Map<Integer, Long> known = Map.of();
    private boolean hasBegun;
    private boolean isTold = true;
    private boolean isAnswered;
    private @Nullable String failure;

    /** @param staleAfter for how long an answer is of use, at the most */
    InTouch(Questioner questioner, Duration staleAfter) {
        this.questioner = questioner;
        this.pace = Questioner.pace(staleAfter).toNanos();
        this.options = new DescribeMetadataQuorumOptions()
                .timeoutMs(Math.toIntExact(Math.max(
                        SHORTEST_QUESTION.toMillis(),
                        Questioner.pace(staleAfter).toMillis())));
    }

    /** Takes in what was answered, and asks anew when it is time. To be called often. */
    void look() {
        if (question != null && question.isDone()) {
            KafkaFuture<QuorumInfo> done = question;
            question = null;
            take(done);
        }
        long now = System.nanoTime();
        if (isTold && question == null && (askedAt == 0 || now - askedAt >= pace)) {
            askedAt = now;
            question = questioner.admin().describeMetadataQuorum(options).quorumInfo();
        }
    }

    private void take(KafkaFuture<QuorumInfo> done) {
        hasBegun = true;
        isAnswered = false;
        try {
            known = times(done.get());
            isAnswered = true;
            failure = null;
        } catch (ExecutionException e) {
            if (e.getCause() instanceof AuthorizationException || e.getCause() instanceof UnsupportedVersionException) {
                believe(String.valueOf(e.getCause().getMessage()));
            } else {
                failure = "the controllers: " + e.getCause();
            }
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private void believe(String why) {
        isTold = false;
        log.warn(
                "a leader that is parted from the other brokers is not told from the true one, for the controllers can't be asked: {}"
                        + " (to allow it: operation Describe on the cluster, as `ledger acls --role evaluator` tells)",
                why);
    }

    private Map<Integer, Long> times(QuorumInfo quorum) {
        OptionalLong present = quorum.voters().stream()
                .filter(voter -> voter.replicaId() == quorum.leaderId())
                .map(ReplicaState::lastCaughtUpTimestamp)
                .findFirst()
                .orElse(OptionalLong.empty());
        if (present.isEmpty()) {
            believe("they tell no times"); // before Kafka 3.3
            return Map.of();
        }
        long[] ages = quorum.voters().stream()
                .mapToLong(voter -> age(voter, present.getAsLong()))
                .sorted()
                .toArray();
        // Nobody else was the active controller as long as a majority followed this one.
        long ageOfMajority = ages[ages.length / 2];
        Map<Integer, Long> times = new HashMap<>();
        Stream.concat(quorum.voters().stream(), quorum.observers().stream()).forEach(replica -> {
            long age = Math.max(age(replica, present.getAsLong()), ageOfMajority);
            if (age != UNKNOWN) {
                times.put(replica.replicaId(), askedAt - TimeUnit.MILLISECONDS.toNanos(age));
            }
        });
        return times;
    }

    /** In milliseconds. */
    private static long age(ReplicaState replica, long present) {
        OptionalLong then = replica.lastCaughtUpTimestamp();
        return then.isPresent() ? Math.max(0, present - then.getAsLong()) : UNKNOWN;
    }

    /** Whether it is known by now what can be known: who asks others before that gets answers that can't be judged. */
    boolean hasBegun() {
        return hasBegun;
    }

    /** What is known now of all brokers; does not change. */
    Times times() {
        return new Times(isTold ? known : null);
    }

    /** Whether the last question was answered: so there are brokers that are in touch, and can be reached. */
    boolean isAnswered() {
        return isAnswered;
    }

    /** What came of the last question; null if an answer, or nothing yet. */
    @Nullable
    String failure() {
        return failure;
    }

    /** @param known times of {@link System#nanoTime} by broker; null if each is believed */
    record Times(@Nullable Map<Integer, Long> known) {
        /** Up to when all of these brokers were in touch; nothing if that is not known of one, or of none. */
        OptionalLong ofAll(Collection<Integer> brokers, long now) {
            if (known == null) {
                return OptionalLong.of(now);
            }
            long oldest = 0; // by the distance to now, since these times may wrap around
            for (int broker : brokers) {
                Long then = known.get(broker);
                if (then == null) {
                    return OptionalLong.empty();
                }
                oldest = Math.max(oldest, now - then);
            }
            return brokers.isEmpty() ? OptionalLong.empty() : OptionalLong.of(now - oldest);
        }
    }
}
