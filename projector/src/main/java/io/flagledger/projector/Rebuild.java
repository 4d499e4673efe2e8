package io.flagledger.projector;

import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerId;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.InterruptException;

/**
 * Takes away all that a projector has made for itself, so that its next start folds the ledger from the first event. The
 * ledger is not touched; the state topic neither, which the new projector brings up to date once it has come as far.
 *
 * @param applicationId whose everything this was
 * @param topics what was deleted
 * @param stores the folder that was deleted; nothing if there was none on this machine. On others it is of no harm: what
 *     it says was written to topics that are gone, and it is emptied there at the next start.
 */
public record Rebuild(String applicationId, List<String> topics, Optional<Path> stores) {
    public Rebuild {
        topics = List.copyOf(topics);
    }

    /**
     * Deletes the group, the internal topics and the stores on this machine.
     *
     * @param longest how long Kafka may take for each answer
     * @throws ProjectorRunsException if an instance runs; then nothing is deleted
     * @throws KafkaUnavailableException if Kafka does not answer; what was deleted by then stays deleted, so try again
     */
    public static Rebuild prepare(ProjectorConfig config, LedgerId ledger, Duration longest) {
        return new Preparation(config, config.applicationId(ledger), longest).run();
    }

    /** One go at it. */
    private record Preparation(ProjectorConfig config, String application, Duration longest) {

        Rebuild run() {
            try (Admin admin = Admin.create(config.connection().with(Map.of()))) {
                boolean hasGroup = refuseMembers(admin);
                List<String> topics = await(admin.listTopics().names(), "list topics").stream()
                        .filter(topic -> topic.startsWith(application + "-"))
                        .sorted()
                        .toList();
                if (hasGroup) {
                    await(admin.deleteConsumerGroups(List.of(application)).all(), "delete group " + application);
                }
                await(admin.deleteTopics(topics).all(), "delete topics " + topics);
                return new Rebuild(application, topics, deleteStores());
            }
        }

        /** Whether there is a group. */
        private boolean refuseMembers(Admin admin) {
            List<String> members = new ArrayList<>();
            try {
                for (ConsumerGroupDescription group : await(
                                admin.describeConsumerGroups(List.of(application))
                                        .all(),
                                "look up group " + application)
                        .values()) {
                    for (MemberDescription member : group.members()) {
                        members.add(member.groupInstanceId().orElse(member.clientId()) + " at " + member.host());
                    }
                }
            } catch (GroupIdNotFoundException e) {
                return false;
            }
            if (!members.isEmpty()) {
                throw new ProjectorRunsException(application, members);
            }
            return true;
        }

        private Optional<Path> deleteStores() {
            Path stores = config.storesOf(application);
            if (!Files.exists(stores)) {
                return Optional.empty();
            }
            try (Stream<Path> all = Files.walk(stores)) {
                for (Path path : all.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(path);
                }
            } catch (IOException e) {
                throw new UncheckedIOException("can't delete the stores in " + stores, e);
            }
            return Optional.of(stores);
        }

        private <T> T await(KafkaFuture<T> future, String what) {
            String tried = "%s at %s".formatted(what, config.connection());
            try {
                return future.get(longest.toNanos(), TimeUnit.NANOSECONDS);
            } catch (ExecutionException e) {
                if (e.getCause() instanceof GroupIdNotFoundException notFound) {
                    throw notFound;
                }
                throw new KafkaUnavailableException(tried, longest, e.getCause());
            } catch (TimeoutException e) {
                throw new KafkaUnavailableException(tried, longest, e);
            } catch (InterruptedException e) {
                throw new InterruptException(e);
            }
        }
    }
}
