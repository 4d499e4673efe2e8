package io.flagledger.benchmarks.chaos;

import com.fasterxml.jackson.databind.JsonNode;
import io.flagledger.core.codec.StateDigest;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.EnvironmentState;
import io.flagledger.core.fold.Fold;
import io.flagledger.core.json.LedgerJson;
import io.flagledger.core.json.TravelJson;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.PublishedState;
import java.io.IOException;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;

/** Whether everybody holds the same state when nothing is written any more: the log's own fold, the state topic, projectors, servers and evaluators. */
final class Agreement {
    private static final long TICK_NANOS = 500_000_000;

    private final FaultPlan plan;
    private final FaultTown town;
    private final StateAsker asker;
    private final KafkaConnection connection;

    Agreement(FaultPlan plan, FaultTown town, StateAsker asker, KafkaConnection connection) {
        this.plan = plan;
        this.town = town;
        this.asker = asker;
        this.connection = connection;
    }

    /** Returns who holds something else, or nothing, when there was time enough. */
    List<String> await(List<Recorded> ledger, Map<String, Long> counts) throws IOException {
        EnvironmentState state = EnvironmentState.empty(WriterProcess.ENVIRONMENT);
        for (Recorded recorded : ledger) {
            state = Fold.apply(state, recorded);
        }
        long began = System.nanoTime();
        List<String> open = differences(state);
        while (!open.isEmpty() && System.nanoTime() - began < Recovery.BOUND.toNanos()) {
            LockSupport.parkNanos(TICK_NANOS);
            open = differences(state);
        }
        counts.put("all of one digest after the last event, ms", (System.nanoTime() - began) / 1_000_000);
        return open;
    }

    private List<String> differences(EnvironmentState state) throws IOException {
        String digest = StateDigest.of(state).toString();
        List<String> found = new ArrayList<>();
        PublishedState.read(connection, LedgerTopics.DEFAULT, WriterProcess.ENVIRONMENT, WriterProcess.PATIENCE)
                .map(published -> StateDigest.of(published).toString())
                .filter(digest::equals)
                .ifPresentOrElse(same -> {}, () -> found.add("the state topic is not what the ledger says"));
        String flags = "/api/v1/environments/" + WriterProcess.ENVIRONMENT + "/flags";
        JsonNode right =
                LedgerJson.parse(LedgerJson.print(TravelJson.state(state))).path("flags");
        for (URI server : town.servers()) {
            JsonNode answer = asker.get(server, flags);
            if (answer == null || !answer.path("flags").equals(right)) {
                found.add(server + " does not tell the flags that the ledger has");
            }
        }
        town.projectors().forEach(projector -> compare(projector, digest, found));
        for (int jvm = 0; jvm < plan.evaluatorJvms(); jvm++) {
            for (Observation look : Observation.last(town.observations(jvm), plan.evaluatorsPerJvm())) {
                if (!look.isCurrent() || !look.digest().equals(digest)) {
                    found.add("evaluator %d is %s at %d with another state"
                            .formatted(look.evaluator(), look.state(), look.sequence()));
                }
            }
        }
        return found;
    }

    private void compare(URI projector, String digest, List<String> found) {
        JsonNode answer = asker.get(projector, "/api/v1/instances?environment=" + WriterProcess.ENVIRONMENT);
        int held = 0;
        if (answer != null) {
            for (JsonNode instance : answer.path("instances")) {
                for (JsonNode environment : instance.path("environments")) {
                    boolean own = instance.path("address").asText().equals(projector.getAuthority());
                    held += own ? 1 : 0;
                    if (own && !environment.path("stateDigest").asText().equals(digest)) {
                        found.add(projector + " holds another state: " + environment);
                    }
                }
            }
        }
        if (held != 1 && plan.projectors() < 3) { // with one standby, each of two holds it
            found.add(projector + " holds the environment " + held + " times");
        }
    }
}
