package io.flagledger.embedded.junit;

import java.util.UUID;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ExtensionContext.Namespace;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives a test that asks for a {@link KafkaForTest} one: {@code @ExtendWith(KafkaExtension.class)}.
 *
 * <p>The first that asks starts the broker, in a temporary folder; it ends with the last test of the JVM. The system property
 * {@value #OUTSIDE} names the bootstrap servers of a broker to use in its place; {@value #KIND} may ask for one in a container,
 * for which Testcontainers must be on the class path: {@code mvn -Pcontainer}.
 */
public final class KafkaExtension implements ParameterResolver {
    /** System property: the bootstrap servers of a broker that runs already. */
    public static final String OUTSIDE = "flagledger.test.bootstrap";

    /** System property: {@code embedded}, which is meant when it is not set, or {@code container} for one in a container. */
    public static final String KIND = "flagledger.test.kafka";

    private static final Namespace NAMESPACE = Namespace.create(KafkaExtension.class);

    /** Lets a constructor see the prefix of the test method that it is called for. */
    @Override
    public ExtensionContextScope getTestInstantiationExtensionContextScope(ExtensionContext root) {
        return ExtensionContextScope.TEST_METHOD;
    }

    @Override
    public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
        return parameter.getParameter().getType() == KafkaForTest.class;
    }

    @Override
    public KafkaForTest resolveParameter(ParameterContext parameter, ExtensionContext context) {
        SharedBroker broker = context.getRoot()
                .getStore(NAMESPACE)
                .computeIfAbsent(SharedBroker.class, key -> SharedBroker.start(), SharedBroker.class);
        // by id, as a store also answers with what an outer context keeps under the same key
        return context.getStore(NAMESPACE)
                .computeIfAbsent(
                        context.getUniqueId(),
                        id -> new KafkaForTest(broker.bootstrapServers(), prefix(context), broker.admin()),
                        KafkaForTest.class);
    }

    private static String prefix(ExtensionContext context) {
        String test = context.getTestClass().map(Class::getSimpleName).orElse("");
        return test.replaceAll("[^A-Za-z0-9]", "") + "-"
                + UUID.randomUUID().toString().substring(0, 13) + "-";
    }
}
