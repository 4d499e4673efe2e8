package io.flagledger.benchmarks.chaos;

import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.Status;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;

/**
 * Some evaluators in one process, asked all the time: Kafka's address, the first evaluator's number, how many there are,
 * after how many milliseconds they are stale, the file to write to, a seed, and the name of the state topic if it is not the usual one are its
 * arguments.
 */
final class EvaluatorProcess {
    static final String READY = "current after ";

    private static final long PACE_NANOS = 40_000_000;
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final List<FlagLedger> evaluators = new ArrayList<>();
    private final int first;
    private long noted;
    private final Random random;

    private EvaluatorProcess(int first, long seed) {
        this.first = first;
        this.random = new Random(seed);
    }

    public static void main(String[] arguments) throws Exception {
        int first = Integer.parseInt(arguments[1]);
        EvaluatorProcess process = new EvaluatorProcess(first, Long.parseLong(arguments[5]));
        FlagLedgerConfig config = FlagLedgerConfig.of(arguments[0], WriterProcess.ENVIRONMENT)
                .withStaleAfter(Duration.ofMillis(Long.parseLong(arguments[3])));
        LedgerTopics topics = arguments.length > 6
                ? new LedgerTopics(LedgerTopics.DEFAULT.events(), arguments[6], LedgerTopics.DEFAULT.partitions())
                : LedgerTopics.DEFAULT;
        for (int i = 0; i < Integer.parseInt(arguments[2]); i++) {
            process.evaluators.add(FlagLedger.connect(config.withTopics(topics)));
        }
        long started = System.nanoTime();
        for (FlagLedger evaluator : process.evaluators) {
            if (!evaluator.awaitCurrent(PATIENCE)) {
                throw new IllegalStateException("not current: " + evaluator.status());
            }
            System.out.println(READY + (System.nanoTime() - started) / 1_000_000 + " ms");
        }
        process.observe(Path.of(arguments[4]));
    }

    private void observe(Path file) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.APPEND)) {
            while (true) {
                StringBuilder lines = new StringBuilder();
                for (int i = 0; i < evaluators.size(); i++) {
                    lines.append(observe(first + i, evaluators.get(i))).append('\n');
                }
                ByteBuffer bytes = ByteBuffer.wrap(lines.toString().getBytes(StandardCharsets.UTF_8));
                if (out.write(bytes) < bytes.limit()) {
                    throw new IOException("a line was written in part");
                }
                LockSupport.parkNanos(PACE_NANOS);
            }
        }
    }

    private Observation observe(int number, FlagLedger evaluator) {
        long from = System.nanoTime();
        try {
            Status status = evaluator.status();
            note(number, status, from);
            List<Observation.Answer> answers = List.of(ask(evaluator), ask(evaluator));
            return new Observation(
                    number,
                    from,
                    System.nanoTime(),
                    status.state().name(),
                    status.sequence(),
                    status.stateDigest().toString(),
                    answers);
        } catch (RuntimeException e) {
            return Observation.failed(number, from, e);
        }
    }

    /** Tells what is the matter with one that has not been current for long, so that the file tells why. */
    private void note(int number, Status status, long now) {
        if (status.silence().compareTo(LONG) > 0 && now - noted > LONG.toNanos()) {
            noted = now;
            System.out.printf("%d: evaluator %d is %s%n", now, number, status);
        }
    }

    private Observation.Answer ask(FlagLedger evaluator) {
        String flag = "flag-" + random.nextInt(Editor.FLAGS);
        String user = "user-" + random.nextInt(1_000);
        String org = "org-" + random.nextInt(50);
        return Observation.Answer.of(
                flag, user, org, evaluator.decide(flag, Subject.user(user).org(org)));
    }
}
