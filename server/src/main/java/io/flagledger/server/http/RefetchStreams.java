package io.flagledger.server.http;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.server.ofrep.StreamTokens;
import io.flagledger.server.push.Pushes;
import io.javalin.http.Context;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The event streams of OFREP: each tells its client to ask again, when it opens and whenever the environment has changed. An
 * event is the same bytes for all who hear of it.
 */
final class RefetchStreams implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger("io.flagledger.http");
    private static final byte[] PING = ":\n\n".getBytes(StandardCharsets.UTF_8);
    private static final int RETRY_MILLIS = 1_000;
    private static final int MOST = 50_000;
    private static final long CHECK_SECONDS = 5;
    private static final long PING_SECONDS = 15;
    private static final Duration LONGEST_UNREAD = Duration.ofSeconds(30);

    private final Clock clock = Clock.systemUTC();
    private final Map<String, Audience> audiences = new ConcurrentHashMap<>();
    private final ScheduledExecutorService pusher = Executors.newSingleThreadScheduledExecutor(RefetchStreams::daemon);
    private final Future<?> checking;
    private final Future<?> pinging;

    RefetchStreams() {
        checking = pusher.scheduleAtFixedRate(this::check, CHECK_SECONDS, CHECK_SECONDS, TimeUnit.SECONDS);
        pinging = pusher.scheduleAtFixedRate(this::ping, PING_SECONDS, PING_SECONDS, TimeUnit.SECONDS);
    }

    /** Whether there is room for another. */
    boolean isFull() {
        return open() >= MOST;
    }

    /** How many there are. */
    int open() {
        return audiences.values().stream()
                .mapToInt(audience -> audience.streams.size())
                .sum();
    }

    /** Answers with a stream, until what was granted expires. */
    void open(Context context, StreamTokens.Grant grant, FlagLedger flags) throws IOException {
        Audience audience = audiences.computeIfAbsent(grant.environment(), name -> new Audience(flags));
        EventStream stream = EventStream.open(context);
        audience.streams.put(stream, grant.expiry());
        stream.onEnd(() -> audience.streams.remove(stream));
        // Only now: what came before it was one of them has been told to the others, and not to this one.
        stream.offer(audience.event());
    }

    /**
     * What a client is told. It hands the {@code etag} on when it asks again, wherever that leads, so that whoever answers
     * can see to it that it knows as much.
     */
    private static String event(EnvironmentState state) {
        return "retry: %d\nid: %d\ndata: %s\n\n"
                .formatted(
                        RETRY_MILLIS,
                        state.sequence(),
                        LedgerJson.print(LedgerJson.object()
                                .put("type", "refetchEvaluation")
                                .put("etag", String.valueOf(state.sequence()))
                                .put("lastModified", state.ledgerTime().getEpochSecond())));
    }

    private void check() {
        Instant now = clock.instant();
        audiences.forEach((environment, audience) -> {
            audience.streams.forEach((stream, expiry) -> {
                if (!now.isBefore(expiry)) {
                    stream.end(); // the client asks for a new token, and is looked at again
                } else if (stream.blockedNanos() > LONGEST_UNREAD.toNanos()) {
                    log.info(
                            "an event stream of {} is dropped: its client has read nothing for {} s",
                            environment,
                            LONGEST_UNREAD.toSeconds());
                    stream.end();
                }
            });
        });
    }

    /** Writes to everybody, so that those who left are noticed, and nobody in between takes the line for dead. */
    private void ping() {
        audiences.values().forEach(audience -> audience.streams.keySet().forEach(stream -> stream.fill(PING)));
    }

    @Override
    public void close() {
        checking.cancel(true);
        pinging.cancel(true);
        pusher.shutdownNow();
        audiences.values().forEach(audience -> audience.streams.keySet().forEach(EventStream::end));
    }

    private static Thread daemon(Runnable work) {
        Thread thread = new Thread(work, "flag-ledger-ofrep");
        thread.setDaemon(true);
        return thread;
    }

    /** Those who listen to one environment, each until its token expires. */
    private final class Audience {
        private final FlagLedger flags;
        private final Map<EventStream, Instant> streams = new ConcurrentHashMap<>();

        Audience(FlagLedger flags) {
            this.flags = flags;
            Pushes pushes = new Pushes(pusher, this::push);
            flags.onChange(changed -> pushes.ask());
        }

        byte[] event() {
            return RefetchStreams.event(flags.state()).getBytes(StandardCharsets.UTF_8);
        }

        private void push() {
            byte[] event = event();
            streams.keySet().forEach(stream -> stream.offer(event));
        }
    }
}
