package io.flagledger.cli;

import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.Role;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.ServerStartException;
import io.flagledger.server.auth.AuthConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
        name = "serve",
        description = {
            "Run one instance of the server on a Kafka that is there already. SIGTERM or Ctrl-C stops it.",
            "Any number of instances share the work; each may be asked for everything. What an option says, the variable"
                    + " beside it can say as well."
        })
final class ServeCommand implements Callable<Integer> {
    private static final Duration PATIENCE = Duration.ofSeconds(60);
    private static final Pattern ADDRESS = Pattern.compile("([A-Za-z0-9._-]+|\\[[0-9A-Fa-f:.]+]):([0-9]{1,5})");
    private static final Pattern ORIGIN = Pattern.compile("\\*|https?://[A-Za-z0-9._-]+(:(\\d{1,5}|\\*))?");
    private static final Pattern INSTANCE_ID = Pattern.compile("[A-Za-z0-9._-]{1,100}");

    private final Session session;

    @Mixin
    @SuppressWarnings("UnusedVariable") // Main looks at the arguments before anybody has read them
    private final LogOption logs = new LogOption();

    @Option(
            names = "--roles",
            paramLabel = "ROLE,…",
            description = "what it does, of projector, console and gateway (LEDGER_ROLES; otherwise all)")
    private @Nullable String roles;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "the address to listen on (LEDGER_HOST; otherwise 127.0.0.1)")
    private String host = "127.0.0.1";

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "the port to listen on (LEDGER_HTTP_PORT; otherwise 8080); 0 takes a free one")
    private String httpPort = "8080";

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description =
                    "the port for flagd providers, with the gateway's role (LEDGER_GRPC_PORT; otherwise 8015); 0 takes a free one")
    private String grpcPort = "8015";

    @Option(
            names = "--allowed-origins",
            paramLabel = "ORIGIN,…",
            description = "whose pages may ask over OFREP (LEDGER_ALLOWED_ORIGINS; otherwise none), such as"
                    + " https://app.example.com; http://localhost:* is any port; * is everybody's")
    private String allowedOrigins = "";

    @Option(
            names = "--advertise",
            paramLabel = "HOST:PORT",
            description = "how other instances reach this one (LEDGER_ADVERTISE; otherwise as it listens)")
    private @Nullable String advertise;

    @Option(
            names = "--state",
            paramLabel = "DIR",
            description =
                    "where the projector's stores lie (LEDGER_STATE; otherwise ./.ledger-state); may be deleted while it is down")
    private String state = ".ledger-state";

    @Option(
            names = "--standbys",
            paramLabel = "N",
            description = "how many other instances keep a copy of what each holds (LEDGER_STANDBYS; otherwise 0)")
    private String standbys = "0";

    @Option(
            names = "--rate-limit",
            paramLabel = "N",
            description =
                    "how many requests a second each caller may send to the API in the long run, four seconds' worth"
                            + " of them at once; 0 limits nobody (LEDGER_RATE_LIMIT; otherwise 500)")
    private String rateLimit = String.valueOf(ServerConfig.REQUESTS_PER_SECOND);

    @Option(
            names = "--instance-id",
            paramLabel = "ID",
            description =
                    "a name that is its own at each start: back within half a minute, it goes on where it was and nothing moves"
                            + " (LEDGER_INSTANCE_ID)")
    private @Nullable String instanceId;

    @Option(
            names = "--projector-url",
            paramLabel = "URL,…",
            description = "where an instance without the projector's role asks for the past (LEDGER_PROJECTOR_URL)")
    private @Nullable String projectors;

    @Mixin
    private AuthOptions auth = new AuthOptions();

    @Mixin
    private AdmissionOptions admissions = new AdmissionOptions();

    ServeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() throws InterruptedException {
        ServerConfig config = config();
        CountDownLatch stopped = new CountDownLatch(1);
        LedgerServer server;
        try {
            server = LedgerServer.start(config);
        } catch (ServerStartException e) {
            throw Complaint.refused(String.valueOf(e.getMessage()), e);
        } catch (KafkaUnavailableException e) {
            throw Complaint.unreachable(
                    "no Kafka answers at %s: name another with --bootstrap (%s)"
                            .formatted(config.connection(), e.getMessage()),
                    e);
        }
        Runtime.getRuntime().addShutdownHook(new Thread(() -> stop(server, stopped), "ledger-stop"));
        if (!server.awaitReady(PATIENCE)) {
            session.err().println("it is up but not ready yet; /readyz tells when");
        }
        session.out()
                .println("%s serves %s at http://%s:%d/%s"
                        .formatted(
                                config.fleet().instanceId() == null
                                        ? "This instance"
                                        : config.fleet().instanceId(),
                                String.join(", ", names(config.roles())),
                                config.host(),
                                server.httpPort(),
                                server.grpcPort() < 0
                                        ? ""
                                        : ", flagd providers at %s:%d".formatted(config.host(), server.grpcPort())));
        session.out().flush();
        stopped.await();
        return Exit.DONE;
    }

    /** What was said, on the command line or in variables. */
    ServerConfig config() {
        Set<Role> does = roles();
        int port = whole(httpPort, "--http-port", 65_535);
        checkHost();
        AuthConfig believed = auth.config();

        return new ServerConfig(
                        session.connection(),
                        session.topics(),
                        session.environment(),
                        folder(does),
                        host,
                        port,
                        believed)
                .withAdmissionKeys(admissions.keys(believed, auth.folder()))
                .withCheckpointKey(auth.checkpointKey(session))
                .withEdge(edge())
                .withRequestsPerSecond(whole(rateLimit, "--rate-limit", 1_000_000))
                .withRoles(does)
                .withFleet(new ServerConfig.Fleet(
                        advertise, whole(standbys, "--standbys", 100), instanceId(), projectors(does)));
    }

    private ServerConfig.Edge edge() {
        Set<String> allowed = new TreeSet<>();
        for (String origin : allowedOrigins.isBlank() ? new String[0] : allowedOrigins.split(",", -1)) {
            if (!ORIGIN.matcher(origin.strip()).matches()) {
                throw Complaint.usage(
                        "--allowed-origins are such as https://app.example.com or http://localhost:*, joined by commas, or *, not '%s'"
                                .formatted(Text.oneLine(origin)));
            }
            allowed.add(origin.strip());
        }
        String key = session.variable("LEDGER_STREAM_KEY");
        if (key != null && key.length() < 32) {
            throw Complaint.usage(
                    "LEDGER_STREAM_KEY is a secret of 32 characters or more, such as of `openssl rand -hex 32`");
        }
        return new ServerConfig.Edge(whole(grpcPort, "--grpc-port", 65_535), allowed, key);
    }

    private Path folder(Set<Role> does) {
        Path folder = Path.of(state).toAbsolutePath().normalize();
        if (does.contains(Role.PROJECTOR)) {
            try {
                Files.createDirectories(folder);
            } catch (IOException e) {
                throw Complaint.usage("the folder %s can't be made (%s): choose another with --state"
                        .formatted(folder, e.getClass().getSimpleName()));
            }
            if (!Files.isWritable(folder)) {
                throw Complaint.usage(
                        "the folder %s can't be written to: choose another with --state".formatted(folder));
            }
        }
        return folder;
    }

    private void checkHost() {
        InetAddress address;
        try {
            address = InetAddress.getByName(host);
        } catch (UnknownHostException e) {
            throw Complaint.usage("there is no address '%s' to listen on (--host)".formatted(Text.oneLine(host)));
        }
        auth.checkHost(address, host);
        if (address.isAnyLocalAddress() && advertise == null) {
            throw Complaint.usage(
                    "%s is every address of this machine, so say by which one other instances reach it, with --advertise HOST:PORT"
                            .formatted(Text.oneLine(host)));
        }
        if (advertise != null && !ADDRESS.matcher(advertise).matches()) {
            throw Complaint.usage("--advertise is HOST:PORT, such as ledger-1.internal:8080, not '%s'"
                    .formatted(Text.oneLine(advertise)));
        }
    }

    private Set<Role> roles() {
        if (roles == null) {
            return EnumSet.allOf(Role.class);
        }
        Set<Role> found = EnumSet.noneOf(Role.class);
        for (String name : roles.split(",", -1)) {
            found.add(EnumSet.allOf(Role.class).stream()
                    .filter(role -> role.name().equalsIgnoreCase(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> Complaint.usage("--roles are some of %s, joined by commas, not '%s'"
                            .formatted(String.join(", ", names(EnumSet.allOf(Role.class))), Text.oneLine(name)))));
        }
        return found;
    }

    private @Nullable String instanceId() {
        if (instanceId != null && !INSTANCE_ID.matcher(instanceId).matches()) {
            throw Complaint.usage("--instance-id is up to 100 letters, digits, dots, dashes and underscores, not '%s'"
                    .formatted(Text.oneLine(instanceId)));
        }
        return instanceId;
    }

    private List<URI> projectors(Set<Role> does) {
        List<URI> found = new ArrayList<>();
        if (projectors != null) {
            if (does.contains(Role.PROJECTOR)) {
                throw Complaint.usage(
                        "an instance with the projector's role finds the others through Kafka: --projector-url is for those without it");
            }
            for (String url : projectors.split(",", -1)) {
                found.add(ServerUrl.read("--projector-url", url.strip()));
            }
        }
        return found;
    }

    private static int whole(String said, String name, int most) {
        try {
            int number = Integer.parseInt(said);
            if (number >= 0 && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // told below, like a number out of range
        }
        throw Complaint.usage("%s is a number from 0 to %d, not '%s'".formatted(name, most, Text.oneLine(said)));
    }

    private static List<String> names(Set<Role> roles) {
        return roles.stream()
                .sorted()
                .map(role -> role.name().toLowerCase(Locale.ROOT))
                .toList();
    }

    private void stop(LedgerServer server, CountDownLatch stopped) {
        session.out().println("Stopping …");
        session.out().flush();
        LogSetup.expectFarewell();
        server.close();
        stopped.countDown();
    }
}
