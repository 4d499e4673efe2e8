package io.flagledger.server.page;

import io.flagledger.core.kafka.KafkaConnection;
import io.flagledger.core.kafka.LedgerTopics;
import io.flagledger.core.proof.SigningKey;
import io.flagledger.embedded.junit.KafkaExtension;
import io.flagledger.embedded.junit.KafkaForTest;
import io.flagledger.server.LedgerServer;
import io.flagledger.server.ServerConfig;
import io.flagledger.server.TokensForTest;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives each test of the console a {@link Page} in an environment of its own:
 * {@code @ExtendWith({KafkaExtension.class, ConsoleExtension.class})} and a {@code Page} among the test's parameters. All tests
 * of a JVM share one server and one browser.
 */
public final class ConsoleExtension
        implements BeforeAllCallback, BeforeEachCallback, AfterEachCallback, ParameterResolver {
    /** The server's own environment, shown where the address names none. */
    static final String DEFAULT = "gastown-production";

    private static final Namespace NAMESPACE = Namespace.create(ConsoleExtension.class);
    private static final ReentrantLock browser = new ReentrantLock(true);
    private static final AtomicInteger tests = new AtomicInteger();

    @Override
    public void beforeAll(ExtensionContext context) {
        Chromium.require();
    }

    /** Test classes run side by side, but they have one browser. */
    @Override
    public void beforeEach(ExtensionContext context) {
        browser.lock();
    }

    @Override
    public void afterEach(ExtensionContext context) {
        browser.unlock();
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == Page.class;
    }

    @Override
    public Page resolveParameter(ParameterContext parameter, ExtensionContext context) {
        KafkaForTest kafka = new KafkaExtension().resolveParameter(parameter, context);
        Shared shared = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(Shared.class, key -> Shared.start(kafka), Shared.class);
        return context.getStore(NAMESPACE)
                .computeIfAbsent(
                        context.getUniqueId(),
                        id -> new Page(shared, "test-" + tests.incrementAndGet(), 0),
                        Page.class);
    }

    /** What all tests of a JVM share. */
    record Shared(LedgerServer server, Chromium chromium, KafkaConnection kafka, LedgerTopics topics)
            implements AutoCloseable {
        private static Shared start(KafkaForTest kafka) {
            try {
                KafkaConnection connection = KafkaConnection.of(kafka.bootstrapServers());
                LedgerTopics topics = LedgerTopics.withPrefix(kafka.topicPrefix() + "x");
                ServerConfig config = new ServerConfig(
                        connection,
                        topics,
                        DEFAULT,
                        Files.createTempDirectory("flag-ledger-page"),
                        "127.0.0.1",
                        0,
                        TokensForTest.AUTH);
                LedgerServer server = LedgerServer.start(config.withCheckpointKey(SigningKey.generate()));
                if (!server.awaitReady(Duration.ofSeconds(30))) {
                    throw new IllegalStateException("the server is not ready");
                }
                return new Shared(server, new Chromium(), connection, topics);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        }

        @Override
        public void close() throws IOException {
            chromium.close();
            server.close();
        }
    }
}
