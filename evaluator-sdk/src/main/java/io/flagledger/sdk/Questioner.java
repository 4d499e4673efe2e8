package io.flagledger.sdk;

import io.flagledger.core.kafka.KafkaConnection;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The client that questions are put to Kafka by. For one thread. */
final class Questioner implements AutoCloseable {
    /*
     * Made anew after a question that was not answered. Kafka's admin client remembers who leads a partition, and where that
     * broker was gone for a while it may wait for it in vain, every question until its timeout (KAFKA-20673, in 4.3.1).
     */
    private static final Duration LONGEST_PACE = Duration.ofSeconds(1);
    private static final Duration SHORTEST_QUESTION = Duration.ofSeconds(1);
    private static final Duration LONGEST_QUESTION = Duration.ofMillis(1_500);

    private final KafkaConnection connection;
    private final Duration callTimeout;
    private @Nullable Admin admin;

    Questioner(KafkaConnection connection, Duration callTimeout) {
        this.connection = connection;
        this.callTimeout = callTimeout;
    }

    /** From one question to the next, if answers are to be told stale after this silence. */
    static Duration pace(Duration staleAfter) {
        return least(staleAfter.dividedBy(5), LONGEST_PACE);
    }

    /** How long a question may take. */
    static Duration patience(Duration staleAfter) {
        Duration half = staleAfter.dividedBy(2);
        return half.compareTo(SHORTEST_QUESTION) < 0 ? SHORTEST_QUESTION : least(half, LONGEST_QUESTION);
    }

    private static Duration least(Duration one, Duration other) {
        return one.compareTo(other) < 0 ? one : other;
    }

    Admin admin() {
        Admin known = admin;
        if (known == null) {
            known = connection.admin(callTimeout);
            admin = known;
        }
        return known;
    }

    /**
     * How many answers each broker has given to this client. Whoever answered something between two calls has another number in the
     * second.
     */
    static Map<Integer, Double> answers(Admin admin) {
        Map<Integer, Double> answers = new HashMap<>();
        admin.metrics().forEach((name, metric) -> {
            String node = name.tags().get("node-id");
            if (node != null && name.name().equals("response-total")) {
                int broker = Integer.parseInt(node.substring("node-".length()));
                if (broker >= 0) { // below are addresses that were given, before it is known who is there
                    answers.put(broker, (Double) metric.metricValue());
                }
            }
        });
        return answers;
    }

    /** Lets the next question be put by another client than this. */
    @SuppressWarnings("ReferenceEquality") // each client is an object of its own
    void gaveNoAnswer(Admin asked) {
        if (admin == asked) {
            renew();
        }
    }

    /** Lets the next question be put by another client, which looks for the brokers anew. */
    void renew() {
        close();
    }

    @Override
    public void close() {
        Admin known = admin;
        admin = null;
        if (known != null) {
            known.close(Duration.ZERO);
        }
    }
}
