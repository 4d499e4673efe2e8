package io.flagledger.server.fuzz;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.LongFunction;
import org.jspecify.annotations.Nullable;

/** Sends bad requests, several at a time on each connection, and judges what comes back. */
final class Senders {
    private static final int BATCH = 32;
    private static final int MOST_FAULTS = 20;
    private static final ObjectMapper JSON = new ObjectMapper();

    private final int port;
    private final LongFunction<BadRequests> made;

    Senders(int port, LongFunction<BadRequests> made) {
        this.port = port;
        this.made = made;
    }

    /** Sends until so many were bad. */
    Tally send(int senders, long seed, int inputs) throws Exception {
        Sending sending = new Sending();
        AtomicLong batches = new AtomicLong(seed);
        ExecutorService threads = Executors.newFixedThreadPool(senders);
        try {
            List<Future<@Nullable Void>> all = new ArrayList<>();
            for (int i = 0; i < senders; i++) {
                all.add(threads.submit((Callable<@Nullable Void>) () -> {
                    while (sending.bad.get() < inputs && sending.faults.size() < MOST_FAULTS) {
                        sending.batch(made.apply(batches.getAndIncrement()));
                    }
                    return null;
                }));
            }
            for (Future<@Nullable Void> one : all) {
                one.get();
            }
        } finally {
            threads.shutdownNow();
        }
        return sending.tally();
    }

    /** One go. */
    private final class Sending {
        private final Map<Integer, Long> refused = new ConcurrentSkipListMap<>();
        private final AtomicLong closed = new AtomicLong();
        private final AtomicLong sound = new AtomicLong();
        private final AtomicLong bad = new AtomicLong();
        private final List<String> faults = new CopyOnWriteArrayList<>();

        Tally tally() {
            return new Tally(refused, closed.get(), sound.get(), List.copyOf(faults));
        }

        void batch(BadRequests requests) throws IOException {
            List<BadRequest> together = new ArrayList<>();
            for (int i = 0; i < BATCH; i++) {
                BadRequest request = requests.next();
                if (request.breaks()) {
                    alone(request);
                } else {
                    together.add(request);
                }
            }
            for (int done = 0; done < together.size(); ) {
                done += pipelined(together.subList(done, together.size()));
            }
        }

        /** Sends all over one connection; how many are done with. */
        private int pipelined(List<BadRequest> requests) throws IOException {
            try (Wire wire = new Wire(port)) {
                wire.send(requests);
                int done = 0;
                for (BadRequest request : requests) {
                    RawAnswer answer = answer(wire, request);
                    done++;
                    if (answer == null) {
                        alone(request); // HTTP lets a server close on what it can't read, with more to come
                        return done;
                    }
                    judge(request, answer);
                    if (answer.isLast() || answer.isEndless()) {
                        return done;
                    }
                }
                return done;
            }
        }

        /** Null if the connection is closed instead. */
        private @Nullable RawAnswer answer(Wire wire, BadRequest request) {
            try {
                return wire.read(request.isHead());
            } catch (SocketTimeoutException e) {
                faults.add("neither answered nor closed: " + request);
                return null;
            } catch (IOException e) {
                return null;
            }
        }

        /** Sends one over a connection of its own, to its end. */
        private void alone(BadRequest request) {
            int answers = 0;
            try (Wire wire = new Wire(port)) {
                wire.send(List.of(request));
                wire.end();
                for (RawAnswer answer = wire.read(request.isHead()); answer != null; answer = wire.read(false)) {
                    answers++;
                    judge(request, answer);
                    if (answer.isEndless()) {
                        return;
                    }
                }
            } catch (SocketTimeoutException e) {
                faults.add("neither answered nor closed: " + request);
                return;
            } catch (IOException e) {
                // closed at once, as what was sent makes no sense
            }
            if (answers == 0) {
                closed.incrementAndGet();
                bad.incrementAndGet();
            }
        }

        private void judge(BadRequest request, RawAnswer answer) {
            if (answer.status() < 400) {
                if (answer.status() == 201) {
                    faults.add("that was written: %s%n%s".formatted(request, answer));
                }
                sound.incrementAndGet();
                return;
            }
            if (answer.status() >= 500 || !isTyped(answer, request.isHead())) {
                faults.add("%s%nis answered by %s".formatted(request, answer));
            }
            refused.merge(answer.status(), 1L, Long::sum);
            bad.incrementAndGet();
        }

        private static boolean isTyped(RawAnswer answer, boolean head) {
            if (head) {
                return answer.header("content-type").contains("json");
            }
            try {
                JsonNode body = JSON.readTree(answer.body());
                boolean problem = answer.header("content-type").equals("application/problem+json")
                        && body.path("type").asText().startsWith("urn:flag-ledger:problem:")
                        && !body.path("title").asText().isBlank()
                        && body.path("status").asInt() == answer.status()
                        && !body.path("detail").asText().isBlank();
                boolean ofrep = answer.header("content-type").equals("application/json")
                        && !body.path("errorCode").asText().isBlank()
                        && !body.path("errorDetails").asText().isBlank();
                return (problem || ofrep)
                        && !answer.text().contains("Exception")
                        && !answer.text().contains("at io.flagledger");
            } catch (IOException e) {
                return false;
            }
        }
    }
}
