package io.flagledger.benchmarks.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.travel.EnvironmentDiff;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Asks any instance about any environment, now and then, and holds each answer against what is known of its position. */
final class Asker implements Runnable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final int PAGE = 20;

    private final List<URI> instances;
    private final String token;
    private final ProjectorPlan plan;
    private final KnownStates known;
    private final Random random;
    private final Tally tally;
    private final AtomicBoolean goesOn;
    private final HttpClient http =
            HttpClient.newBuilder().connectTimeout(Duration.ofSeconds(2)).build();

    /** What came of all questions. */
    static final class Tally {
        final LongAdder right = new LongAdder();
        final LongAdder rightOfThePast = new LongAdder();
        final LongAdder rightButStale = new LongAdder();
        final LongAdder moving = new LongAdder();
        final LongAdder unreachable = new LongAdder();
        final Collection<String> wrong = new ConcurrentLinkedQueue<>();
    }

    Asker(
            List<URI> instances,
            String token,
            ProjectorPlan plan,
            KnownStates known,
            long seed,
            Tally tally,
            AtomicBoolean goesOn) {
        this.instances = instances;
        this.token = token;
        this.plan = plan;
        this.known = known;
        this.random = new Random(seed);
        this.tally = tally;
        this.goesOn = goesOn;
    }

    @Override
    public void run() {
        while (goesOn.get()) {
            String environment = ProjectorChaos.environment(random.nextInt(plan.environments()));
            long last = known.last(environment).sequence();
            if (last == 0) {
                LockSupport.parkNanos(Duration.ofMillis(50).toNanos());
                continue;
            }
            long at = 1 + random.nextLong(last);
            boolean stale = random.nextInt(4) == 0;
            String end = stale ? "stale=true" : "";
            switch (random.nextInt(4)) {
                case 0 -> ask(environment, "flags?" + end, stale, answer -> flagsAre(environment, answer, null));
                case 1 ->
                    ask(environment, "flags?at=" + at + "&" + end, stale, answer -> flagsAre(environment, answer, at));
                case 2 ->
                    ask(
                            environment,
                            "events?after=" + (at - 1) + "&limit=" + PAGE,
                            false,
                            answer -> eventsAre(environment, answer, at));
                default -> {
                    long to = 1 + random.nextLong(last);
                    ask(
                            environment,
                            "diff?from=" + at + "&to=" + to,
                            false,
                            answer -> differenceIs(environment, answer, at, to));
                }
            }
        }
    }

    /** Judges an answer; null if it is right. */
    private interface Judge {
        @Nullable
        String problem(JsonNode answer);
    }

    private void ask(String environment, String question, boolean stale, Judge judge) {
        URI instance = instances.get(random.nextInt(instances.size()));
        URI uri = instance.resolve("/api/v1/environments/" + environment + "/" + question.replaceAll("[?&]$", ""));
        try {
            HttpResponse<String> response = http.send(
                    HttpRequest.newBuilder(uri)
                            .header("Authorization", "Bearer " + token)
                            .timeout(PATIENCE)
                            .build(),
                    HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() == 503) {
                tally.moving.increment();
                return;
            }
            String problem = response.statusCode() == 200
                    ? judge.problem(LedgerJson.parse(response.body()))
                    // Whoever is behind, as a standby may be, has not got there yet and says so.
                    : response.statusCode() == 404 && isBehind(response.body())
                            ? null
                            : "status " + response.statusCode() + ": " + response.body();
            if (problem != null) {
                tally.wrong.add(uri + ": " + problem);
            } else if (stale) {
                tally.rightButStale.increment();
            } else if (question.contains("=")) {
                tally.rightOfThePast.increment();
            } else {
                tally.right.increment();
            }
        } catch (IOException e) {
            tally.unreachable.increment();
            LockSupport.parkNanos(Duration.ofMillis(20).toNanos());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException e) {
            tally.wrong.add(uri + ": " + e);
        }
    }

    private static boolean isBehind(String problem) {
        return problem.contains("there is no event");
    }

    private @Nullable String flagsAre(String environment, JsonNode answer, @Nullable Long at) {
        long sequence = answer.path("sequence").asLong();
        if (at != null && sequence > at) {
            return "asked for position %d, it answers of %d".formatted(at, sequence);
        }
        EnvironmentState state = await(environment, sequence);
        if (at != null && state.sequence() != sequence) {
            return "it answers of position %d, which lies inside a batch".formatted(sequence);
        }
        JsonNode flags = parsed(TravelJson.state(state)).path("flags");
        return flags.equals(answer.path("flags"))
                ? null
                : "at %d the flags are %s, but it says %s".formatted(sequence, flags, answer.path("flags"));
    }

    private @Nullable String eventsAre(String environment, JsonNode answer, long first) {
        long sequence = first;
        for (JsonNode event : answer.path("events")) {
            await(environment, sequence);
            Recorded recorded = known.events(environment).get(sequence);
            if (recorded == null
                    || !recorded.digest().toString().equals(event.path("digest").asText())) {
                return "event %d is not the one that was written: %s".formatted(sequence, event);
            }
            sequence++;
        }
        return null;
    }

    private @Nullable String differenceIs(String environment, JsonNode answer, long from, long to) {
        EnvironmentDiff diff = EnvironmentDiff.between(await(environment, from), await(environment, to));
        JsonNode flags = parsed(TravelJson.diff(diff)).path("flags");
        return flags.equals(answer.path("flags"))
                ? null
                : "from %d to %d differ %s, but it says %s".formatted(from, to, flags, answer.path("flags"));
    }

    /** The projector may know of an event before the writer is told that it is in. */
    private EnvironmentState await(String environment, long sequence) {
        long patience = System.nanoTime() + PATIENCE.toNanos();
        EnvironmentState state = known.at(environment, sequence);
        while (state == null) {
            if (System.nanoTime() > patience) {
                throw new IllegalStateException("nobody was told that event %d is in".formatted(sequence));
            }
            LockSupport.parkNanos(Duration.ofMillis(1).toNanos());
            state = known.at(environment, sequence);
        }
        return state;
    }

    /** As it looks to whoever reads it. */
    private static JsonNode parsed(JsonNode json) {
        return LedgerJson.parse(LedgerJson.print(json));
    }
}
