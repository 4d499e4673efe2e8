package io.flagledger.cli;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.kafka.EventRecord;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.TopicSetup;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The ledger that a command is about, with plain words for whatever stands between. */
final class Ledger {
    /** How long a Kafka that is there may take for its first answer. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(4);

    private static final Duration READ = Duration.ofSeconds(60);

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final String environment;

    private Ledger(KafkaConnection connection, LedgerTopics topics, String environment) {
        this.connection = connection;
        this.topics = topics;
        this.environment = environment;
    }

    /** The ledger of this session, once a port answers. */
    static Ledger of(Session session) {
        Ledger ledger = new Ledger(session.connection(), session.topics(), session.environment());
        ledger.knock();
        return ledger;
    }

    String environment() {
        return environment;
    }

    /** All flags as they are now. */
    EnvironmentState state() {
        return read(event -> {});
    }

    /** Hands out each event so far, oldest first. Creates nothing. */
    EnvironmentState read(Consumer<EventRecord> visitor) {
        try {
            requireExistence();
            return new LedgerReader(connection, topics, READ).read(environment, visitor);
        } catch (KafkaUnavailableException | KafkaException e) {
            throw silent(e);
        }
    }

    /** Opens the ledger for a change; makes the topics where there are none. */
    LedgerWriter writer() {
        try {
            return LedgerWriter.open(connection, topics, FIRST_ANSWER);
        } catch (KafkaUnavailableException | KafkaException e) {
            throw silent(e);
        }
    }

    /** Insists that somebody has made the ledger. */
    void requireExistence() {
        try {
            if (TopicSetup.find(connection, topics, FIRST_ANSWER).isEmpty()) {
                throw Complaint.refused(
                        "there is no ledger at %s yet: `ledger flag create` makes one".formatted(connection));
            }
        } catch (KafkaUnavailableException | KafkaException e) {
            throw silent(e);
        }
    }

    /** The flag of this state, or what to say when there is none. */
    static FlagState flag(EnvironmentState state, String key) {
        FlagState flag = state.flags().get(key);
        if (flag == null) {
            throw Complaint.refused("there is no flag '%s' in %s".formatted(Text.oneLine(key), state.environment())
                    + didYouMean(state, key));
        }
        return flag;
    }

    /** A guess as the end of a sentence, or nothing. */
    static String didYouMean(EnvironmentState state, String key) {
        return NearMatch.of(key, state.flags().sortedKeys())
                .map(near -> "; did you mean %s?".formatted(near))
                .orElse("");
    }

    /** Tries the ports themselves first: a Kafka client would take seconds to believe that nobody is there. */
    private void knock() {
        List<InetSocketAddress> addresses = new ArrayList<>();
        for (String server : connection.bootstrapServers().split(",", -1)) {
            addresses.add(address(server.strip()));
        }
        IOException last = null;
        for (InetSocketAddress address : addresses) {
            try (Socket socket = new Socket()) {
                InetSocketAddress resolved = new InetSocketAddress(address.getHostString(), address.getPort());
                socket.connect(resolved, (int) FIRST_ANSWER.toMillis() / addresses.size());
                return;
            } catch (IOException e) {
                last = e;
            }
        }
        throw nobody(last);
    }

    private static InetSocketAddress address(String server) {
        int colon = server.lastIndexOf(':');
        try {
            String host = server.substring(0, Math.max(0, colon)).replaceAll("^(?:[A-Z_]+://)?\\[?|]$", "");
            int port = Integer.parseInt(server.substring(colon + 1));
            if (!host.isEmpty() && port > 0) {
                return InetSocketAddress.createUnresolved(host, port);
            }
        } catch (IllegalArgumentException e) {
            // said below
        }
        throw Complaint.usage("'%s' is no HOST:PORT; --bootstrap takes one or several joined by commas"
                .formatted(Text.oneLine(server)));
    }

    private Complaint nobody(@Nullable Throwable cause) {
        return Complaint.unreachable(
                "no Kafka answers at %s: start one with `./ledger up`, or name another with --bootstrap"
                        .formatted(connection),
                cause);
    }

    private Complaint silent(RuntimeException cause) {
        return cause instanceof KafkaUnavailableException || cause instanceof TimeoutException
                ? Complaint.unreachable(
                        "something listens at %s but gives no answer as Kafka does (or is too slow): name another with --bootstrap"
                                .formatted(connection),
                        cause)
                : Complaint.unreachable("Kafka at %s: %s".formatted(connection, cause.getMessage()), cause);
    }
}
