package io.flagledger.core.kafka;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import io.flagledger.core.codec.EncodedEvent;
import io.flagledger.core.codec.EventCodec;
import io.flagledger.core.codec.Head;
import io.flagledger.core.codec.StateCodec;
import io.flagledger.core.codec.UndecodableException;
import io.flagledger.core.codec.WireSchema;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.fold.MemoryLedger;
import io.flagledger.core.registry.RegistryForTest;
import io.flagledger.core.registry.RegistryForTest.Illness;
import io.flagledger.wire.EnvironmentHead;
import io.flagledger.wire.Sha256;
import io.flagledger.wire.StateRecord;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.Deserializer;
import org.apache.kafka.common.serialization.Serializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TopicFormatTest {
    private static final String TOPIC = "flag-ledger.events";
    private static final String SUBJECT = TOPIC + "-value";
    private static final Recorded EVENT = MemoryLedger.gastown()
            .accept(Change.FlagCreated.bool("gastown"))
            .events()
            .get(0);
    private static final EncodedEvent ENCODED = EventCodec.encode(EVENT.event(), EVENT.previousDigest());
    private static final Head HEAD = new Head("gastown-test", "ledger", 7, ENCODED.digest(), MemoryLedger.START, 12, 3);
    private static final int HEADER = 5;

    private final RegistryForTest registry = new RegistryForTest();

    TopicFormatTest() throws IOException {}

    @AfterEach
    void close() {
        registry.close();
    }

    @Test
    void theFrameIsAnotherAndTheBodyAndItsDigestAreTheSame() {
        byte[] framed = withRegistry().write(ENCODED.value());

        assertThat(ByteBuffer.wrap(framed).get()).isZero();
        assertThat(ByteBuffer.wrap(framed).getInt(1)).isEqualTo(1);
        assertThat(Digest.of(framed, HEADER, framed.length - HEADER)).isEqualTo(ENCODED.digest());
        assertThat(withRegistry().read(framed)).isEqualTo(ENCODED.value());
        assertThat(EventCodec.decode(withRegistry().read(framed), EVENT.appendedAt()))
                .isEqualTo(EVENT);
        assertThat(registry.subjects()).containsExactly(SUBJECT);
    }

    @Test
    void whatStandsInTheOtherFrameIsReadAsItIsAndNobodyIsAsked() {
        assertThat(withRegistry().read(ENCODED.value())).isSameAs(ENCODED.value());
        assertThat(plain().write(ENCODED.value())).isSameAs(ENCODED.value());
        assertThat(registry.asked()).isEmpty();
    }

    @Test
    void anEarlierVersionIsReadByItsIdInTheRegistry() throws IOException {
        String first = kept("ledger-event-1");
        registry.add(SUBJECT, first);
        byte[] framed = framed(1, rewritten(new Schema.Parser().parse(first)));
        assertThat(EventCodec.decode(withRegistry().read(framed), EVENT.appendedAt())
                        .event())
                .isEqualTo(EVENT.event());
    }

    @Test
    void aRegistryCanBeForReadingAlone() {
        TopicFormat format =
                format(Map.of("schema.registry.url", registry.url(), "flag.ledger.frame", "single-object"));
        assertThat(format.read(withRegistry().write(ENCODED.value()))).isEqualTo(ENCODED.value());
        assertThat(format.write(ENCODED.value())).isSameAs(ENCODED.value());
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format(Map.of("flag.ledger.frame", "round")))
                .withMessageContaining("flag.ledger.frame can be confluent and single-object, but not round");
    }

    @Test
    void aRegistryIsNotBelievedThatNamesAForeignSchema() {
        registry.add(SUBJECT, "{\"type\":\"record\",\"name\":\"Other\",\"fields\":[]}");
        registry.add(SUBJECT, "{\"type\":\"no such\"}");
        registry.add(SUBJECT, WireSchema.STATE.json());
        // The same fields, but one is read otherwise.
        registry.add(
                SUBJECT,
                WireSchema.EVENT
                        .json()
                        .replaceFirst(
                                "\"name\":\"sequence\",\"type\":\"long\"", "\"name\":\"sequence\",\"type\":\"int\""));
        for (int id = 1; id <= 4; id++) {
            byte[] framed = framed(id, ENCODED.value());
            assertThatExceptionOfType(UndecodableException.class)
                    .isThrownBy(() -> withRegistry().read(framed))
                    .withMessageContaining("has the id %d in the Schema Registry at %s", id, registry.url());
        }
    }

    @Test
    void anIdThatTheRegistryDoesNotKnowCannotBeRead() {
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> withRegistry().read(framed(77, ENCODED.value())))
                .withMessageContaining("77")
                .withMessageContaining(registry.url());
    }

    @Test
    void aRegistryThatIsAwaySaysNothingOfTheValue() {
        registry.fallIll(Illness.answering(403, "{\"message\":\"not you\"}"));
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> withRegistry().read(framed(1, ENCODED.value())))
                .withMessageContaining("refuses and will again")
                .withMessageContaining("403: not you");
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> withRegistry().write(ENCODED.value()))
                .withMessageContaining(SUBJECT);
    }

    @Test
    void withoutARegistryTheFrameSaysWhatIsMissing() {
        byte[] framed = framed(77, ENCODED.value());
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> EventCodec.decode(plain().read(framed), EVENT.appendedAt()))
                .withMessageContaining("77")
                .withMessageContaining("schema.registry.url");
    }

    @Test
    void aTombstoneIsNoValueInAnyFrame() {
        assertThatExceptionOfType(UndecodableException.class).isThrownBy(() -> plain().read(null));
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> withRegistry().read(null));
    }

    @Test
    void kafkasOwnByteClassesAreAsGoodAsNone() {
        TopicFormat format = format(Map.of(
                "value.serializer", ByteArraySerializer.class.getName(),
                "value.deserializer", ByteArrayDeserializer.class.getName()));
        assertThat(format.write(ENCODED.value())).isSameAs(ENCODED.value());
    }

    @Test
    void aNamedSerializerWritesAndIsToldTheProperties() {
        KafkaConnection connection = new KafkaConnection(
                "localhost:1",
                Map.of("value.serializer", Framing.class.getName(), "framing.id", "12", "framing.how", "confluent"));
        byte[] framed = connection.format(TOPIC, WireSchema.EVENT).write(ENCODED.value());
        assertThat(framed).isEqualTo(framed(12, ENCODED.value()));
        assertThat(Framing.closed.get()).isZero();
        connection.close();
        assertThat(Framing.closed.getAndSet(0)).isEqualTo(1);

        assertThat(format(framing("single-object")).write(ENCODED.value())).isEqualTo(ENCODED.value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "empty", "no-frame", "long-id", "other-body", "other-fingerprint", "longer"})
    void aNamedSerializerThatWritesWhatOthersCannotReadIsRefused(String how) {
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> format(framing(how)).write(ENCODED.value()))
                .withMessageContaining("value.serializer=" + Framing.class.getName())
                .withMessageContaining("refuses")
                .satisfies(e -> assertThat(e.isLasting()).isTrue());
    }

    @Test
    void aNamedSerializerThatFailsMayDoBetterLater() {
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> format(framing("throw")).write(ENCODED.value()))
                .withMessageContaining("the registry of others is away")
                .satisfies(e -> assertThat(e.isLasting()).isFalse());
    }

    @Test
    void aNamedDeserializerMayMakeAnObjectOfAGeneratedClass() {
        byte[] head = StateCodec.encode(HEAD);
        TopicFormat format =
                new KafkaConnection("localhost:1", reading("specific")).format("flag-ledger.state", WireSchema.STATE);
        assertThat(format.read(framed(12, head))).isEqualTo(head);
    }

    @Test
    void aNamedDeserializerTellsTheSchemaOfAnId() {
        TopicFormat format = format(reading("generic"));
        assertThat(format.read(framed(12, ENCODED.value()))).isEqualTo(ENCODED.value());
        assertThat(format.read(ENCODED.value())).isSameAs(ENCODED.value());
    }

    @ParameterizedTest
    @ValueSource(strings = {"null", "text", "other-schema", "other-record"})
    void aNamedDeserializerIsNotBelievedThatMakesAnotherRecordOfIt(String how) {
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> format(reading(how)).read(framed(12, ENCODED.value())));
    }

    @Test
    void aNamedDeserializerThatFailsSaysNothingOfTheValue() {
        assertThatExceptionOfType(KafkaUnavailableException.class)
                .isThrownBy(() -> format(reading("throw")).read(framed(12, ENCODED.value())))
                .withMessageContaining("value.deserializer=" + Reading.class.getName())
                .withMessageContaining("the registry of others is away");
    }

    @Test
    void aClassThatIsNotThereIsNamed() {
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format(Map.of("value.serializer", "no.such.Class")))
                .withMessageContaining("value.serializer")
                .withMessageContaining("no.such.Class");
        assertThatIllegalArgumentException()
                .isThrownBy(() -> format(Map.of("value.deserializer", StringSerializer.class.getName())))
                .withMessageContaining("is no org.apache.kafka.common.serialization.Deserializer");
    }

    @Test
    void kafkasClientsAreNotToldWhatIsNotTheirs() {
        Map<String, String> given = new HashMap<>(Map.of("client.id", "x", "apicurio.registry.url", "u"));
        given.put("reconnect.backoff.max.ms", "9");
        given.put("schema.registry.url", registry.url());
        given.put("basic.auth.credentials.source", "USER_INFO");
        given.put("schema.registry.basic.auth.user.info", "ada:s3cret");
        given.put("auto.register.schemas", "false");
        given.put("flag.ledger.frame", "confluent");
        given.put("value.serializer", ByteArraySerializer.class.getName());
        KafkaConnection connection = new KafkaConnection("localhost:1", given);

        assertThat(connection.with(Map.of("acks", "all")))
                .isEqualTo(Map.of(
                        "client.id",
                        "x",
                        "reconnect.backoff.max.ms",
                        "9",
                        "bootstrap.servers",
                        "localhost:1",
                        "acks",
                        "all"));
        assertThat(connection.toString()).isEqualTo("localhost:1");
    }

    private TopicFormat withRegistry() {
        return format(Map.of("schema.registry.url", registry.url()));
    }

    private static TopicFormat plain() {
        return format(Map.of());
    }

    private static TopicFormat format(Map<String, String> properties) {
        return new KafkaConnection("localhost:1", properties).format(TOPIC, WireSchema.EVENT);
    }

    private static Map<String, String> framing(String how) {
        return Map.of("value.serializer", Framing.class.getName(), "framing.id", "12", "framing.how", how);
    }

    private static Map<String, String> reading(String how) {
        return Map.of("value.deserializer", Reading.class.getName(), "reading.how", how);
    }

    private static byte[] framed(int id, byte[] value) {
        return ByteBuffer.allocate(value.length - 5)
                .put((byte) 0)
                .putInt(id)
                .put(value, 10, value.length - 10)
                .array();
    }

    private static String kept(String name) throws IOException {
        try (var file = WireSchema.class.getResourceAsStream("/versions/" + name + ".avsc")) {
            return new String(requireNonNull(file).readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    /** The event as an earlier version wrote it, behind ten bytes that are nobody's. */
    private static byte[] rewritten(Schema earlier) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(new byte[10]);
        out.writeBytes(bodyOf(record(ENCODED.value(), 10, current(), earlier)));
        return out.toByteArray();
    }

    private static Schema current() {
        return new Schema.Parser().parse(WireSchema.EVENT.json());
    }

    private static GenericRecord record(byte[] value, int from, Schema written, Schema read) throws IOException {
        return new GenericDatumReader<GenericRecord>(written, read)
                .read(null, DecoderFactory.get().binaryDecoder(value, from, value.length - from, null));
    }

    private static byte[] bodyOf(GenericRecord read) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
        new GenericDatumWriter<GenericRecord>(read.getSchema()).write(read, encoder);
        return out.toByteArray();
    }

    /** A serializer as others make them, which can be wrong in several ways. */
    public static final class Framing implements Serializer<Object> {
        static final AtomicInteger closed = new AtomicInteger();
        private int id;
        private String how = "";

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            assertThat(isKey).isFalse();
            id = Integer.parseInt(String.valueOf(configs.get("framing.id")));
            how = String.valueOf(configs.get("framing.how"));
        }

        @Override
        public byte @Nullable [] serialize(String topic, Object data) {
            byte[] body;
            try {
                body = bodyOf((GenericRecord) data);
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
            byte[] head = {0, 0, 0, 0, (byte) id};
            return switch (how) {
                case "confluent" -> joined(head, body);
                case "single-object" -> joined(Arrays.copyOf(ENCODED.value(), 10), body);
                case "empty" -> new byte[0];
                case "no-frame" -> body;
                case "long-id" -> joined(new byte[] {0, 0, 0, 0, 0, 0, 0, 0, (byte) id}, body);
                case "other-body" -> joined(head, Arrays.copyOf(body, body.length - 1));
                case "other-fingerprint" -> joined(new byte[] {(byte) 0xC3, 1, 1, 2, 3, 4, 5, 6, 7, 8}, body);
                case "longer" -> joined(joined(head, body), new byte[] {0});
                case "throw" ->
                    throw new IllegalStateException("serializing", new IOException("the registry of others is away"));
                default -> null;
            };
        }

        @Override
        public void close() {
            closed.incrementAndGet();
        }

        private static byte[] joined(byte[] first, byte[] second) {
            byte[] both = Arrays.copyOf(first, first.length + second.length);
            System.arraycopy(second, 0, both, first.length, second.length);
            return both;
        }
    }

    /** A deserializer as others make them, which can be wrong in several ways. */
    public static final class Reading implements Deserializer<Object> {
        private String how = "";

        @Override
        public void configure(Map<String, ?> configs, boolean isKey) {
            how = String.valueOf(configs.get("reading.how"));
        }

        @Override
        public @Nullable Object deserialize(String topic, byte[] data) {
            try {
                return switch (how) {
                    case "generic" -> record(data, HEADER, current(), current());
                    case "specific" ->
                        new StateRecord(
                                HEAD.environment(),
                                new EnvironmentHead(
                                        HEAD.ledgerId(),
                                        HEAD.sequence(),
                                        new Sha256(HEAD.digest().toBytes()),
                                        HEAD.ledgerTime(),
                                        HEAD.eventOffset(),
                                        HEAD.flags()));
                    case "text" -> "text";
                    case "other-schema" ->
                        new GenericData.Record(Schema.createRecord("Other", null, null, false, List.of()));
                    case "other-record" -> {
                        GenericRecord other = record(data, HEADER, current(), current());
                        other.put("sequence", 99L);
                        yield other;
                    }
                    case "throw" ->
                        throw new IllegalStateException("x", new IOException("the registry of others is away"));
                    default -> null;
                };
            } catch (IOException e) {
                throw new UncheckedIOException(e);
            }
        }
    }
}
