package io.flagledger.sdk;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.sdk.Status.State;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** How current the answers are: told by the thread that follows, asked by any. Times are those of {@link System#nanoTime}. */
final class Health {
    private final FlagLedgerConfig config;
    private volatile boolean answering;
    private volatile boolean closed;
    private volatile @Nullable String trouble = "the ledger is still being read";
    private volatile @Nullable String source;
    private volatile List<String> remarks = List.of();
    private volatile @Nullable String savingFailed;
    private volatile @Nullable String repairAway;
    private volatile @Nullable String unanswered;
    private volatile long lag = -1;
    private volatile long lastWord = System.nanoTime();
    private volatile long lastCurrent = lastWord;

    Health(FlagLedgerConfig config) {
        this.config = config;
    }

    /** Newer events may have been missed from now on, for this reason. */
    void trouble(String why) {
        trouble = why;
    }

    /**
     * Answers come from Kafka, and take in all that was acknowledged by this time.
     *
     * @param but null unless newer events of the environment are missed all the same, for this reason
     */
    void following(long lastWord, @Nullable String but) {
        this.lastWord = lastWord; // first, or the answers were ready and stale for a moment
        if (but == null) {
            lastCurrent = lastWord;
        }
        followingBut(but);
    }

    /** Answers come from Kafka, and newer events may be missed for this reason; null if for none. */
    void followingBut(@Nullable String but) {
        trouble = but;
        source = null;
        remarks = List.of();
        answering = true;
    }

    /** Answers come from a snapshot of this age and not from Kafka. */
    void answeringFrom(Snapshot snapshot, String where) {
        answering = true;
        source = "answers come from the snapshot %s, which is as of %s".formatted(where, snapshot.asOf());
        long age = Math.max(0, Duration.between(snapshot.asOf(), Instant.now()).toNanos());
        lastWord = System.nanoTime() - age;
        lastCurrent = lastWord;
    }

    /** What answers came from is not to be believed. */
    void answeringFromNothing() {
        answering = false;
        source = null;
    }

    /** Something that is to be told until Kafka is followed. */
    void remark(String what) {
        List<String> all = new ArrayList<>(remarks);
        all.add(what);
        remarks = List.copyOf(all);
    }

    /** Why the snapshot could not be saved; null when it was. */
    void saving(@Nullable String failed) {
        savingFailed = failed;
    }

    /** Why the state topic could not repair anything just now; null when it could. */
    void repair(@Nullable String away) {
        repairAway = away;
    }

    /** What came of the last question for a word; null if an answer. */
    void unanswered(@Nullable String failure) {
        unanswered = failure;
    }

    void lag(long records) {
        lag = records;
    }

    void closed() {
        closed = true;
    }

    boolean isClosed() {
        return closed;
    }

    boolean isAnswering() {
        return answering;
    }

    /** Whether newer events may exist that answers do not take into account. */
    boolean isStale() {
        return closed || !answering || trouble != null || isSilent();
    }

    /** Whether that has been so for too long for flags with a fail mode of their own. */
    boolean isTooStale() {
        return isStale() && left(lastCurrent, config.failModes().after()) <= 0;
    }

    /** How long the answers stay as they are by the passing of time alone, in nanoseconds; none if not positive. */
    long untilNextChange() {
        long untilStale = left(lastWord, config.staleAfter());
        return untilStale > 0
                ? untilStale
                : left(lastCurrent, config.failModes().after());
    }

    /** When the answers were last known to be current. */
    Instant asOf() {
        return Instant.now().minusNanos(System.nanoTime() - lastCurrent);
    }

    State state() {
        if (closed) {
            return State.CLOSED;
        }
        if (!answering) {
            return State.STARTING;
        }
        return isStale() ? State.STALE : State.READY;
    }

    /** @param known asked after the state is judged, so that no pause between the two makes old flags current */
    Status status(Supplier<EnvironmentState> known) {
        State state = state();
        Duration silence = Duration.ofNanos(System.nanoTime() - lastWord);
        return new Status(state, known.get(), lag, silence, problem());
    }

    private @Nullable String problem() {
        String silent = trouble == null && isSilent() ? silence() : null;
        List<String> all = Stream.concat(Stream.of(silent, trouble, source, repairAway, savingFailed), remarks.stream())
                .filter(Objects::nonNull)
                .toList();
        return all.isEmpty() ? null : String.join("; ", all);
    }

    private String silence() {
        long millis = Duration.ofNanos(System.nanoTime() - lastWord).toMillis();
        String failure = unanswered;
        if (failure != null) {
            return "Kafka at %s has said nothing of %s for %d ms; last: %s"
                    .formatted(config.connection(), config.environment(), millis, failure);
        }
        return lag > 0
                ? "%d records up to the end of %s have not come for %d ms: Kafka at %s does not send them, or a transaction is open before them"
                        .formatted(lag, config.environment(), millis, config.connection())
                : "Kafka at %s has said nothing of %s for %d ms"
                        .formatted(config.connection(), config.environment(), millis);
    }

    private boolean isSilent() {
        return left(lastWord, config.staleAfter()) <= 0;
    }

    private static long left(long since, Duration span) {
        return span.toNanos() - (System.nanoTime() - since);
    }
}
