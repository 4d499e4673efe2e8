package io.flagledger.embedded.junit;

import io.flagledger.embedded.EmbeddedKafka;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.locks.LockSupport;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ScramCredentialInfo;
import org.apache.kafka.clients.admin.ScramMechanism;
import org.apache.kafka.clients.admin.UserScramCredentialUpsertion;

/**
 * A broker that asks everybody who they are and lets nobody do anything that no ACL allows, as a cluster in production
 * does: TLS, Kafka's {@code StandardAuthorizer}, and either passwords (SCRAM-SHA-512) or certificates. Each has keys and
 * passwords that no other run has. Safe for use by many threads.
 */
public final class SecuredKafka implements AutoCloseable {
    private static final String OPERATOR = "operator";
    private static final String SCRAM = "SCRAM-SHA-512";
    private static final String PASSWORD =
            "org.apache.kafka.common.security.%s required username=\"%s\" password=\"%s\"";
    private static final String PLAIN_LOGIN = "plain.PlainLoginModule";

    private final EmbeddedKafka kafka;
    private final Map<String, Map<String, String>> users;

    private SecuredKafka(EmbeddedKafka kafka, Map<String, Map<String, String>> users) {
        this.kafka = kafka;
        this.users = Map.copyOf(users);
    }

    /** Starts one that knows these users, {@code User:<name>}, by their passwords. */
    public static SecuredKafka withPasswords(Path folder, String... names) {
        Identity broker = Identity.make(folder, OPERATOR);
        String password = UUID.randomUUID().toString();
        String login = PASSWORD.formatted(PLAIN_LOGIN, OPERATOR, password);
        EmbeddedKafka.Builder builder = builder(folder, "SASL_SSL", broker, broker.certificate())
                .property("super.users", "User:" + OPERATOR)
                .property("sasl.enabled.mechanisms", "PLAIN," + SCRAM)
                .property("sasl.mechanism.inter.broker.protocol", "PLAIN")
                .property("sasl.mechanism.controller.protocol", "PLAIN");
        for (String listener : List.of("broker", "controller")) {
            builder.property(
                    "listener.name." + listener + ".plain.sasl.jaas.config",
                    login + " user_" + OPERATOR + "=\"" + password + "\";");
            builder.property(
                    "listener.name." + listener + ".scram-sha-512.sasl.jaas.config",
                    "org.apache.kafka.common.security.scram.ScramLoginModule required;");
        }
        EmbeddedKafka kafka = builder.start();
        Map<String, Map<String, String>> users = new HashMap<>();
        users.put(OPERATOR, byPassword(broker, "PLAIN", login + ";"));
        List<UserScramCredentialUpsertion> passwords = new ArrayList<>();
        for (String name : names) {
            String secret = UUID.randomUUID().toString();
            passwords.add(new UserScramCredentialUpsertion(
                    name, new ScramCredentialInfo(ScramMechanism.SCRAM_SHA_512, 4096), secret));
            users.put(
                    name, byPassword(broker, SCRAM, PASSWORD.formatted("scram.ScramLoginModule", name, secret) + ";"));
        }
        SecuredKafka secured = new SecuredKafka(kafka, users);
        secured.make(passwords);
        return secured;
    }

    /** Starts one that knows these users, {@code User:CN=<name>}, by their certificates. */
    public static SecuredKafka withCertificates(Path folder, String... names) {
        Identity broker = Identity.make(folder, OPERATOR);
        StringBuilder trusted = new StringBuilder(broker.certificate());
        Map<String, Map<String, String>> users = new HashMap<>();
        users.put(OPERATOR, byCertificate(broker, broker));
        for (String name : names) {
            Identity user = Identity.make(folder, name);
            trusted.append(user.certificate());
            users.put(name, byCertificate(broker, user));
        }
        return new SecuredKafka(
                builder(folder, "SSL", broker, trusted.toString())
                        .property("super.users", "User:CN=" + OPERATOR)
                        .property("ssl.client.auth", "required")
                        .start(),
                users);
    }

    /** What clients put in {@code bootstrap.servers}. */
    public String bootstrapServers() {
        return kafka.bootstrapServers();
    }

    /** The client properties of one of the users, passwords included. */
    public Map<String, String> propertiesOf(String name) {
        Map<String, String> known = users.get(name);
        if (known == null) {
            throw new IllegalArgumentException("this broker was started without the user " + name);
        }
        return known;
    }

    /** The client properties of the one who may do everything. */
    public Map<String, String> operator() {
        return propertiesOf(OPERATOR);
    }

    @Override
    public void close() {
        kafka.close();
    }

    private void make(List<UserScramCredentialUpsertion> passwords) {
        Map<String, Object> properties = new HashMap<>(operator());
        properties.put("bootstrap.servers", bootstrapServers());
        try (Admin admin = Admin.create(properties)) {
            admin.alterUserScramCredentials(List.copyOf(passwords)).all().get();
            while (admin.describeUserScramCredentials().all().get().size() < passwords.size()) {
                LockSupport.parkNanos(20_000_000); // the controller knows them, the broker not yet
            }
        } catch (ExecutionException e) {
            close();
            throw new IllegalStateException("the users can't be made", e.getCause());
        } catch (InterruptedException e) {
            close();
            Thread.currentThread().interrupt();
            throw new IllegalStateException("interrupted while the users are made", e);
        }
    }

    private static EmbeddedKafka.Builder builder(Path folder, String protocol, Identity broker, String trusted) {
        return EmbeddedKafka.in(folder.resolve("kafka"))
                .securityProtocol(protocol)
                .property("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer")
                .property("ssl.keystore.type", "PKCS12")
                .property("ssl.keystore.location", broker.keyStore().toString())
                .property("ssl.keystore.password", broker.password())
                .property("ssl.key.password", broker.password())
                .property("ssl.truststore.type", "PEM")
                .property("ssl.truststore.certificates", trusted);
    }

    private static Map<String, String> byPassword(Identity broker, String mechanism, String login) {
        return Map.of(
                "security.protocol",
                "SASL_SSL",
                "sasl.mechanism",
                mechanism,
                "sasl.jaas.config",
                login,
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                broker.certificate());
    }

    private static Map<String, String> byCertificate(Identity broker, Identity user) {
        return Map.of(
                "security.protocol",
                "SSL",
                "ssl.keystore.type",
                "PKCS12",
                "ssl.keystore.location",
                user.keyStore().toString(),
                "ssl.keystore.password",
                user.password(),
                "ssl.key.password",
                user.password(),
                "ssl.truststore.type",
                "PEM",
                "ssl.truststore.certificates",
                broker.certificate());
    }
}
