package io.flagledger.sdk;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FoldException;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.TopicSetup;
import java.time.Duration;
import java.time.Instant;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.WakeupException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that keeps the views of one environment current, with one {@link Session} after the other. */
final class Follower implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.evaluator");
    private static final Duration CALL_TIMEOUT = Duration.ofSeconds(5);
    private static final Duration FIRST_PAUSE = Duration.ofMillis(100);

    /** Short, for a broker that is back is to be noticed soon; where it is away, the call before has waited already. */
    private static final Duration LONGEST_PAUSE = Duration.ofSeconds(1);

    private final FlagLedgerConfig config;
    private final Views views;
    private final Health health;
    private final Knowledge knowledge;
    private final Questioner questioner;
    private final InTouch inTouch;
    private final Thread thread;

    private volatile @Nullable Session session;
    private volatile @Nullable Snapshot position;
    private volatile Snapshots.@Nullable Loaded unproven;
    private volatile @Nullable LedgerId ledger;

    private Duration pause = FIRST_PAUSE;
    private @Nullable String lastTrouble;

    /** @param start what to answer from until Kafka is caught up with; null if there is nothing */
    Follower(FlagLedgerConfig config, Views views, Health health, Snapshots.@Nullable Loaded start) {
        this.config = config;
        this.views = views;
        this.health = health;
        this.knowledge = new Knowledge(config);
        this.questioner = new Questioner(config.connection(), CALL_TIMEOUT);
        this.inTouch = new InTouch(questioner, config.staleAfter());
        this.thread = new Thread(this::run, "flag-ledger-" + config.environment());
        thread.setDaemon(true);
        if (start != null) {
            unproven = start;
            knowledge.startFrom(start.snapshot());
            views.replace(knowledge.state());
            health.answeringFrom(start.snapshot(), start.where());
        }
    }

    void start() {
        thread.start();
    }

    /** The ledger that answers are of, as Kafka or else the snapshot says; null while neither is known. */
    @Nullable
    String ledgerId() {
        LedgerId id = ledger;
        Snapshots.Loaded loaded = unproven;
        return id != null ? id.events() : loaded != null ? loaded.snapshot().ledgerId() : null;
    }

    /** What is known from Kafka, whole batches only; null before it was caught up with. */
    @Nullable
    Snapshot position() {
        return position;
    }

    private void run() {
        try {
            while (!health.isClosed()) {
                try {
                    follow(find());
                } catch (WakeupException | InterruptException e) {
                    log.debug("following {} ends", config.environment());
                } catch (DeadConnectionException e) {
                    log.info("following {} goes on over a new connection: {}", config.environment(), e.getMessage());
                } catch (RuntimeException e) {
                    tryAgainLater(e);
                }
            }
        } finally {
            health.trouble("the thread that follows has ended; the log tells why");
            views.judge(health);
            questioner.close();
        }
    }

    private void tryAgainLater(RuntimeException e) {
        String trouble = String.valueOf(e.getMessage());
        health.trouble(trouble);
        views.judge(health);
        String text = "following {} at {} is tried again until it succeeds: {}";
        if (trouble.equals(lastTrouble)) {
            log.debug(text, config.environment(), config.connection(), e.toString());
        } else {
            log.warn(text, config.environment(), config.connection(), e.toString());
        }
        lastTrouble = trouble;
        try {
            views.await(health::isClosed, pause);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
        Duration next = pause.multipliedBy(2);
        pause = next.compareTo(LONGEST_PAUSE) < 0 ? next : LONGEST_PAUSE;
    }

    private LedgerId find() {
        LedgerId id = TopicSetup.find(config.connection(), questioner.admin(), config.topics(), CALL_TIMEOUT)
                .orElseThrow(() -> new IllegalStateException(
                        "the topics %s and %s do not exist; a writer or `ledger up` creates them"
                                .formatted(
                                        config.topics().events(),
                                        config.topics().state())));
        LedgerId before = ledger;
        if (before != null && !before.events().equals(id.events())) {
            throw new IllegalStateException(
                    "topic %s is another ledger than before: it was deleted and created again, so its events are not taken; restart to follow it"
                            .formatted(config.topics().events()));
        }
        ledger = id;
        Snapshots.Loaded loaded = unproven;
        if (loaded != null && !loaded.snapshot().ledgerId().equals(id.events())) {
            refuseSnapshot("it is of another ledger: of topic id %s, while %s has %s"
                    .formatted(loaded.snapshot().ledgerId(), config.topics().events(), id.events()));
        }
        return id;
    }

    private void refuseSnapshot(String why) {
        Snapshots.Loaded refused = unproven;
        if (refused != null && !knowledge.isProven()) {
            String refusal = "the snapshot %s is refused: %s".formatted(refused.where(), why);
            log.warn("{}; the flags of {} are unknown until the ledger is read", refusal, config.environment());
            unproven = null;
            knowledge.forget();
            health.answeringFromNothing();
            health.remark(refusal);
            views.replace(knowledge.state());
            views.judge(health);
        }
    }

    private void follow(LedgerId id) {
        try (Session now = new Session(config, questioner, inTouch, id, knowledge, health, CALL_TIMEOUT, this::find)) {
            session = now;
            now.catchUp();
            show();
            if (!health.isClosed()) {
                unproven = null;
                pause = FIRST_PAUSE;
                lastTrouble = null;
                now.tell();
                views.judge(health);
                keep();
            }
            while (!health.isClosed()) {
                now.step();
                show();
                now.tell();
                views.judge(health);
            }
        } catch (LostRecordsException e) {
            refuseSnapshot(String.valueOf(e.getMessage()));
            throw e;
        } catch (FoldException e) {
            refuseSnapshot("the ledger does not continue it: " + e.getMessage());
            throw e; // and all is read anew
        } finally {
            session = null;
        }
    }

    private void show() {
        EnvironmentState known = knowledge.state();
        if (known.isWhole() && known.sequence() != views.known().state().sequence()) {
            views.publish(known, knowledge.takeChanged());
            keep();
        }
    }

    private void keep() {
        LedgerId id = ledger;
        EnvironmentState known = knowledge.state();
        if (id != null && known.isWhole()) {
            position = new Snapshot(id.events(), known, knowledge.offset(), Instant.EPOCH);
            views.signal();
        }
    }

    @Override
    public void close() {
        health.closed();
        views.judge(health);
        views.signal();
        Session now = session;
        if (now != null) {
            now.wakeUp();
        } else {
            thread.interrupt(); // it looks for the topics, or waits to look again
        }
        try {
            thread.join(CALL_TIMEOUT.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
