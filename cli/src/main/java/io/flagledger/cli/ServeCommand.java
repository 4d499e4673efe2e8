package io.flagledger.cli;

import io.flagledger.core.kafka.KafkaUnavailableException;
import io.flagledger.core.proof.SigningKey;
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
    private @Nullable String host;

    @Option(
            names = "--http-port",
            paramLabel = "PORT",
            description = "the port to listen on (LEDGER_HTTP_PORT; otherwise 8080); 0 takes a free one")
    private @Nullable String httpPort;

    @Option(
            names = "--grpc-port",
            paramLabel = "PORT",
            description =
                    "the port for flagd providers, with the gateway's role (LEDGER_GRPC_PORT; otherwise 8015); 0 takes a free one")
    private @Nullable String grpcPort;

    @Option(
            names = "--allowed-origins",
            paramLabel = "ORIGIN,…",
            description = "whose pages may ask over OFREP (LEDGER_ALLOWED_ORIGINS; otherwise none), such as"
                    + " https://app.example.com; http://localhost:* is any port; * is everybody's")
    private @Nullable String allowedOrigins;

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
    private @Nullable String state;

    @Option(
            names = "--standbys",
            paramLabel = "N",
            description = "how many other instances keep a copy of what each holds (LEDGER_STANDBYS; otherwise 0)")
    private @Nullable String standbys;

    @Option(
            names = "--rate-limit",
            paramLabel = "N",
            description =
                    "how many requests a second each caller may send to the API in the long run, four seconds' worth"
                            + " of them at once; 0 limits nobody (LEDGER_RATE_LIMIT; otherwise 500)")
    private @Nullable String rateLimit;

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
        String listens = orElse(host, "LEDGER_HOST", "127.0.0.1");
        int port = whole(httpPort, "--http-port", "LEDGER_HTTP_PORT", 8080, 65_535);
        String advertised = said(advertise, "LEDGER_ADVERTISE");
        checkHost(listens, advertised);
        AuthConfig believed = auth.config(session);

        SigningKey checkpointKey = auth.checkpointKey(session);
        ServerConfig config = new ServerConfig(
                        session.connection(),
                        session.topics(),
                        session.environment(),
                        folder(does),
                        listens,
                        port,
                        believed)
                .withAdmissionKeys(admissions.keys(session, believed, auth.folder(session)))
                .withEdge(edge())
                .withRequestsPerSecond(whole(
                        rateLimit,
                        "--rate-limit",
                        "LEDGER_RATE_LIMIT",
                        (int) ServerConfig.REQUESTS_PER_SECOND,
                        1_000_000))
                .withRoles(does)
                .withFleet(new ServerConfig.Fleet(
                        advertised,
                        whole(standbys, "--standbys", "LEDGER_STANDBYS", 0, 100),
                        instanceId(),
                        projectors(does)));
        return checkpointKey == null ? config : config.withCheckpointKey(checkpointKey);
    }

    private ServerConfig.Edge edge() {
        String origins = said(allowedOrigins, "LEDGER_ALLOWED_ORIGINS");
        Set<String> allowed = new TreeSet<>();
        for (String origin : origins == null || origins.isBlank() ? new String[0] : origins.split(",", -1)) {
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
        return new ServerConfig.Edge(whole(grpcPort, "--grpc-port", "LEDGER_GRPC_PORT", 8015, 65_535), allowed, key);
    }

    private Path folder(Set<Role> does) {
        Path folder = Path.of(orElse(state, "LEDGER_STATE", ".ledger-state"))
                .toAbsolutePath()
                .normalize();
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

    private void checkHost(String listens, @Nullable String advertised) {
        InetAddress address;
        try {
            address = InetAddress.getByName(listens);
        } catch (UnknownHostException e) {
            throw Complaint.usage("there is no address '%s' to listen on (--host)".formatted(Text.oneLine(listens)));
        }
        auth.checkHost(session, address, listens);
        if (address.isAnyLocalAddress() && advertised == null) {
            throw Complaint.usage(
                    "%s is every address of this machine, so say by which one other instances reach it, with --advertise HOST:PORT"
                            .formatted(Text.oneLine(listens)));
        }
        if (advertised != null && !ADDRESS.matcher(advertised).matches()) {
            throw Complaint.usage("--advertise is HOST:PORT, such as ledger-1.internal:8080, not '%s'"
                    .formatted(Text.oneLine(advertised)));
        }
    }

    private Set<Role> roles() {
        String said = said(roles, "LEDGER_ROLES");
        if (said == null) {
            return EnumSet.allOf(Role.class);
        }
        Set<Role> found = EnumSet.noneOf(Role.class);
        for (String name : said.split(",", -1)) {
            found.add(EnumSet.allOf(Role.class).stream()
                    .filter(role -> role.name().equalsIgnoreCase(name.strip()))
                    .findFirst()
                    .orElseThrow(() -> Complaint.usage("--roles are some of %s, joined by commas, not '%s'"
                            .formatted(String.join(", ", names(EnumSet.allOf(Role.class))), Text.oneLine(name)))));
        }
        return found;
    }

    private @Nullable String instanceId() {
        String said = said(instanceId, "LEDGER_INSTANCE_ID");
        if (said != null && !INSTANCE_ID.matcher(said).matches()) {
            throw Complaint.usage("--instance-id is up to 100 letters, digits, dots, dashes and underscores, not '%s'"
                    .formatted(Text.oneLine(said)));
        }
        return said;
    }

    private List<URI> projectors(Set<Role> does) {
        String said = said(projectors, "LEDGER_PROJECTOR_URL");
        List<URI> found = new ArrayList<>();
        if (said != null) {
            if (does.contains(Role.PROJECTOR)) {
                throw Complaint.usage(
                        "an instance with the projector's role finds the others through Kafka: --projector-url is for those without it");
            }
            for (String url : said.split(",", -1)) {
                found.add(ServerUrl.read("--projector-url", url.strip()));
            }
        }
        return found;
    }

    private int whole(@Nullable String option, String name, String variable, int otherwise, int most) {
        String said = said(option, variable);
        if (said == null) {
            return otherwise;
        }
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

    private @Nullable String said(@Nullable String option, String variable) {
        return option != null ? option : session.variable(variable);
    }

    private String orElse(@Nullable String option, String variable, String otherwise) {
        String said = said(option, variable);
        return said == null ? otherwise : said;
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
