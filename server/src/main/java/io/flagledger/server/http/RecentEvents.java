package io.flagledger.server.http;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.json.LedgerJson;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The events of an environment for those who follow it here. The last ones are kept, so that each is fetched once, from
 * whoever has the environment's past, and not once for each follower. Any number of threads may use it.
 */
final class RecentEvents {
    private static final int PAGE = 500;
    private static final int KEPT = 1_000;

    private final String environment;
    private final Routing routing;
    private final ReentrantLock lock = new ReentrantLock();
    private final TreeMap<Long, String> kept = new TreeMap<>();

    RecentEvents(String environment, Routing routing) {
        this.environment = environment;
        this.routing = routing;
    }

    /**
     * Some of the events behind a sequence, as JSON by sequence, none left out between them.
     *
     * @param wanted a sequence that exists, beyond the other
     * @param authorization of the one who asks
     * @throws ProblemException if they can't be had just now
     */
    Map<Long, String> behind(long sequence, long wanted, String authorization) throws InterruptedException {
        lock.lock();
        try {
            if (kept.containsKey(sequence + 1)) {
                return new TreeMap<>(kept.tailMap(sequence + 1));
            }
            Map<Long, String> fetched = fetch(sequence, wanted, authorization);
            if (kept.isEmpty() || kept.containsKey(sequence)) {
                kept.putAll(fetched);
                while (kept.size() > KEPT) {
                    kept.pollFirstEntry();
                }
            }
            return fetched;
        } finally {
            lock.unlock();
        }
    }

    private Map<Long, String> fetch(long sequence, long wanted, String authorization) throws InterruptedException {
        Map<Long, String> events = new TreeMap<>();
        for (JsonNode event : routing.events(environment, sequence, wanted, PAGE, authorization)) {
            events.put(event.path("sequence").asLong(), LedgerJson.print(event));
        }
        return events;
    }
}
