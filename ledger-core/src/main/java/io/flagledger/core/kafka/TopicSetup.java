package io.flagledger.core.kafka;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthenticationException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.TopicExistsException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Creates a ledger's topics where they are missing and refuses those that are wrong. */
public final class TopicSetup {
    private static final Logger log = LoggerFactory.getLogger(TopicSetup.class);
    private static final Duration PAUSE = Duration.ofMillis(20);

    private final KafkaConnection connection;
    private final LedgerTopics topics;
    private final List<TopicNeeds> needs;
    private final Duration timeout;
    private final long deadline;

    private TopicSetup(KafkaConnection connection, LedgerTopics topics, List<TopicNeeds> needs, Duration timeout) {
        this.connection = connection;
        this.topics = topics;
        this.needs = needs;
        this.timeout = timeout;
        this.deadline = System.nanoTime() + timeout.toNanos();
    }

    private static TopicSetup toAppend(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        return new TopicSetup(
                connection, topics, List.of(TopicNeeds.ofEventsToCome(topics), TopicNeeds.ofState(topics)), timeout);
    }

    /**
     * Sees to it that both topics exist and are as they must be for a writer.
     *
     * @param timeout how long to try
     * @throws WrongTopicException if one exists that is not
     * @throws KafkaUnavailableException if Kafka did not answer in time, or lets us not in
     */
    public static LedgerId ensure(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        TopicSetup setup = toAppend(connection, topics, timeout);
        try (Admin admin = connection.admin(timeout)) {
            return setup.ensure(admin);
        }
    }

    /** What a writer needs, without creating any of it. */
    static Optional<LedgerId> findToAppend(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        TopicSetup setup = toAppend(connection, topics, timeout);
        try (Admin admin = connection.admin(timeout)) {
            return setup.find(admin);
        }
    }

    /**
     * Checks the topics without creating any, for somebody who only reads them.
     *
     * @return nothing if one is missing
     * @throws WrongTopicException if one exists that is not as it must be
     * @throws KafkaUnavailableException if Kafka did not answer in time, or lets us not in
     */
    public static Optional<LedgerId> find(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        try (Admin admin = connection.admin(timeout)) {
            return find(connection, admin, topics, timeout);
        }
    }

    /** The same, by a client that is there already. */
    public static Optional<LedgerId> find(
            KafkaConnection connection, Admin admin, LedgerTopics topics, Duration timeout) {
        List<TopicNeeds> needs = List.of(TopicNeeds.ofEvents(topics), TopicNeeds.ofState(topics));
        return new TopicSetup(connection, topics, needs, timeout).find(admin);
    }

    /**
     * Checks the events topic alone, which is the whole ledger: a mirror may have no other.
     *
     * @return its id; nothing if it is missing
     * @throws WrongTopicException if it is not as it must be
     * @throws KafkaUnavailableException if Kafka did not answer in time, or lets us not in
     */
    public static Optional<String> findEvents(KafkaConnection connection, LedgerTopics topics, Duration timeout) {
        TopicSetup setup = new TopicSetup(connection, topics, List.of(TopicNeeds.ofEvents(topics)), timeout);
        try (Admin admin = connection.admin(timeout)) {
            return Optional.ofNullable(setup.found(admin).get(topics.events())).map(TopicSetup::id);
        }
    }

    private LedgerId ensure(Admin admin) {
        Map<String, TopicDescription> found = found(admin); // before anything is created beside a topic that is wrong
        if (found.size() < needs.size()) {
            create(
                    admin,
                    needs.stream()
                            .filter(need -> !found.containsKey(need.name()))
                            .toList());
            Map<String, TopicDescription> created = awaitAll(admin);
            check(admin, created);
            return ledger(created).orElseThrow();
        }
        return ledger(found).orElseThrow();
    }

    private Optional<LedgerId> find(Admin admin) {
        return ledger(found(admin));
    }

    private Optional<LedgerId> ledger(Map<String, TopicDescription> found) {
        TopicDescription events = found.get(topics.events());
        TopicDescription state = found.get(topics.state());
        return events == null || state == null ? Optional.empty() : Optional.of(new LedgerId(id(events), id(state)));
    }

    private static String id(TopicDescription topic) {
        return topic.topicId().toString();
    }

    /** The topics that exist, all of which are as they must be. */
    private Map<String, TopicDescription> found(Admin admin) {
        Map<String, TopicDescription> found = describe(admin);
        check(admin, found);
        return found;
    }

    private void check(Admin admin, Map<String, TopicDescription> found) {
        Map<String, Map<String, String>> settings = settings(admin, found.keySet());
        List<String> unmet = new ArrayList<>();
        for (TopicNeeds need : needs) {
            TopicDescription topic = found.get(need.name());
            if (topic != null) {
                Map<String, String> actual = settings.getOrDefault(need.name(), Map.of());
                unmet.addAll(need.unmetBy(topic.partitions().size(), actual));
                String risk = need.risk(topic.partitions().get(0).replicas().size(), actual);
                if (risk != null && need.name().equals(topics.events())) {
                    log.warn(risk);
                }
            }
        }
        if (!unmet.isEmpty()) {
            throw new WrongTopicException(String.join("\n", unmet));
        }
    }

    private Map<String, TopicDescription> describe(Admin admin) {
        Map<String, TopicDescription> found = new HashMap<>();
        Map<String, KafkaFuture<TopicDescription>> answers = admin.describeTopics(
                        needs.stream().map(TopicNeeds::name).toList())
                .topicNameValues();
        new TreeMap<>(answers).forEach((name, answer) -> {
            try {
                found.put(name, await(answer, "look up topic " + name));
            } catch (UnknownTopicOrPartitionException e) {
                log.debug("there is no topic {}", name);
            }
        });
        return found;
    }

    /** A cluster may tell of a new topic only a while after it was created, and of its leaders later still. */
    private Map<String, TopicDescription> awaitAll(Admin admin) {
        while (true) {
            Map<String, TopicDescription> found = describe(admin);
            if (found.size() == needs.size() && found.values().stream().allMatch(TopicSetup::isLed)) {
                return found;
            }
            if (System.nanoTime() > deadline) {
                throw unavailable(
                        "see topics %s and %s after their creation".formatted(topics.events(), topics.state()), null);
            }
            LockSupport.parkNanos(PAUSE.toNanos());
        }
    }

    private static boolean isLed(TopicDescription topic) {
        return topic.partitions().stream().allMatch(partition -> partition.leader() != null);
    }

    private void create(Admin admin, List<TopicNeeds> missing) {
        List<NewTopic> all = missing.stream()
                .map(needed -> new NewTopic(needed.name(), Optional.of(needed.partitions()), Optional.empty())
                        .configs(needed.settings()))
                .toList();
        admin.createTopics(all).values().forEach((name, answer) -> {
            try {
                await(answer, "create topic " + name);
            } catch (TopicExistsException e) {
                log.debug("somebody else was faster to create topic {}", name); // and it is checked like any other
            }
        });
    }

    private Map<String, Map<String, String>> settings(Admin admin, Set<String> names) {
        if (names.isEmpty()) {
            return Map.of();
        }
        List<ConfigResource> resources = names.stream()
                .map(name -> new ConfigResource(ConfigResource.Type.TOPIC, name))
                .toList();
        Map<String, Map<String, String>> settings = new HashMap<>();
        await(
                        admin.describeConfigs(resources).all(),
                        "read the settings of topics " + String.join(", ", new TreeSet<>(names)))
                .forEach((resource, config) -> {
                    Map<String, String> ofTopic = new HashMap<>();
                    config.entries().forEach(entry -> ofTopic.put(entry.name(), entry.value()));
                    settings.put(resource.name(), ofTopic);
                });
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
            if (e.getCause() instanceof AuthenticationException || e.getCause() instanceof AuthorizationException) {
                throw KafkaUnavailableException.refused("%s at %s".formatted(what, connection), e.getCause());
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
