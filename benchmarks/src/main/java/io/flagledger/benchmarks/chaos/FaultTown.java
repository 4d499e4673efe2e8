package io.flagledger.benchmarks.chaos;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.TopicSetup;
import io.flagledger.server.auth.LocalAuth;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** All processes of a run: where they live, and how each is started. */
final class FaultTown implements AutoCloseable {
    static final Duration STALE_AFTER = Duration.ofSeconds(5);

    private static final int BROKER_PORT = 9092;
    private static final int CONTROLLER_PORT = 9093;
    private static final int HTTP_PORT = 8080;
    private static final int DISK_MEGABYTES = 512;
    private static final Path FALSE_CLOCK = Path.of("/usr/lib/x86_64-linux-gnu/faketime/libfaketimeMT.so.1");
    private static final Duration START = Duration.ofMinutes(4);
    private static final long TICK_NANOS = 200_000_000;

    /** A state topic in which nothing ever is, so that who begins with it reads events alone. */
    private static final String NO_STATE = "flag-ledger.no-state";

    private final FaultPlan plan;
    private final Path folder;
    private final @Nullable Wires wires;
    private final List<Member> members = Collections.synchronizedList(new ArrayList<>());
    private final Map<Integer, SmallDisk> disks = new TreeMap<>();
    private final Map<Integer, Path> clocks = new TreeMap<>();
    private final List<URI> projectors = new ArrayList<>();
    private final List<URI> servers = new ArrayList<>();
    private String bootstrapServers = "";

    FaultTown(FaultPlan plan, Path folder) throws IOException, InterruptedException {
        this.plan = plan;
        this.folder = folder;
        this.wires = Wires.canBeLaid() ? Wires.lay() : null;
    }

    List<Member> members() {
        return List.copyOf(members);
    }

    List<URI> projectors() {
        return projectors;
    }

    List<URI> servers() {
        return servers;
    }

    String bootstrapServers() {
        return bootstrapServers;
    }

    boolean hasWires() {
        return wires != null;
    }

    boolean hasFalseClock() {
        return !clocks.isEmpty();
    }

    FaultBox faults() {
        return new FaultBox(members(), disks, clocks);
    }

    Path auth() {
        return folder.resolve("auth");
    }

    Path observations(int jvm) {
        return folder.resolve("evaluators-" + jvm + ".seen");
    }

    /** Starts the brokers, then all others. */
    void start() throws IOException, InterruptedException {
        LocalAuth.in(auth());
        brokers();
        await(Member.Role.BROKER, QuorumBroker.READY, 1);
        topics();
        for (int i = 0; i < plan.projectors(); i++) {
            projectors.add(server(Member.Role.PROJECTOR, i, List.of()));
        }
        for (int i = 0; i < plan.servers(); i++) {
            servers.add(server(Member.Role.SERVER, i, projectors));
        }
        await(Member.Role.PROJECTOR, ServerProcess.READY, 1);
        await(Member.Role.SERVER, ServerProcess.READY, 1);
        writers();
        evaluators();
        await(Member.Role.EVALUATORS, EvaluatorProcess.READY, plan.evaluatorsPerJvm());
    }

    private void topics() {
        KafkaConnection connection = KafkaConnection.of(bootstrapServers);
        LedgerTopics usual = LedgerTopics.DEFAULT;
        long patience = System.nanoTime() + START.toNanos();
        while (true) {
            try {
                TopicSetup.ensure(connection, usual, WriterProcess.PATIENCE);
                TopicSetup.ensure(
                        connection,
                        new LedgerTopics(usual.events(), NO_STATE, usual.partitions()),
                        WriterProcess.PATIENCE);
                return;
            } catch (KafkaUnavailableException e) {
                if (System.nanoTime() > patience) {
                    throw e;
                }
            }
        }
    }

    private Wires.Plug plug() throws IOException, InterruptedException {
        return wires == null ? Wires.Plug.NONE : wires.plug();
    }

    private int port(int usual) throws IOException {
        return wires == null ? freePort() : usual;
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return socket.getLocalPort();
        }
    }

    private void member(Member.Role role, int number, Wires.Plug plug, Member.Starter starter) throws IOException {
        Member member = new Member(role, number, plug, starter);
        members.add(member);
        member.start();
    }

    private void brokers() throws IOException, InterruptedException {
        List<Wires.Plug> plugs = new ArrayList<>();
        List<String> addresses = new ArrayList<>();
        List<String> bootstrap = new ArrayList<>();
        for (int i = 0; i < FaultPlan.BROKERS; i++) {
            plugs.add(plug());
            String address = plugs.get(i).address() + ":" + port(BROKER_PORT);
            bootstrap.add(address);
            addresses.add(address + ":" + port(CONTROLLER_PORT));
        }
        bootstrapServers = String.join(",", bootstrap);
        for (int i = 0; i < FaultPlan.BROKERS; i++) {
            Path data = folder.resolve("broker-" + i);
            if (wires != null) {
                disks.put(i, SmallDisk.mount(data, DISK_MEGABYTES));
            }
            List<String> arguments =
                    new ArrayList<>(List.of(data.resolve("kafka").toString(), Integer.toString(i + 1)));
            arguments.addAll(addresses);
            member(
                    Member.Role.BROKER,
                    i,
                    plugs.get(i),
                    starter(plugs.get(i), Map.of(), 320, QuorumBroker.class, "broker-" + i, arguments));
        }
    }

    private Member.Starter starter(
            Wires.Plug plug,
            Map<String, String> environment,
            int megabytes,
            Class<?> program,
            String output,
            List<String> arguments) {
        return () -> OtherJvm.start(
                new OtherJvm.Surroundings(plug.prefix(), environment, megabytes),
                program,
                folder.resolve(output + ".out"),
                arguments.toArray(String[]::new));
    }

    private URI server(Member.Role role, int number, List<URI> askedForThePast)
            throws IOException, InterruptedException {
        Wires.Plug plug = plug();
        String authority = plug.address() + ":" + port(HTTP_PORT);
        String name = role.name().toLowerCase(Locale.ROOT) + "-" + number;
        List<String> arguments = new ArrayList<>(List.of(
                bootstrapServers,
                folder.resolve(name + ".stores").toString(),
                authority,
                auth().toString(),
                WriterProcess.ENVIRONMENT));
        askedForThePast.forEach(projector -> arguments.add(projector.toString()));
        member(role, number, plug, starter(plug, Map.of(), 256, ServerProcess.class, name, arguments));
        return URI.create("http://" + authority);
    }

    private void writers() throws IOException, InterruptedException {
        for (int jvm = 0; jvm < plan.writerJvms(); jvm++) {
            Wires.Plug plug = plug();
            member(
                    Member.Role.WRITERS,
                    jvm,
                    plug,
                    starter(
                            plug,
                            clock(jvm),
                            128,
                            WriterProcess.class,
                            "writers-" + jvm,
                            List.of(
                                    bootstrapServers,
                                    folder.toString(),
                                    Long.toString(plan.seed()),
                                    Integer.toString(Integer.MAX_VALUE),
                                    Integer.toString(jvm * plan.writersPerJvm()),
                                    Integer.toString(plan.writersPerJvm()),
                                    Integer.toString(plan.paceMillis()))));
        }
        if (plan.httpWriters() > 0) {
            Wires.Plug plug = plug();
            member(
                    Member.Role.WRITERS,
                    plan.writerJvms(),
                    plug,
                    starter(
                            plug,
                            Map.of(),
                            128,
                            HttpWriterProcess.class,
                            "writers-http",
                            List.of(
                                    String.join(
                                            ",",
                                            servers.stream().map(URI::toString).toList()),
                                    folder.toString(),
                                    auth().toString(),
                                    Long.toString(plan.seed()),
                                    Integer.toString(Integer.MAX_VALUE),
                                    Integer.toString(plan.writers() - plan.httpWriters()),
                                    Integer.toString(plan.httpWriters()),
                                    Integer.toString(plan.paceMillis()))));
        }
    }

    /** What makes a process believe a file as to the time; nothing where the library for that is not there. */
    private Map<String, String> clock(int jvm) throws IOException {
        if (!Files.exists(FALSE_CLOCK)) {
            return Map.of();
        }
        Path clock = folder.resolve("clock-" + jvm);
        Files.writeString(clock, "+0");
        clocks.put(jvm, clock);
        return Map.of(
                "LD_PRELOAD",
                FALSE_CLOCK.toString(),
                "FAKETIME_TIMESTAMP_FILE",
                clock.toString(),
                "FAKETIME_NO_CACHE",
                "1",
                "FAKETIME_DONT_FAKE_MONOTONIC",
                "1",
                "FAKETIME_FORCE_MONOTONIC_FIX", // without it the JVM's timed waits return at once
                "0");
    }

    private void evaluators() throws IOException, InterruptedException {
        for (int jvm = 0; jvm < plan.evaluatorJvms(); jvm++) {
            Wires.Plug plug = plug();
            List<String> arguments = new ArrayList<>(List.of(
                    bootstrapServers,
                    Integer.toString(jvm * plan.evaluatorsPerJvm()),
                    Integer.toString(plan.evaluatorsPerJvm()),
                    Long.toString(STALE_AFTER.toMillis()),
                    observations(jvm).toString(),
                    Long.toString(plan.seed() + jvm)));
            if (jvm % 2 == 1) {
                arguments.add(NO_STATE);
            }
            member(
                    Member.Role.EVALUATORS,
                    jvm,
                    plug,
                    starter(plug, Map.of(), 128, EvaluatorProcess.class, "evaluators-" + jvm, arguments));
        }
    }

    private void await(Member.Role role, String line, int times) throws IOException {
        long patience = System.nanoTime() + START.toNanos();
        for (Member member : members()) {
            while (member.role() == role && member.printed(line) < times) {
                if (System.nanoTime() > patience) {
                    throw new IllegalStateException(member + " does not get ready; see " + folder);
                }
                member.supervise();
                LockSupport.parkNanos(TICK_NANOS);
            }
        }
    }

    @Override
    public void close() throws IOException {
        members().forEach(Member::close);
        for (SmallDisk disk : disks.values()) {
            disk.close();
        }
        if (wires != null) {
            wires.close();
        }
    }
}
