package io.flagledger.cli;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.encoder.JsonEncoder;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.OutputStreamAppender;
import io.flagledger.core.evaluate.Subject;
import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Change;
import io.flagledger.core.kafka.AppendOptions;
import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.kafka.LedgerWriter;
import io.flagledger.embedded.junit.SecuredKafka;
import io.flagledger.projector.ProjectorConfig;
import io.flagledger.sdk.FlagLedger;
import io.flagledger.sdk.FlagLedgerConfig;
import io.flagledger.sdk.admission.AdmissionKeys;
import io.flagledger.sdk.admission.AdmissionTokens;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.auth.AuthConfig;
import io.flagledger.server.auth.Grant;
import io.flagledger.server.auth.LocalAuth;
import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.Writer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.Isolated;
import org.slf4j.LoggerFactory;

/**
 * Plays a story full of secrets, troubles included, and looks for them in everything that anybody is told. Alone, or the log
 * would hold all that the other tests cause as well.
 */
@Isolated
class SecretsTest {
    private static final Duration TIMEOUT = Duration.ofSeconds(20);
    private static final LedgerTopics TOPICS = LedgerTopics.withPrefix("hidden").withPartitions(1);
    private static final String ENVIRONMENT = "test";
    private static final String REGISTRY_SECRET = "registry-secret-4711";
    private static final String URL_SECRET = "url-secret-0815";

    private final Map<String, String> secrets = new TreeMap<>();
    private final StringBuilder told = new StringBuilder();
    private final HttpClient http = HttpClient.newHttpClient();

    @Test
    @SuppressWarnings("try") // what is logged ends with the block
    void noSecretIsEverTold(@TempDir Path folder) throws Exception {
        Path log = folder.resolve("log.json");
        try (OutputStream logged = new BufferedOutputStream(Files.newOutputStream(log));
                Logging ignored = logEverythingTo(logged);
                SecuredKafka kafka = SecuredKafka.withPasswords(folder, "all", "stranger")) {
            for (String user : List.of("all", "stranger", "operator")) {
                Matcher password = Pattern.compile("password=\"([^\"]+)\"")
                        .matcher(kafka.propertiesOf(user).getOrDefault("sasl.jaas.config", ""));
                assertThat(password.find()).isTrue();
                secrets.put("Kafka password of " + user, password.group(1));
            }
            secrets.put("registry password", REGISTRY_SECRET);
            secrets.put("password in the registry's URL", URL_SECRET);
            Path operator = file(folder, "operator", kafka.operator());
            tell(run(
                    kafka,
                    operator,
                    "acls",
                    "--role",
                    "setup,writer,projector,evaluator",
                    "--principal",
                    "User:all",
                    "--apply"));

            AuthConfig.Local auth =
                    new AuthConfig.Local(LocalAuth.in(folder.resolve("auth")).key());
            secrets.put(
                    "private key of tokens", between(Files.readString(folder.resolve("auth/local-key.jwk")), "\"d\""));
            String token = auth.key().token("dana", Actor.Kind.HUMAN, List.of(Grant.parse("admin@*")), TIMEOUT);
            secrets.put("bearer token", token);

            KafkaConnection connection = new KafkaConnection(kafka.bootstrapServers(), kafka.propertiesOf("all"));
            ServerConfig config =
                    new ServerConfig(connection, TOPICS, ENVIRONMENT, folder.resolve("stores"), "127.0.0.1", 0, auth);
            tell(config);
            try (LedgerServer server = LedgerServer.start(config)) {
                assertThat(server.awaitReady(TIMEOUT)).isTrue();
                story(server.httpPort(), token);
            }
            admissions(connection);
            troubles(kafka, folder);
        }
        String everything = told.toString();
        assertThat(everything).contains("flag_ledger_commands_accepted_total", "Kafka refuses");
        secrets.forEach((what, secret) -> assertThat(secret).as(what).hasSizeGreaterThan(10));
        assertHoldsNone(everything);
        boolean storyWasLogged = false;
        try (BufferedReader lines = Files.newBufferedReader(log)) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                storyWasLogged |= line.contains("change accepted");
                assertHoldsNone(line);
            }
        }
        assertThat(storyWasLogged).as("the story was logged").isTrue();
    }

    private void assertHoldsNone(String text) {
        secrets.forEach((what, secret) -> assertThat(text.contains(secret))
                .as("the %s was told: %s", what, around(text, secret))
                .isFalse());
    }

    private void story(int port, String token) throws Exception {
        String changes = "/api/v1/environments/test/changes";
        send(port, changes, token, "{\"reason\": \"r\", \"changes\": [{\"type\": \"FlagCreated\", \"flag\": \"f\"}]}");
        send(port, changes, token, "{\"reason\": \"r\", \"changes\": [{\"type\": \"FlagCreated\", \"flag\": \"f\"}]}");
        send(port, changes, token, "{\"reason\": ");
        send(port, changes, token + "x", "{}");
        send(port, "/api/v1/environments/test/evaluations", token, "{\"flag\": \"f\"}");
        for (String path : List.of(
                "/healthz",
                "/readyz",
                "/api/v1/me",
                "/api/v1/sign-in",
                "/api/v1/instances",
                "/api/v1/environments/x y",
                "/api/v1/environments/test/flags/f?token=1",
                "/metrics")) {
            send(port, path, token, null);
        }
    }

    private void admissions(KafkaConnection connection) throws Exception {
        AdmissionKeys keys = AdmissionKeys.generate();
        secrets.put("admission key", between(keys.toSecretJwks(), "\"d\""));
        FlagLedgerConfig config = FlagLedgerConfig.of(connection, ENVIRONMENT).withTopics(TOPICS);
        AdmissionTokens tokens = AdmissionTokens.of(keys, "issuer", "worker", ENVIRONMENT);
        tell(keys);
        tell(tokens);
        tell(config);
        try (FlagLedger flags = FlagLedger.connect(config)) {
            flags.awaitReady(TIMEOUT);
            String token =
                    tokens.sign(flags.admit("f", Subject.user("root").asAdmin()).orElseThrow());
            secrets.put("admission token", token);
            tell(tokens.verify(token));
            tell(catchThrowable(() -> tokens.verify(token + "x")));
            tell(flags);
            tell(flags.status());
        }
        tell(catchThrowable(() -> AdmissionKeys.fromJwks(keys.toSecretJwks().replace("\"EC\"", "\"RSA\""))));
        tell(new ProjectorConfig(connection, TOPICS, Path.of("none")));
    }

    /** What people read closest: messages of what went wrong. */
    private void troubles(SecuredKafka kafka, Path folder) throws Exception {
        Map<String, String> guessed = new HashMap<>(kafka.propertiesOf("all"));
        String guess = "guessed-password-1234";
        secrets.put("wrong password", guess);
        guessed.computeIfPresent(
                "sasl.jaas.config",
                (name, login) -> login.replaceAll("password=\"[^\"]+\"", "password=\"" + guess + "\""));
        tell(run(kafka, file(folder, "guessed", guessed), "flag", "list", "--debug"));
        tell(run(kafka, file(folder, "stranger", kafka.propertiesOf("stranger")), "flag", "list", "--debug"));

        Map<String, String> broken = new HashMap<>(kafka.propertiesOf("all"));
        broken.put("sasl.jaas.config", "no.such.LoginModule required password=\"" + guess + "\";");
        tell(run(kafka, file(folder, "broken", broken), "flag", "list", "--debug"));

        Map<String, String> registry = new HashMap<>(kafka.propertiesOf("all"));
        registry.put("schema.registry.url", "http://user:" + URL_SECRET + "@127.0.0.1:1");
        registry.put("basic.auth.credentials.source", "USER_INFO");
        registry.put("basic.auth.user.info", "user:" + REGISTRY_SECRET);
        KafkaConnection connection = new KafkaConnection(kafka.bootstrapServers(), registry);
        tell(connection);
        tell(catchThrowable(() -> {
            try (LedgerWriter writer = LedgerWriter.open(connection, TOPICS, TIMEOUT)) {
                writer.append(
                        ENVIRONMENT,
                        Actor.human("dana"),
                        "r",
                        List.of(Change.FlagCreated.bool("g")),
                        AppendOptions.DEFAULT.withTimeout(Duration.ofSeconds(2)));
            }
        }));
    }

    private Run run(SecuredKafka kafka, Path config, String... command) {
        return Run.of(
                Map.of(
                        "LEDGER_BOOTSTRAP",
                        kafka.bootstrapServers(),
                        "LEDGER_KAFKA_CONFIG",
                        config.toString(),
                        "LEDGER_TOPIC_PREFIX",
                        "hidden",
                        "LEDGER_PARTITIONS",
                        "1",
                        "LEDGER_ENVIRONMENT",
                        ENVIRONMENT),
                command);
    }

    private void send(int port, String path, String token, @Nullable String body) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder(
                        URI.create("http://127.0.0.1:" + port + path.replace(" ", "%20")))
                .header("Authorization", "Bearer " + token);
        if (body != null) {
            request.header("Content-Type", "application/json").POST(BodyPublishers.ofString(body));
        }
        HttpResponse<String> answer = http.send(request.build(), BodyHandlers.ofString());
        tell(answer.statusCode() + " " + answer.headers().map() + answer.body());
    }

    private void tell(@Nullable Object what) {
        if (what instanceof Throwable thrown) {
            StringWriter trace = new StringWriter();
            thrown.printStackTrace(new PrintWriter(trace));
            told.append(trace);
        }
        told.append(what).append('\n');
    }

    private static Path file(Path folder, String name, Map<String, String> content) throws IOException {
        Properties properties = new Properties();
        properties.putAll(content);
        Path file = folder.resolve(name + ".properties");
        try (Writer out = Files.newBufferedWriter(file)) {
            properties.store(out, null);
        }
        return file;
    }

    private static String between(String json, String field) {
        Matcher value = Pattern.compile(field + "\\s*:\\s*\"([^\"]+)\"").matcher(json);
        assertThat(value.find()).isTrue();
        return value.group(1);
    }

    private static String around(String text, String secret) {
        int at = text.indexOf(secret);
        return at < 0 ? "" : text.substring(Math.max(0, at - 200), at) + "<here>";
    }

    /**
     * All that is logged from DEBUG on, as it would be written as JSON; of Jetty what it logs from INFO on, as its parser at
     * DEBUG tells each header of each request.
     */
    private static Logging logEverythingTo(OutputStream out) {
        Logger root = (Logger) LoggerFactory.getLogger(Logger.ROOT_LOGGER_NAME);
        Level before = root.getLevel();
        JsonEncoder encoder = new JsonEncoder();
        encoder.setContext(root.getLoggerContext());
        encoder.setWithFormattedMessage(true);
        encoder.start();
        OutputStreamAppender<ILoggingEvent> appender = new OutputStreamAppender<>();
        appender.setContext(root.getLoggerContext());
        appender.setEncoder(encoder);
        appender.setOutputStream(out);
        appender.start();
        root.addAppender(appender);
        root.setLevel(Level.DEBUG);
        Logger jetty = root.getLoggerContext().getLogger("org.eclipse.jetty");
        jetty.setLevel(Level.INFO);
        return () -> {
            root.detachAppender(appender);
            root.setLevel(before);
            jetty.setLevel(null);
            appender.stop();
        };
    }

    /** Everything is logged until it is closed. */
    private interface Logging extends AutoCloseable {
        @Override
        void close();
    }
}
