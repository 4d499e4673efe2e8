package io.flagledger.projector;

import static org.assertj.core.api.Assertions.assertThat;

import io.flagledger.core.event.Event;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.fold.Histories;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.MemoryHistory;
import io.flagledger.core.travel.NoSuchPositionException;
import io.flagledger.projector.Activity.Count;
import io.flagledger.projector.AuditQuery.Order;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The projector's answers about random histories are those of the log alone: {@value #COUNT} × {@value #QUESTIONS} questions. */
final class ProjectedHistoryLawsTest {
    private static final int COUNT = 300;
    private static final int QUESTIONS = 40;

    @TempDir
    private Path folder;

    @Test
    void theProjectorAnswersAsTheLogAloneDoes() {
        Histories.obey(Histories.first(COUNT), history -> {
            RandomGenerator random = history.random();
            String environment = history.end().environment();
            try (TopologyForTest topology = new TopologyForTest(fresh())) {
                topology.pipe(history.events());
                LedgerHistory log = MemoryHistory.of(history);
                LedgerHistory projector = topology.history().of(environment);
                List<Recorded> events = withLedgerTimes(history);
                for (int i = 0; i < QUESTIONS; i++) {
                    Function<LedgerHistory, Object> question = question(random, events);
                    assertThat(answer(projector, question)).isEqualTo(answer(log, question));
                }
                for (int i = 0; i < QUESTIONS; i++) {
                    audit(random, topology.history(), environment, events);
                }
                marks(random, topology.history(), environment, events);
                assertThat(topology.history()
                                .activity(environment, LocalDate.EPOCH, LocalDate.of(9999, 1, 1))
                                .counts())
                        .containsExactlyInAnyOrderElementsOf(counted(events));
                assertThat(topology.history().now(environment)).isEqualTo(history.end());
            }
        });
    }

    private static Object answer(LedgerHistory history, Function<LedgerHistory, Object> question) {
        try {
            return question.apply(history);
        } catch (NoSuchPositionException e) {
            return e.getMessage() + e.last();
        }
    }

    private static Function<LedgerHistory, Object> question(RandomGenerator random, List<Recorded> events) {
        Cut cut = cut(random, events);
        Cut other = cut(random, events);
        String flag = events.isEmpty() || random.nextInt(20) == 0
                ? "nothing"
                : pick(random, events).event().flag();
        var subject = Histories.subject(random);
        return switch (random.nextInt(6)) {
            case 0 -> history -> history.diff(cut, other);
            case 1 -> history -> history.history(flag);
            case 2, 3 -> history -> history.timeline(flag, subject);
            case 4 -> history -> history.decisionAt(flag, subject, cut);
            default -> history -> history.at(cut);
        };
    }

    private static Cut cut(RandomGenerator random, List<Recorded> events) {
        if (!events.isEmpty() && random.nextInt(3) == 0) {
            Instant time = pick(random, events).appendedAt();
            return Cut.at(time.plusMillis(random.nextInt(3) - 1));
        }
        return switch (random.nextInt(12)) {
            case 0 -> Cut.now();
            case 1 -> Cut.at(Instant.MIN);
            case 2 -> Cut.at(Instant.MAX);
            default -> Cut.at(random.nextLong(events.size() + 3L));
        };
    }

    private static void audit(RandomGenerator random, History history, String environment, List<Recorded> events) {
        Recorded like = events.isEmpty() ? null : pick(random, events);
        Recorded from = events.isEmpty() ? null : pick(random, events);
        AuditQuery query = AuditQuery.OLDEST
                .in(random.nextBoolean() ? Order.NEWEST_FIRST : Order.OLDEST_FIRST)
                .limit(1 + random.nextInt(7));
        if (like != null && from != null) {
            query = query.flag(random.nextBoolean() ? like.event().flag() : null)
                    .actor(random.nextBoolean() ? like.event().actor().id() : null)
                    .kind(random.nextBoolean() ? LedgerJson.kind(like.event().change()) : null)
                    .text(random.nextInt(3) == 0 ? words(like) : null);
            query = random.nextBoolean() ? query.since(from.appendedAt()) : query;
            query = random.nextBoolean() ? query.until(like.appendedAt()) : query;
            query = random.nextBoolean() ? query.upTo(like.event().sequence()) : query;
            query = random.nextBoolean() ? query.behind(from.event().sequence()) : query;
        }
        List<Recorded> found = new ArrayList<>();
        AuditPage page = history.search(environment, query);
        found.addAll(page.events());
        while (page.next() > 0) {
            assertThat(page.events()).hasSize(query.limit());
            page = history.search(environment, query.behind(page.next()));
            found.addAll(page.events());
        }
        AuditQuery asked = query;
        List<Recorded> expected = new ArrayList<>(
                events.stream().filter(event -> matches(asked, event)).toList());
        if (query.order() == Order.NEWEST_FIRST) {
            Collections.reverse(expected);
        }
        assertThat(found).isEqualTo(expected);
    }

    private static boolean matches(AuditQuery query, Recorded recorded) {
        Event event = recorded.event();
        return is(query.flag(), event.flag())
                && (is(query.actor(), event.actor().id())
                        || is(query.actor(), String.valueOf(event.actor().onBehalfOf())))
                && is(query.kind(), LedgerJson.kind(event.change()))
                && (query.text() == null || words(recorded).equals(query.text()))
                && !recorded.appendedAt().isBefore(query.since())
                && !recorded.appendedAt().isAfter(query.until())
                && event.sequence() >= query.first()
                && event.sequence() <= query.last();
    }

    /** Digests are like no other text, so these words find one event. */
    private static String words(Recorded recorded) {
        return recorded.digest().toString().toUpperCase(Locale.ROOT) + " "
                + recorded.event().flag();
    }

    private static void marks(RandomGenerator random, History history, String environment, List<Recorded> events) {
        int limit = 1 + random.nextInt(2 * events.size() + 1);
        Marks marks = history.marks(environment, limit);
        assertThat(marks.marks()).hasSizeLessThanOrEqualTo(limit);
        assertThat(marks.sequence()).isEqualTo(events.size());
        long behind = 0;
        for (Marks.Mark mark : marks.marks()) {
            assertThat(mark.first()).isEqualTo(behind + 1);
            behind = mark.last();
            List<Recorded> inside = events.subList((int) mark.first() - 1, (int) mark.last());
            Recorded last = inside.get(inside.size() - 1);
            assertThat(last.event().batch().remaining()).isZero();
            assertThat(mark.since()).isEqualTo(inside.get(0).appendedAt());
            assertThat(mark.until()).isEqualTo(last.appendedAt());
            assertThat(mark.kills())
                    .isEqualTo(inside.stream()
                            .filter(event ->
                                    LedgerJson.kind(event.event().change()).equals(MarkWalk.KILLED))
                            .count());
            assertThat(mark.change()).isEqualTo(last.event().batch().size() == inside.size() ? last : null);
        }
        assertThat(behind).isEqualTo(events.size());
    }

    private static boolean is(@Nullable String asked, String found) {
        return asked == null || asked.equals(found);
    }

    private static List<Count> counted(List<Recorded> events) {
        Map<Count, Long> counts = new HashMap<>();
        for (Recorded recorded : events) {
            Count one = new Count(
                    LocalDate.ofInstant(recorded.appendedAt(), ZoneOffset.UTC),
                    recorded.event().actor().id(),
                    LedgerJson.kind(recorded.event().change()),
                    1);
            counts.merge(one, 1L, Long::sum);
        }
        return counts.entrySet().stream()
                .map(count -> new Count(
                        count.getKey().day(),
                        count.getKey().actor(),
                        count.getKey().kind(),
                        count.getValue()))
                .toList();
    }

    private static List<Recorded> withLedgerTimes(Histories.History history) {
        List<Recorded> events = new ArrayList<>();
        EnvironmentState state = EnvironmentState.empty(history.end().environment());
        for (Recorded event : history.events()) {
            state = Fold.apply(state, event);
            events.add(event.at(state.ledgerTime()));
        }
        return events;
    }

    private static <T> T pick(RandomGenerator random, List<T> from) {
        return from.get(random.nextInt(from.size()));
    }

    private Path fresh() {
        try {
            return Files.createTempDirectory(folder, "history");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
