package io.flagledger.benchmarks.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.kafka.LedgerTopics;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;

/** Waits until all are well by themselves when the last fault is over. */
final class Recovery {
    /** How long that may take. */
    static final Duration BOUND = Duration.ofSeconds(90);

    private static final long TICK_NANOS = 200_000_000;

    private interface Check {
        boolean holds() throws Exception;
    }

    private final FaultPlan plan;
    private final Path folder;
    private final FaultTown town;
    private final StateAsker asker;
    private final long began = System.nanoTime();

    /** Made when the last fault is over. */
    Recovery(FaultPlan plan, Path folder, FaultTown town, StateAsker asker) {
        this.plan = plan;
        this.folder = folder;
        this.town = town;
        this.asker = asker;
    }

    /** Returns what did not come to be well. */
    List<String> await(Map<String, Long> counts) throws Exception {
        Map<String, Check> open = new LinkedHashMap<>();
        open.put("every copy of the ledger in step", this::areCopiesInStep);
        open.put("every writer with an answer", this::haveWritersAnswers);
        open.put("every server ready", () -> areReady(town.servers()));
        open.put("every projector ready", () -> areReady(town.projectors()));
        open.put("every evaluator current", this::areEvaluatorsCurrent);
        Map<String, Long> took = new LinkedHashMap<>();
        while (!open.isEmpty() && System.nanoTime() - began < BOUND.toNanos()) {
            for (Map.Entry<String, Check> check : List.copyOf(open.entrySet())) {
                if (check.getValue().holds()) {
                    open.remove(check.getKey());
                    took.put(check.getKey(), (System.nanoTime() - began) / 1_000_000);
                }
            }
            LockSupport.parkNanos(TICK_NANOS);
        }
        took.forEach((what, millis) -> counts.put("after the last fault, ms: " + what, millis));
        List<String> problems = new ArrayList<>();
        open.keySet().forEach(what -> problems.add("after %s there is not yet %s".formatted(BOUND, what)));
        return problems;
    }

    private boolean areCopiesInStep() throws InterruptedException {
        String topic = LedgerTopics.DEFAULT.events();
        try (Admin admin = Admin.create(Map.of("bootstrap.servers", town.bootstrapServers()))) {
            TopicDescription found = admin.describeTopics(List.of(topic))
                    .allTopicNames()
                    .get(5, TimeUnit.SECONDS)
                    .get(topic);
            return found != null
                    && found.partitions().stream()
                            .allMatch(partition -> partition.isr().size() == FaultPlan.BROKERS);
        } catch (ExecutionException | TimeoutException e) {
            return false;
        }
    }

    private boolean haveWritersAnswers() throws IOException {
        for (int writer = 0; writer < plan.writers(); writer++) {
            if (Journal.read(folder, writer).stream()
                    .noneMatch(line -> line.nanos() > began
                            && (line.kind() == Journal.Kind.ACCEPTED || line.kind() == Journal.Kind.REFUSED))) {
                return false;
            }
        }
        return true;
    }

    private boolean areReady(List<URI> servers) {
        for (URI server : servers) {
            JsonNode answer = asker.get(server, "/readyz");
            if (answer == null
                    || !answer.path("evaluator").path("state").asText().equals("READY")) {
                return false;
            }
        }
        return true;
    }

    private boolean areEvaluatorsCurrent() throws IOException {
        for (int jvm = 0; jvm < plan.evaluatorJvms(); jvm++) {
            if (!Files.exists(town.observations(jvm))) {
                return false;
            }
            List<Observation> looks = Observation.last(town.observations(jvm), plan.evaluatorsPerJvm());
            if (looks.size() < plan.evaluatorsPerJvm()
                    || !looks.stream().allMatch(look -> look.isCurrent() && look.from() > began)) {
                return false;
            }
        }
        return true;
    }
}
