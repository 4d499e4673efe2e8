package io.flagledger.benchmarks.chaos;

import static java.util.Objects.requireNonNull;

import io.flagledger.embedded.KafkaProxy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/**
 * Evaluators in several processes follow an environment that is changed all the time, while the broker is killed and
 * started again, their connections are cut or swallow what is sent, they are put to sleep, and the projector is killed.
 * Whatever they say and decide is held against what the ledger was and what had been acknowledged by then.
 */
public final class EvaluatorChaos implements AutoCloseable {
    private static final EvaluatorPlan FULL = new EvaluatorPlan(
            4,
            5,
            30,
            Duration.ofMinutes(10),
            Duration.ofSeconds(16),
            Duration.ofSeconds(12),
            Duration.ofSeconds(5),
            Duration.ofSeconds(2),
            20_261_125);
    private static final String ENVIRONMENT = WriterProcess.ENVIRONMENT;
    private static final String BROKER = "death of the broker";
    private static final String CUT = "cut";
    private static final String DEAF = "silence";
    private static final String NAP = "nap";
    private static final String PROJECTOR = "death of the projector";
    private static final Duration CALM = Duration.ofMinutes(2);

    /** For how long evaluators are looked at when all should be over. */
    private static final Duration AFTERMATH = Duration.ofSeconds(1);

    private static final long TICK_NANOS = 50_000_000;

    private final EvaluatorPlan plan;
    private final Path folder;
    private final List<KafkaProxy> proxies = new ArrayList<>();
    private final List<OtherJvm> evaluators = new ArrayList<>();
    private @Nullable OtherJvm broker;
    private @Nullable OtherJvm projector;
    private String bootstrapServers = "";
    private int brokers;

    private EvaluatorChaos(EvaluatorPlan plan, Path folder) {
        this.plan = plan;
        this.folder = folder;
    }

    /** Runs it in full, or for as many seconds as are given. The exit status is 1 if anything was wrong. */
    public static void main(String[] arguments) throws Exception {
        EvaluatorPlan plan = arguments.length == 0
                ? FULL
                : new EvaluatorPlan(
                        FULL.jvms(),
                        FULL.evaluatorsPerJvm(),
                        FULL.changesPerSecond(),
                        Duration.ofSeconds(Long.parseLong(arguments[0])),
                        FULL.betweenTroubles(),
                        FULL.longestTrouble(),
                        FULL.staleAfter(),
                        FULL.convergence(),
                        FULL.seed());
        Path folder = Files.createTempDirectory("evaluator-chaos");
        Report report = run(plan, folder);
        System.out.println(report);
        System.out.println("what was seen, and logs, are in " + folder);
        System.exit(report.problems().isEmpty() ? 0 : 1);
    }

    /** Runs a plan in a folder that is empty. */
    public static Report run(EvaluatorPlan plan, Path folder) throws Exception {
        try (EvaluatorChaos chaos = new EvaluatorChaos(plan, folder)) {
            return chaos.rage();
        }
    }

    /** Whether no word can come from Kafka during it. */
    static boolean isSilence(Trouble.Spell spell) {
        return spell.kind().equals(BROKER)
                || spell.kind().equals(CUT)
                || spell.kind().equals(DEAF);
    }

    /** Whether evaluators notice it at all. */
    static boolean isFelt(Trouble.Spell spell) {
        return !spell.kind().equals(PROJECTOR);
    }

    private Report rage() throws Exception {
        long started = System.nanoTime();
        startBroker();
        SteadyWriter writer = new SteadyWriter(bootstrapServers, ENVIRONMENT, plan.changesPerSecond(), plan.seed());
        writer.start();
        startProjector();
        startEvaluators();
        List<Trouble> troubles = troubles();
        troubles.forEach(Trouble::start);
        LockSupport.parkNanos(plan.length().toNanos());
        troubles.forEach(Trouble::endSoon);
        List<Trouble.Spell> spells = new ArrayList<>();
        for (Trouble trouble : troubles) {
            spells.addAll(trouble.spells());
        }
        writer.end();
        long end = System.nanoTime();
        long last = writer.known().last(ENVIRONMENT).sequence();
        while (!areAlike(last) && System.nanoTime() - end < plan.convergence().toNanos()) {
            LockSupport.parkNanos(TICK_NANOS);
        }
        LockSupport.parkNanos(AFTERMATH.toNanos());
        evaluators.forEach(OtherJvm::close);
        EvaluatorVerdict verdict = new EvaluatorVerdict(plan, ENVIRONMENT, writer, spells, end);
        for (int process = 0; process < plan.jvms(); process++) {
            verdict.read(process, observations(process));
        }
        Map<String, Long> counts = new LinkedHashMap<>();
        counts.put("events accepted", writer.known().last(ENVIRONMENT).sequence());
        counts.put("Kafka unavailable to the writer", writer.unavailable());
        for (String kind : List.of(BROKER, CUT, DEAF, NAP, PROJECTOR)) {
            counts.put(
                    kind,
                    spells.stream().filter(spell -> spell.kind().equals(kind)).count());
        }
        return verdict.report(counts, Duration.ofNanos(System.nanoTime() - started));
    }

    private List<Trouble> troubles() {
        return List.of(
                trouble(BROKER, 0, whom -> requireNonNull(broker).close(), whom -> startBroker()),
                trouble(
                        CUT,
                        plan.jvms(),
                        whom -> each(whom, proxies, KafkaProxy::cut),
                        whom -> each(whom, proxies, KafkaProxy::restore)),
                trouble(
                        DEAF,
                        plan.jvms(),
                        whom -> each(whom, proxies, KafkaProxy::beDeaf),
                        whom -> each(whom, proxies, KafkaProxy::listen)),
                trouble(
                        NAP,
                        plan.jvms(),
                        whom -> each(whom, evaluators, OtherJvm::stop),
                        whom -> each(whom, evaluators, OtherJvm::resume)),
                trouble(PROJECTOR, 0, whom -> requireNonNull(projector).close(), whom -> startProjector()));
    }

    private interface Blow<T> {
        void on(T one) throws Exception;
    }

    private static <T> void each(int whom, List<T> all, Blow<T> blow) throws Exception {
        for (T one : whom == Trouble.EVERYBODY ? all : all.subList(whom, whom + 1)) {
            blow.on(one);
        }
    }

    private Trouble trouble(String kind, int processes, Blow<Integer> begin, Blow<Integer> end) {
        Trouble.Maker maker = new Trouble.Maker() {
            @Override
            public void begin(int whom) throws Exception {
                begin.on(whom);
            }

            @Override
            public void end(int whom) throws Exception {
                end.on(whom);
            }
        };
        return new Trouble(kind, maker, processes, plan.betweenTroubles(), plan.longestTrouble(), plan.seed());
    }

    private void startBroker() throws IOException {
        String port = bootstrapServers.isEmpty() ? "0" : bootstrapServers.replaceAll(".*:", "");
        broker = BrokerProcess.start(folder, folder.resolve("broker-" + brokers++ + ".out"), port);
        bootstrapServers = BrokerProcess.address(broker);
    }

    private void startProjector() throws IOException {
        projector = OtherJvm.start(
                ProjectorProcess.class,
                folder.resolve("projector.out"),
                bootstrapServers,
                folder.resolve("stores").toString());
    }

    /** Returns when all of them are current. */
    private void startEvaluators() throws IOException {
        for (int process = 0; process < plan.jvms(); process++) {
            KafkaProxy proxy = KafkaProxy.before(bootstrapServers);
            proxies.add(proxy);
            evaluators.add(OtherJvm.start(
                    EvaluatorProcess.class,
                    folder.resolve("evaluators-" + process + ".out"),
                    proxy.bootstrapServers(),
                    Integer.toString(process * plan.evaluatorsPerJvm()),
                    Integer.toString(plan.evaluatorsPerJvm()),
                    Long.toString(plan.staleAfter().toMillis()),
                    observations(process).toString(),
                    Long.toString(plan.seed() + process)));
        }
        long patience = System.nanoTime() + CALM.toNanos();
        for (OtherJvm one : evaluators) {
            while (one.output()
                            .lines()
                            .filter(line -> line.startsWith(EvaluatorProcess.READY))
                            .count()
                    < plan.evaluatorsPerJvm()) {
                if (System.nanoTime() > patience || !one.isAlive()) {
                    throw new IllegalStateException("evaluators do not get current:\n" + one.output());
                }
                LockSupport.parkNanos(TICK_NANOS);
            }
        }
    }

    /** Whether every evaluator was current at this position when it was looked at last. */
    private boolean areAlike(long sequence) throws IOException {
        for (int process = 0; process < plan.jvms(); process++) {
            List<Observation> looks = Observation.last(observations(process), plan.evaluatorsPerJvm());
            if (looks.size() < plan.evaluatorsPerJvm()
                    || !looks.stream().allMatch(look -> look.isCurrent() && look.sequence() == sequence)) {
                return false;
            }
        }
        return true;
    }

    private Path observations(int process) {
        return folder.resolve("evaluators-" + process + ".seen");
    }

    @Override
    public void close() throws IOException {
        evaluators.forEach(OtherJvm::close);
        for (KafkaProxy proxy : proxies) {
            proxy.close();
        }
        for (OtherJvm one : new OtherJvm[] {projector, broker}) {
            if (one != null) {
                one.close();
            }
        }
    }
}
