package io.flagledger.core.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flagledger.core.registry.RegistryForTest.Illness;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SchemaRegistryTest {
    private static final Duration PATIENCE = Duration.ofSeconds(20);
    private static final Duration LITTLE = Duration.ofMillis(1_500);
    private static final String SUBJECT = "flag-ledger.events-value";
    private static final String SCHEMA = "{\"type\":\"record\",\"name\":\"R\",\"doc\":\"a \\\"ü\\\"\",\"fields\":[]}";

    private final RegistryForTest server = new RegistryForTest();
    private final RegistryForTest second = new RegistryForTest();

    SchemaRegistryTest() throws IOException {}

    @AfterEach
    void close() {
        server.close();
        second.close();
    }

    @Test
    void whatIsRegisteredIsFetchedByItsIdFromAnotherClient() {
        int id = registry().id(SUBJECT, SCHEMA);

        assertThat(registry().schema(id)).contains(SCHEMA);
        assertThat(server.subjects()).containsExactly(SUBJECT);
    }

    @Test
    void theSameIsAskedOnce() {
        SchemaRegistry registry = registry();
        int id = registry.id(SUBJECT, SCHEMA);
        assertThat(registry.id(SUBJECT, SCHEMA)).isEqualTo(id);
        registry.schema(id);
        registry.schema(id);
        assertThat(registry.schema(77)).isEmpty();
        assertThat(registry.schema(77)).isEmpty();

        assertThat(server.asked())
                .containsExactly(
                        "POST /subjects/" + SUBJECT + "/versions", "GET /schemas/ids/" + id, "GET /schemas/ids/77");
    }

    @Test
    void aSubjectIsOneSegmentOfThePath() {
        registry().id("a/b c+ü", SCHEMA);
        assertThat(server.asked()).containsExactly("POST /subjects/a%2Fb%20c%2B%C3%BC/versions");
    }

    @Test
    void withoutAutoRegisterASchemaIsOnlyLookedUp() {
        Map<String, String> only = Map.of("auto.register.schemas", "false");
        assertThatExceptionOfType(RegistryRefusedException.class)
                .isThrownBy(() -> registry(only).id(SUBJECT, SCHEMA))
                .withMessageContaining(SUBJECT)
                .withMessageContaining("auto.register.schemas is false");
        server.add(SUBJECT, "another");
        assertThatExceptionOfType(RegistryRefusedException.class)
                .isThrownBy(() -> registry(only).id(SUBJECT, SCHEMA));
        assertThat(server.asked()).containsOnly("POST /subjects/" + SUBJECT);

        int id = server.add(SUBJECT, SCHEMA);
        assertThat(registry(only).id(SUBJECT, SCHEMA)).isEqualTo(id);
    }

    @ParameterizedTest
    @ValueSource(ints = {500, 502, 503, 429, 408})
    void anIllnessThatPassesIsWaitedFor(int status) {
        server.fallIll(Illness.answering(status, "{\"error_code\":50003,\"message\":\"no leader\"}")
                .times(3));
        assertThat(registry().id(SUBJECT, SCHEMA)).isEqualTo(1);
        assertThat(server.asked()).hasSize(4);
    }

    @Test
    void anIllnessThatLastsEndsInTimeWithWhatWasSaidLast() {
        server.fallIll(Illness.answering(503, "{\"error_code\":50003,\"message\":\"no leader\"}"));
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> registry(Map.of(), LITTLE).id(SUBJECT, SCHEMA))
                .withMessageContaining(server.url())
                .withMessageContaining("503: no leader")
                .satisfies(e -> assertThat(e.took()).isGreaterThanOrEqualTo(LITTLE));
        assertThat(server.asked()).hasSizeGreaterThan(1);
    }

    @Test
    void aServerThatNeverAnswersIsLeftInTime() {
        server.fallIll(Illness.DUMB);
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> registry(Map.of(), LITTLE).schema(1))
                .withMessageContaining("did not answer");
    }

    @Test
    void anotherAddressIsTakenWhenOneIsIllAndKept() throws IOException {
        String nobody = nobody();
        server.fallIll(Illness.answering(500, ""));
        SchemaRegistry registry = registry(urls(server.url() + "/ , " + nobody + "," + second.url()), PATIENCE);
        int id = registry.id(SUBJECT, SCHEMA);
        registry.schema(id);

        assertThat(second.asked()).hasSize(2);
        assertThat(server.asked()).hasSize(1);
        assertThat(registry).hasToString("%s,%s,%s".formatted(server.url(), nobody, second.url()));
    }

    @Test
    void aSingleServerIsTriedAgainWhenItComesBack() throws Exception {
        int port = server.port();
        server.close();
        SchemaRegistry registry = registry(urls("http://127.0.0.1:" + port), PATIENCE);
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(
                        () -> registry(urls("http://127.0.0.1:" + port), LITTLE).schema(1));
        try (RegistryForTest again = new RegistryForTest(port)) {
            assertThat(registry.id(SUBJECT, SCHEMA)).isEqualTo(1);
            assertThat(again.subjects()).containsExactly(SUBJECT);
        }
    }

    @ParameterizedTest
    @CsvSource({"409,incompatible", "401,who are you", "403,not you", "422,no schema", "307,elsewhere"})
    void aRefusalIsNotAskedForTwice(int status, String why) {
        server.fallIll(Illness.answering(status, "{\"error_code\":%d,\"message\":\"%s\"}".formatted(status, why)));
        assertThatExceptionOfType(RegistryRefusedException.class)
                .isThrownBy(() -> registry().id(SUBJECT, SCHEMA))
                .withMessageContaining(status + ": " + why);
        assertThat(server.asked()).hasSize(1);
    }

    @Test
    void whatIsNoRegistryIsToldFromARegistryThatHasNoSuchSchema() {
        server.fallIll(Illness.answering(404, "<html>nothing here</html>"));
        assertThatExceptionOfType(RegistryRefusedException.class)
                .isThrownBy(() -> registry().schema(1))
                .withMessageContaining("is schema.registry.url its base");
        server.fallIll(Illness.answering(200, "<html>welcome</html>"));
        assertThatExceptionOfType(RegistryRefusedException.class)
                .isThrownBy(() -> registry().schema(1))
                .withMessageContaining("is schema.registry.url its base");
        assertThatExceptionOfType(RegistryRefusedException.class)
                .isThrownBy(() -> registry().id(SUBJECT, SCHEMA))
                .withMessageContaining("is schema.registry.url its base");
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "basic.auth.credentials.source=USER_INFO;basic.auth.user.info=ada:s3:cret|Basic ada:s3:cret",
                "schema.registry.basic.auth.user.info=ada:s3cret|Basic ada:s3cret",
                "bearer.auth.credentials.source=STATIC_TOKEN;bearer.auth.token=abc.def|Bearer abc.def",
                "schema.registry.bearer.auth.token=abc|Bearer abc",
                "x=y|null"
            })
    void credentialsAreSentAndNeverShown(String properties, String expected) {
        Map<String, String> given = new HashMap<>();
        for (String property : properties.split(";", -1)) {
            given.put(property.split("=", 2)[0], property.split("=", 2)[1]);
        }
        SchemaRegistry registry = registry(given);
        registry.id(SUBJECT, SCHEMA);
        assertThat(sent(server)).isEqualTo(expected);
        assertThat(registry.toString()).isEqualTo(server.url());
    }

    @Test
    void credentialsInAnAddressAreSentToItAloneAndNeverShown() {
        server.fallIll(Illness.answering(503, ""));
        SchemaRegistry registry =
                registry(urls("http://ada:s3%%40cret@%s,%s".formatted(server.address(), second.url())), PATIENCE);
        registry.id(SUBJECT, SCHEMA);
        assertThat(sent(server)).isEqualTo("Basic ada:s3@cret");
        assertThat(sent(second)).isEqualTo("null");
        assertThat(registry.toString()).doesNotContain("cret");

        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> registry(urls("http://ada:s3cret@" + server.address()), LITTLE)
                        .schema(1))
                .satisfies(
                        e -> assertThat(e.toString()).contains(server.address()).doesNotContain("s3cret"));
    }

    @ParameterizedTest
    @CsvSource({
        "schema.registry.url,localhost:8081,http://",
        "schema.registry.url,ftp://ada:s3cret@localhost,http://",
        "schema.registry.url,http://ada:s3cret@local host,address",
        "schema.registry.url,http://ada:s3cret@localhost/?s3cret=1,address",
        "schema.registry.url,' , ',names no address",
        "auto.register.schemas,maybe,auto.register.schemas",
        "basic.auth.credentials.source,SASL_INHERIT,USER_INFO",
        "basic.auth.credentials.source,USER_INFO,basic.auth.user.info is missing",
        "bearer.auth.credentials.source,STATIC_TOKEN,bearer.auth.token is missing",
        "bearer.auth.credentials.source,OAUTHBEARER,STATIC_TOKEN",
        "bearer.auth.token,s3cret,both",
        "basic.auth.user.info,'s3cret\n:x',control character",
    })
    void settingsThatCannotBeFollowedAreRefusedByName(String key, String value, String why) {
        Map<String, String> properties = new HashMap<>(urls(server.url()));
        if (why.equals("both")) {
            properties.put("basic.auth.user.info", "ada:s3cret");
        }
        properties.put(key, value);
        assertThatIllegalArgumentException()
                .isThrownBy(() -> SchemaRegistry.from(properties))
                .withMessageContaining(why)
                .satisfies(e -> assertThat(e.toString()).doesNotContain("s3cret"));
    }

    @Test
    void withoutAnAddressThereIsNoRegistry() {
        assertThat(SchemaRegistry.from(Map.of("auto.register.schemas", "false")))
                .isEmpty();
        assertThat(SchemaRegistry.from(urls(""))).isEmpty();
    }

    @Test
    void anInterruptEndsAQuestionAndIsKept() {
        server.fallIll(Illness.DUMB);
        Thread.currentThread().interrupt();
        assertThatExceptionOfType(RegistryUnavailableException.class)
                .isThrownBy(() -> registry().schema(1));
        assertThat(Thread.interrupted()).isTrue();
    }

    private SchemaRegistry registry() {
        return registry(Map.of());
    }

    private SchemaRegistry registry(Map<String, String> more) {
        return registry(more, PATIENCE);
    }

    private SchemaRegistry registry(Map<String, String> more, Duration patience) {
        Map<String, String> properties = new HashMap<>(urls(server.url()));
        properties.putAll(more);
        return SchemaRegistry.from(properties, patience).orElseThrow();
    }

    private static Map<String, String> urls(String urls) {
        return Map.of("schema.registry.url", urls);
    }

    /** The last Authorization header, its user made readable. */
    private static String sent(RegistryForTest to) {
        List<String> all = to.authorizations();
        String last = all.get(all.size() - 1);
        return last.startsWith("Basic ")
                ? "Basic " + new String(Base64.getDecoder().decode(last.substring(6)), StandardCharsets.UTF_8)
                : last;
    }

    /** An address at which nobody listens. */
    private static String nobody() throws IOException {
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return "http://127.0.0.1:" + socket.getLocalPort();
        }
    }
}
