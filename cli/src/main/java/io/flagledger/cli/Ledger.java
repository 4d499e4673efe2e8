package io.flagledger.cli;

import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.FlagState;
import io.flagledger.core.kafka.EventRecord;
import io.flagledger.core.kafka.EventVisitor;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerId;
import io.flagledger.core.kafka.LedgerReader;
import io.flagledger.core.kafka.LedgerTail;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.core.kafka.Progress;
import io.flagledger.core.kafka.Reading;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.core.registry.RegistryRefusedException;
import io.flagledger.core.registry.RegistryUnavailableException;
import io.flagledger.core.travel.Cut;
import io.flagledger.core.travel.LedgerHistory;
import io.flagledger.core.travel.NoSuchPositionException;
import java.io.IOException;
import java.io.PrintWriter;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The ledger that a command is about, with plain words for whatever stands between. */
final class Ledger {
    /** How long a Kafka that is there may take for its first answer. */
    private static final Duration FIRST_ANSWER = Duration.ofSeconds(4);

    /** How long Kafka may stay silent in the middle of a read. */
    private static final Duration SILENCE = Duration.ofSeconds(15);

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final String environment;
    private final PrintWriter err;

    private Ledger(KafkaConnection connection, LedgerTopics topics, String environment, PrintWriter err) {
        this.connection = connection;
        this.topics = topics;
        this.environment = environment;
        this.err = err;
    }

    /** The ledger of this session, once a port answers. */
    static Ledger of(Session session) {
        Ledger ledger = new Ledger(session.connection(), session.topics(), session.environment(), session.err());
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

    /** All flags as they were. */
    EnvironmentState at(Cut cut) {
        return ask(history -> history.at(cut));
    }

    /** Hands out each event so far, oldest first. Creates nothing. */
    EnvironmentState read(Consumer<EventRecord> visitor) {
        return read(Reading.ALL, event -> {
            visitor.accept(event);
            return true;
        });
    }

    /** Hands out the events that are wanted, oldest first. Creates nothing. */
    EnvironmentState read(Reading wanted, EventVisitor visitor) {
        return tell(bar -> reader().read(environment, wanted.telling(bar), visitor));
    }

    /** Puts a question about the past. Creates nothing. */
    <T> T ask(Function<LedgerHistory, T> question) {
        return tell(bar -> question.apply(reader().history(environment, bar)));
    }

    /** Follows the events that are wanted. The ledger must be there. */
    LedgerTail follow(Reading wanted) {
        return reader().follow(environment, wanted);
    }

    private LedgerReader reader() {
        return new LedgerReader(connection, topics, SILENCE);
    }

    private <T> T tell(Function<Progress, T> read) {
        requireExistence();
        try (ProgressBar bar = new ProgressBar(err)) {
            return read.apply(bar);
        } catch (NoSuchPositionException e) {
            throw Complaint.refused(String.valueOf(e.getMessage()), e);
        } catch (KafkaUnavailableException | KafkaException e) {
            throw silent(e);
        }
    }

    /** Opens the ledger for a change; makes the topics where there are none. */
    LedgerWriter writerOrNew() {
        return answered(() -> LedgerWriter.open(connection, topics, FIRST_ANSWER));
    }

    /** Opens the ledger, which must be there, for a change. */
    LedgerWriter writer() {
        return answered(() -> LedgerWriter.find(connection, topics, FIRST_ANSWER))
                .orElseThrow(this::nothingThere);
    }

    /** Insists that somebody has made the ledger, and tells its id. */
    String requireExistence() {
        return id().orElseThrow(this::nothingThere);
    }

    /** Insists that somebody has made the ledger, and sees to it that all is there to project it. */
    LedgerId toProject() {
        requireExistence();
        return answered(() -> TopicSetup.ensure(connection, topics, FIRST_ANSWER));
    }

    private Complaint nothingThere() {
        return Complaint.refused("there is no ledger at %s yet: `ledger flag create` makes one".formatted(connection));
    }

    /** Kafka's id of the events topic; nothing if nobody has made the ledger. */
    Optional<String> id() {
        return answered(() -> TopicSetup.findEvents(connection, topics, FIRST_ANSWER));
    }

    private <T> T answered(Supplier<T> question) {
        try {
            return question.get();
        } catch (KafkaUnavailableException | KafkaException e) {
            throw silent(e);
        }
    }

    /** The offset of the last event in each partition of the events topic that holds any. */
    Map<Integer, Long> lastOffsets() {
        return answered(() -> {
            Map<Integer, Long> last = new TreeMap<>();
            try (KafkaConsumer<byte[], byte[]> consumer = connection.consumer(SILENCE)) {
                for (int number = 0; number < topics.partitions(); number++) {
                    long offset = lastOffset(consumer, new TopicPartition(topics.events(), number));
                    if (offset >= 0) {
                        last.put(number, offset);
                    }
                }
            }
            return last;
        });
    }

    /** Looks back from the end, ever further: what stands there may be marks of transactions, and ones that were given up. */
    private static long lastOffset(KafkaConsumer<byte[], byte[]> consumer, TopicPartition partition) {
        List<TopicPartition> one = List.of(partition);
        consumer.assign(one);
        long end = consumer.endOffsets(one).getOrDefault(partition, 0L);
        for (long back = 16; ; back *= 4) {
            consumer.seek(partition, Math.max(0, end - back));
            long last = -1;
            while (consumer.position(partition) < end) {
                for (ConsumerRecord<byte[], byte[]> event : consumer.poll(Duration.ofMillis(100))) {
                    last = event.offset();
                }
            }
            if (last >= 0 || back >= end) {
                return last;
            }
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
        if (cause.getCause() instanceof RegistryUnavailableException
                || cause.getCause() instanceof RegistryRefusedException) {
            return Complaint.unreachable(String.valueOf(cause.getMessage()), cause);
        }
        if (cause instanceof KafkaUnavailableException refused && refused.isLasting()) {
            return Complaint.unreachable(
                    refused.getMessage()
                            + (refused.getCause() instanceof AuthorizationException
                                    ? "\n`ledger acls` tells what must be allowed"
                                    : ""),
                    cause);
        }
        return cause instanceof KafkaUnavailableException || cause instanceof TimeoutException
                ? Complaint.unreachable(
                        "something listens at %s but gives no answer as Kafka does (or is too slow): name another with --bootstrap"
                                .formatted(connection),
                        cause)
                : Complaint.unreachable("Kafka at %s: %s".formatted(connection, cause.getMessage()), cause);
    }
}
