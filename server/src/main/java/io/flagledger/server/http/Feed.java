package io.flagledger.server.http;

import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.FlagLedger;
import io.javalin.http.Context;
import io.javalin.http.sse.SseClient;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * {@code GET …/feed}: every event as it comes, as server-sent events whose ids are sequences. A client that comes back
 * with {@code Last-Event-ID}, or comes with {@code ?after=N}, gets what it missed first.
 */
final class Feed implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.http");
    private static final long RETRY_SECONDS = 1;
    private static final long PING_SECONDS = 15;

    private final Services services;
    private final Routing routing;
    private final Map<String, Source> sources = new ConcurrentHashMap<>();
    private final Set<Client> clients = ConcurrentHashMap.newKeySet();
    private final ExecutorService senders = Executors.newCachedThreadPool(Feed::daemon);
    private final ScheduledExecutorService pings = Executors.newSingleThreadScheduledExecutor(Feed::daemon);
    private final Future<?> pinging;

    Feed(Services services, Routing routing) {
        this.services = services;
        this.routing = routing;
        services.metrics().streams("feed", clients::size);
        this.pinging = pings.scheduleAtFixedRate(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
    }

    /** Refuses what can't be served before the answer begins, for after that no status can be told. */
    void check(Context context) throws InterruptedException {
        services.flags(Requests.environment(context), 0);
        String accept = context.header("Accept");
        if (accept == null || !accept.contains("text/event-stream")) {
            throw Problem.of(
                            406,
                            "not-acceptable",
                            "This is an event stream",
                            "ask for it with the header Accept: text/event-stream")
                    .asException();
        }
        after(context, 0);
    }

    void open(SseClient sse) {
        String environment = Requests.environment(sse.ctx());
        Source source = sources.computeIfAbsent(environment, this::source);
        long head = source.sequence();
        Client client = new Client(source, sse, Math.min(head, after(sse.ctx(), head)));
        clients.add(client);
        sse.keepAlive();
        sse.onClose(() -> clients.remove(client));
        sse.sendEvent(
                "head",
                LedgerJson.print(
                        LedgerJson.object().put("environment", environment).put("sequence", head)),
                String.valueOf(client.sent));
        client.wake();
    }

    private static long after(Context context, long head) {
        String last = context.header("Last-Event-ID");
        if (last != null && last.matches("\\d{1,18}")) {
            return Long.parseLong(last);
        }
        return Requests.whole(context, "after", head);
    }

    /** Writes to everybody, so that those who left are noticed. */
    private void ping() {
        clients.forEach(Client::ping);
    }

    private Source source(String environment) {
        FlagLedger flags = services.live().follow(environment);
        Source source = new Source(environment, flags, new RecentEvents(environment, routing));
        flags.onChange(changed -> wake(environment));
        return source;
    }

    private void wake(String environment) {
        for (Client client : clients) {
            if (client.source.environment().equals(environment)) {
                client.wake();
            }
        }
    }

    @Override
    public void close() {
        pinging.cancel(true);
        pings.shutdownNow();
        senders.shutdownNow();
        clients.forEach(client -> client.sse.close());
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "flag-ledger-feed");
        thread.setDaemon(true);
        return thread;
    }

    /** Somebody who listens. Each has at most one sender at work, so a slow one holds up nobody else. */
    private final class Client {
        private final Source source;
        private final SseClient sse;
        private final AtomicInteger wakes = new AtomicInteger();
        private final String authorization;
        private final Instant expiresAt;
        private long sent;

        Client(Source source, SseClient sse, long after) {
            this.source = source;
            this.sse = sse;
            this.authorization = Callers.authorization(sse.ctx());
            this.expiresAt = Callers.of(sse.ctx()).expiresAt();
            this.sent = after;
        }

        /** A feed goes no further than the token that opened it; whoever has a newer one comes back with that. */
        boolean isExpired() {
            return Instant.now().isAfter(expiresAt);
        }

        void wake() {
            if (wakes.getAndIncrement() == 0) {
                try {
                    senders.execute(this::send);
                } catch (RejectedExecutionException e) {
                    sse.close(); // the server is closing
                }
            }
        }

        /** In a thread of its own, so that one who does not read holds up nobody else's. */
        void ping() {
            try {
                senders.execute(isExpired() ? sse::close : () -> sse.sendComment("ping"));
            } catch (RejectedExecutionException e) {
                sse.close(); // the server is closing
            }
        }

        private void send() {
            int answered;
            do {
                answered = wakes.get();
                try {
                    sendAll();
                } catch (ProblemException e) {
                    log.info("a feed of {} waits: {}", source.environment(), e.getMessage());
                    again();
                } catch (RuntimeException e) {
                    log.info(
                            "a feed of {} is closed; its client will come back and get what it missed: {}",
                            source.environment(),
                            e.toString());
                    sse.close();
                } catch (InterruptedException e) {
                    sse.close(); // the server is closing
                }
            } while (!wakes.compareAndSet(answered, 0));
        }

        private void sendAll() throws InterruptedException {
            long head = source.sequence();
            while (sent < head) {
                if (isExpired()) {
                    sse.close();
                    return;
                }
                Map<Long, String> events = source.events().behind(sent, head, authorization);
                if (events.isEmpty()) {
                    return; // the past is stopped before them
                }
                for (Map.Entry<Long, String> event : events.entrySet()) {
                    if (sse.terminated()) {
                        return;
                    }
                    sent = event.getKey();
                    sse.sendEvent("change", event.getValue(), String.valueOf(sent));
                }
            }
        }

        /** Who has the past is away or moving: asks again in a while. */
        private void again() {
            try {
                Future<?> unused = pings.schedule(this::wake, RETRY_SECONDS, TimeUnit.SECONDS);
            } catch (RejectedExecutionException e) {
                sse.close(); // the server is closing
            }
        }
    }

    /** What a feed tells of: evaluators say at once that something happened, the past says what. */
    private record Source(String environment, FlagLedger flags, RecentEvents events) {
        long sequence() {
            return flags.state().sequence();
        }
    }
}
