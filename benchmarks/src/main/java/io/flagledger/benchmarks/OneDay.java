package io.flagledger.benchmarks;

import com.sun.management.GarbageCollectionNotificationInfo;
import com.sun.management.ThreadMXBean;
import io.flagledger.benchmarks.chaos.BrokerProcess;
import io.flagledger.benchmarks.chaos.OtherJvm;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicLong;
import javax.management.NotificationEmitter;
import javax.management.openmbean.CompositeData;

/**
 * A day's changes in a few minutes, of 1 000 flags, while one thread decides as fast as it can: whether the heap stays flat, what is allocated
 * for a change and for a decision, and how long the pauses are that this makes. Broker and writer are processes of their
 * own, so that all that is seen here is the evaluator's.
 */
public final class OneDay {
    private static final Duration PATIENCE = Duration.ofMinutes(2);
    private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(20);
    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

    private final AtomicLong pauses = new AtomicLong();
    private final AtomicLong pausedMillis = new AtomicLong();
    private final AtomicLong longestPauseMillis = new AtomicLong();
    private final FlagLedger flags;
    private volatile boolean ending;
    private volatile long decisions;
    private volatile long granted;
    private volatile long longestGap;

    private OneDay(FlagLedger flags) {
        this.flags = flags;
    }

    /** Takes the number of changes and the seconds to make them in: 100 000 and 600 if none are given. */
    public static void main(String[] arguments) throws Exception {
        int changes = arguments.length < 1 ? 100_000 : Integer.parseInt(arguments[0]);
        int seconds = arguments.length < 2 ? 600 : Integer.parseInt(arguments[1]);
        Path folder = Files.createTempDirectory("one-day");
        try (OtherJvm broker = BrokerProcess.start(folder, folder.resolve("broker.out"), "0")) {
            String address = BrokerProcess.address(broker);
            try (OtherJvm writer = OtherJvm.start(
                            OneDayWriter.class,
                            folder.resolve("writer.out"),
                            address,
                            Integer.toString(changes),
                            Integer.toString(seconds));
                    FlagLedger flags = FlagLedger.connect(
                            FlagLedgerConfig.of(KafkaConnection.of(address), OneDayWriter.ENVIRONMENT))) {
                if (!flags.awaitSequence(OneDayWriter.FLAGS, PATIENCE)) {
                    throw new IllegalStateException("the flags do not come:\n" + writer.output());
                }
                new OneDay(flags).run(changes, writer);
            }
        }
        System.exit(0);
    }

    private void run(int changes, OtherJvm writer) throws Exception {
        for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
            ((NotificationEmitter) collector)
                    .addNotificationListener(
                            (notification, handback) -> noticePause((CompositeData) notification.getUserData()),
                            notification -> notification
                                    .getType()
                                    .equals(GarbageCollectionNotificationInfo.GARBAGE_COLLECTION_NOTIFICATION),
                            null);
        }
        Thread decider = new Thread(this::decide, "decider");
        decider.setDaemon(true);
        decider.start();
        long own = ownAllocation();
        long ofDecider = THREADS.getThreadAllocatedBytes(decider.getId());
        long decided = decisions;
        long from = flags.status().sequence();
        long last = OneDayWriter.FLAGS + (long) changes;
        List<Double> heaps = new ArrayList<>();
        while (!flags.awaitSequence(last, BETWEEN_LOOKS)) {
            if (!writer.isAlive()) {
                throw new IllegalStateException("the writer ended:\n" + writer.output());
            }
            heaps.add(megabytes());
            System.out.printf(
                    Locale.ROOT,
                    "at %,7d: heap after a collection %.1f MB, %s%n",
                    flags.status().sequence(),
                    heaps.get(heaps.size() - 1),
                    flags.status().state());
        }
        heaps.add(megabytes());
        long seen = flags.status().sequence() - from;
        long made = decisions - decided;
        System.out.printf(
                Locale.ROOT,
                "%,d changes seen; heap after a collection: first %.1f MB, last %.1f MB%n",
                seen,
                heaps.get(0),
                heaps.get(heaps.size() - 1));
        System.out.printf(
                Locale.ROOT,
                "our threads allocated %,d bytes a change; the deciding thread %.3f bytes a decision%n",
                (ownAllocation() - own) / seen,
                (double) (THREADS.getThreadAllocatedBytes(decider.getId()) - ofDecider) / made);
        System.out.printf(Locale.ROOT, "%,d decisions (%,d granted) on one thread%n", made, granted);
        System.out.printf(
                Locale.ROOT,
                "pauses for collections, those asked for to measure left out: %d, longest %d ms, %d ms in all; longest gap between two decisions %.1f ms%n",
                pauses.get(),
                longestPauseMillis.get(),
                pausedMillis.get(),
                longestGap / 1e6);
        ending = true;
        decider.join();
    }

    private void noticePause(CompositeData data) {
        GarbageCollectionNotificationInfo info = GarbageCollectionNotificationInfo.from(data);
        if (!info.getGcCause().equals("System.gc()")) {
            long millis = info.getGcInfo().getDuration();
            pauses.incrementAndGet();
            pausedMillis.addAndGet(millis);
            longestPauseMillis.accumulateAndGet(millis, Math::max);
        }
    }

    /** Asks for each flag in turn, as fast as it can. */
    private void decide() {
        Subject[] subjects = new Subject[64];
        for (int i = 0; i < subjects.length; i++) {
            subjects[i] = Subject.user("user-" + i).org("org-" + i % 7);
        }
        String[] keys = new String[OneDayWriter.FLAGS];
        for (int i = 0; i < keys.length; i++) {
            keys[i] = OneDayWriter.flag(i);
        }
        long made = 0;
        long open = 0;
        long gap = 0;
        long before = System.nanoTime();
        while (!ending) {
            for (int i = 0; i < keys.length; i++) {
                open += flags.isOpen(keys[i], subjects[(int) (made & 63)]) ? 1 : 0;
                made++;
                if ((made & 15) == 0) {
                    long now = System.nanoTime();
                    gap = Math.max(gap, now - before);
                    before = now;
                }
            }
            decisions = made;
            granted = open;
            longestGap = gap;
        }
    }

    /** What the threads of the evaluator and of its Kafka clients have allocated. */
    private static long ownAllocation() {
        long sum = 0;
        for (Thread thread : Thread.getAllStackTraces().keySet()) {
            if (thread.getName().startsWith("flag-ledger-") || thread.getName().startsWith("kafka-")) {
                sum += THREADS.getThreadAllocatedBytes(thread.getId());
            }
        }
        return sum;
    }

    private static double megabytes() {
        System.gc();
        return (Runtime.getRuntime().totalMemory() - Runtime.getRuntime().freeMemory()) / 1e6;
    }
}
