package io.flagledger.sdk;

import io.flagledger.core.kafka.KafkaConnection;
import java.time.Duration;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/** The client that questions are put to Kafka by. For one thread. */
final class Questioner implements AutoCloseable {
    /*
     * Made anew after a question that was not answered. Kafka's admin client remembers who leads a partition, and where that
     * broker was gone for a while it may wait for it in vain, every question until its timeout (KAFKA-20673, in 4.3.1).
     */
    private final KafkaConnection connection;
    private final Duration callTimeout;
    private @Nullable Admin admin;

    Questioner(KafkaConnection connection, Duration callTimeout) {
        this.connection = connection;
        this.callTimeout = callTimeout;
    }

    Admin admin() {
        Admin known = admin;
        if (known == null) {
            known = connection.admin(callTimeout);
            admin = known;
        }
        return known;
    }

    /** Lets the next question be put by another client than this. */
    @SuppressWarnings("ReferenceEquality") // each client is an object of its own
    void gaveNoAnswer(Admin asked) {
        if (admin == asked) {
            close();
        }
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
