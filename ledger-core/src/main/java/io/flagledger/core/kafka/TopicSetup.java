package io.flagledger.core.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AdminClientConfig;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Creates a ledger's topics where they are missing and refuses those that are wrong. */
public final class TopicSetup {
    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final Duration timeout;
    private final long deadline;

    private TopicSetup(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        this.connection = connection;
        this.topics = topics;
        this.timeout = timeout;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    /**
     * Sees to it that both topics exist and are as they must be.
     *
     * @param timeout how long to try
     * @throws WrongTopicException if one exists that is not
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public static LedgerId ensure(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        return new TopicSetup(connection, topics, timeout).run(true);
    }

    /**
     * Checks the topics without creating any.
     *
     * @return nothing if one is missing
     * @throws WrongTopicException if one exists that is not as it must be
     * @throws KafkaUnavailableException if Kafka did not answer in time
     */
    public static Optional<LedgerId> find(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        LedgerId id = new TopicSetup(connection, topics, timeout).run(false);
        return id.isComplete() ? Optional.of(id) : Optional.empty();
    }

    private LedgerId run(boolean create) {
        try (Admin admin = Admin.create(connection.with(Map.of(
                AdminClientConfig.REQUEST_TIMEOUT_MS_CONFIG, (int) Math.min(timeout.toMillis(), 5_000),
                AdminClientConfig.DEFAULT_API_TIMEOUT_MS_CONFIG, (int) timeout.toMillis())))) {
            String events = ensure(admin, TopicNeeds.ofEvents(topics), create);
            String state = ensure(admin, TopicNeeds.ofState(topics), create);
            return new LedgerId(events, state);
        }
    }

    private String ensure(Admin admin, TopicNeeds needs, boolean create) {
        Optional<TopicDescription> topic = describe(admin, needs.name());
        if (topic.isEmpty() && create) {
            create(admin, needs);
            topic = describe(admin, needs.name());
            while (topic.isEmpty() && System.nanoTime() < deadline) {
                topic = describe(admin, needs.name());
            }
        }
        if (topic.isEmpty()) {
            if (create) {
                throw new KafkaUnavailableException(
                        "see topic %s after its creation".formatted(needs.name()), timeout, null);
            }
            return "";
        }
        List<String> unmet = needs.unmetBy(topic.get().partitions().size(), settings(admin, needs.name()));
        if (!unmet.isEmpty()) {
            throw new WrongTopicException(String.join("\n", unmet));
        }
        return topic.get().topicId().toString();
    }

    private Optional<TopicDescription> describe(Admin admin, String name) {
        try {
            return Optional.ofNullable(
                    await(admin.describeTopics(List.of(name)).allTopicNames(), "look up topic " + name)
                            .get(name));
        } catch (UnknownTopicOrPartitionException e) {
            return Optional.empty();
        }
    }

    private void create(Admin admin, TopicNeeds needs) {
        NewTopic topic =
                new NewTopic(needs.name(), Optional.of(needs.partitions()), Optional.empty()).configs(needs.settings());
        try {
            await(admin.createTopics(List.of(topic)).all(), "create topic " + needs.name());
        } catch (TopicExistsException e) {
            // Somebody else was faster; what they made is checked like any other.
        }
    }

    private Map<String, String> settings(Admin admin, String name) {
        ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, name);
        String what = "read the settings of topic " + name;
        Config config =
                await(admin.describeConfigs(List.of(resource)).all(), what).get(resource);
        if (config == null) {
            throw unavailable(what, null);
        }
        Map<String, String> settings = new HashMap<>();
        new ArrayList<>(config.entries()).forEach(entry -> settings.put(entry.name(), entry.value()));
        return settings;
    }

    private <T> T await(KafkaFuture<T> future, String what) {
        try {
            return future.get(Math.max(1, deadline - System.nanoTime()), TimeUnit.NANOSECONDS);
        } catch (ExecutionException e) {
            if (e.getCause() instanceof RetriableException
                    && !(e.getCause() instanceof UnknownTopicOrPartitionException)) {
                throw unavailable(what, e.getCause());
            }
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            throw unavailable(what, e.getCause());
        } catch (TimeoutException e) {
            throw unavailable(what, e);
        } catch (InterruptedException e) {
            throw new InterruptException(e);
        }
    }

    private KafkaUnavailableException unavailable(String what, @Nullable Throwable cause) {
        return new KafkaUnavailableException("%s at %s".formatted(what, connection), timeout, cause);
    }
}
