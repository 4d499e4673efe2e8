package io.flagledger.benchmarks.chaos;

import io.flagledger.core.evaluate.Decision;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.sdk.Status;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/**
 * What one evaluator said of itself and decided, at one moment.
 *
 * @param evaluator its number
 * @param from the machine's clock, which all processes share, before it was asked
 * @param to after it had answered
 * @param state that it claimed to be in; FAILED if it threw something
 * @param sequence at which it claimed to stand
 * @param digest of its state there; what it threw, if it did
 * @param decisions that it gave then
 */
record Observation(
        int evaluator, long from, long to, String state, long sequence, String digest, List<Answer> decisions) {
    static final String FAILED = "FAILED";

    /** More than any line has bytes. */
    private static final int LONGEST = 1_000;

    /** One decision, and what it was asked. */
    record Answer(String flag, String user, String org, long sequence, boolean stale, String outcome) {

        static Answer of(String flag, String user, String org, Decision decision) {
            return new Answer(flag, user, org, decision.sequence(), decision.stale(), outcome(decision));
        }

        Subject subject() {
            return Subject.user(user).org(org);
        }

        /** All of a decision that its position determines. */
        static String outcome(Decision decision) {
            return "%s %s %s %s %s"
                    .formatted(
                            decision.granted(),
                            decision.reason(),
                            Objects.requireNonNullElse(decision.variant(), "-"),
                            Objects.requireNonNullElse(decision.parent(), "-"),
                            decision.revision());
        }
    }

    static Observation failed(int evaluator, long from, RuntimeException why) {
        return new Observation(
                evaluator,
                from,
                System.nanoTime(),
                FAILED,
                -1,
                String.valueOf(why).replaceAll("\\s+", " "),
                List.of());
    }

    boolean isCurrent() {
        return state.equals(Status.State.READY.name());
    }

    static Observation of(String line) {
        String[] parts = line.split("\t", -1);
        List<Answer> answers = List.of();
        if (parts.length > 6) {
            answers = Arrays.stream(parts, 6, parts.length)
                    .map(part -> part.split(","))
                    .map(one -> new Answer(
                            one[0], one[1], one[2], Long.parseLong(one[3]), Boolean.parseBoolean(one[4]), one[5]))
                    .toList();
        }
        return new Observation(
                Integer.parseInt(parts[0]),
                Long.parseLong(parts[1]),
                Long.parseLong(parts[2]),
                parts[3],
                Long.parseLong(parts[4]),
                parts[5],
                answers);
    }

    /** The last so many that are in a file as a whole. */
    static List<Observation> last(Path file, int count) throws IOException {
        try (RandomAccessFile in = new RandomAccessFile(file.toFile(), "r")) {
            byte[] tail = new byte[(int) Math.min(in.length(), (count + 1L) * LONGEST)];
            in.seek(in.length() - tail.length);
            in.readFully(tail);
            String text = new String(tail, StandardCharsets.UTF_8);
            List<String> lines =
                    text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
            return lines.subList(Math.max(0, lines.size() - count), lines.size()).stream()
                    .map(Observation::of)
                    .toList();
        }
    }

    /** One line, without its end. */
    @Override
    public String toString() {
        StringBuilder line = new StringBuilder()
                .append(evaluator)
                .append('\t')
                .append(from)
                .append('\t')
                .append(to)
                .append('\t')
                .append(state)
                .append('\t')
                .append(sequence)
                .append('\t')
                .append(digest);
        for (Answer answer : decisions) {
            line.append('\t')
                    .append(String.join(
                            ",",
                            answer.flag(),
                            answer.user(),
                            answer.org(),
                            Long.toString(answer.sequence()),
                            Boolean.toString(answer.stale()),
                            answer.outcome()));
        }
        return line.toString();
    }
}
