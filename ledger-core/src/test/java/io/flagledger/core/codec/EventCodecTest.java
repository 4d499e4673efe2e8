package io.flagledger.core.codec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.flagledger.core.event.Actor;
import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.Batch;
import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.Bucketing;
import io.flagledger.core.event.Change;
import io.flagledger.core.event.Definition;
import io.flagledger.core.event.Details;
import io.flagledger.core.event.Digest;
import io.flagledger.core.event.Event;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Recorded;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.UserEntry;
import io.flagledger.core.event.ValueType;
import io.flagledger.core.event.Variants;
import io.flagledger.core.event.Weight;
import io.flagledger.wire.LedgerEvent;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class EventCodecTest {
    private static final Instant APPENDED = Instant.parse("2026-01-01T12:00:00.123Z");
    private static final Digest BEFORE = Digest.genesis("gastown-test");

    static Stream<Change> changes() {
        Allowlist list = Allowlist.of(
                List.of(new UserEntry("çelik", null), new UserEntry("🐢", "Ωmega")), List.of("acme", "globex"));
        return Stream.of(
                Change.FlagCreated.bool("gastown", Parent.of("top"), new Parent("left", Set.of("b", "a"))),
                created(ValueType.STRING, new FlagValue.StringValue(""), new FlagValue.StringValue("wört")),
                created(ValueType.INTEGER, new FlagValue.IntegerValue(Long.MIN_VALUE), new FlagValue.IntegerValue(1)),
                created(ValueType.DOUBLE, new FlagValue.DoubleValue(-0.0), new FlagValue.DoubleValue(Double.MIN_VALUE)),
                created(ValueType.OBJECT, new FlagValue.ObjectValue("{}"), new FlagValue.ObjectValue("{\"a\":[1]}")),
                new Change.FlagDescribed("gastown", "", "x", null, new TreeSet<>(), "GT-1"),
                new Change.FlagDescribed("gastown", null, null, "team-ui", null, null),
                new Change.VariantsDefined("gastown", Variants.ON_OFF),
                Change.StageMoved.to("gastown", Stage.GENERALLY_AVAILABLE).skipping(),
                Change.StageMoved.to("gastown", new Percentage(12_345)),
                new Change.AllowlistChanged("gastown", list, Allowlist.EMPTY),
                new Change.AllowlistChanged("gastown", Allowlist.EMPTY, list),
                new Change.BucketingChanged(
                        "gastown", new Bucketing(BucketBy.USER, "sée", Bucketing.Algorithm.MURMUR3_SCALED)),
                new Change.ParentsChanged("gastown", List.of()),
                new Change.KillSwitchEngaged("gastown", KillSwitch.ALL_ACCESS),
                new Change.KillSwitchReleased("gastown"),
                new Change.FlagRestored(
                        "gastown",
                        7,
                        new Definition(
                                Details.titled("Gästown"),
                                Variants.ON_OFF,
                                Bucketing.of("gastown", BucketBy.USER),
                                Stage.PERCENTAGE,
                                new Percentage(12_345),
                                list,
                                KillSwitch.NEW_ACCESS,
                                List.of(Parent.of("top")),
                                true)),
                new Change.FlagArchived("gastown"),
                new Change.FlagRevived("gastown"));
    }

    @Test
    void theChangesOfThisTestAreOfEveryKind() {
        assertThat(changes().map(Object::getClass).collect(Collectors.toSet()))
                .isEqualTo(Set.of(Change.class.getPermittedSubclasses()));
    }

    @ParameterizedTest
    @MethodSource("changes")
    void anEventIsReadAsItWasWritten(Change change) {
        Event event = event(change);
        EncodedEvent encoded = EventCodec.encode(event, BEFORE);
        assertThat(EventCodec.decode(encoded.value(), APPENDED))
                .isEqualTo(new Recorded(event, BEFORE, encoded.digest(), APPENDED));
    }

    /** All but restorations, which came with version 2. */
    static Stream<Change> changesOfVersion1() {
        return changes().filter(change -> !(change instanceof Change.FlagRestored));
    }

    @ParameterizedTest
    @MethodSource("changesOfVersion1")
    void anEventOfAnEarlierVersionIsReadAsItWasWritten(Change change) throws IOException {
        Event event = event(change);
        assertThat(EventCodec.decode(asVersion1(EventCodec.encode(event, BEFORE).value()), APPENDED)
                        .event())
                .isEqualTo(event);
    }

    /** The same event as a program would write it that knows only the first version of the schema. */
    private static byte[] asVersion1(byte[] value) throws IOException {
        Schema first;
        try (InputStream json = EventCodecTest.class.getResourceAsStream("/versions/ledger-event-1.avsc")) {
            first = new Schema.Parser().parse(json);
        }
        Object event = new GenericDatumReader<>(LedgerEvent.getClassSchema())
                .read(null, DecoderFactory.get().binaryDecoder(value, 10, value.length - 10, null));
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.write(new byte[] {(byte) 0xC3, 1});
        bytes.write(ByteBuffer.allocate(8)
                .order(ByteOrder.LITTLE_ENDIAN)
                .putLong(SchemaNormalization.parsingFingerprint64(first))
                .array());
        BinaryEncoder body = EncoderFactory.get().binaryEncoder(bytes, null);
        new GenericDatumWriter<>(first).write(event, body);
        body.flush();
        return bytes.toByteArray();
    }

    @Test
    void theOrderOfVariantsIsKept() {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        Stream.of("z", "a", "m").forEach(name -> values.put(name, new FlagValue.BooleanValue(true)));
        Variants variants = new Variants(values, "z", List.of(new Weight("m", 1), new Weight("a", 2)));
        Event event = event(new Change.VariantsDefined("gastown", variants));
        Recorded read = EventCodec.decode(EventCodec.encode(event, BEFORE).value(), APPENDED);
        Variants then = ((Change.VariantsDefined) read.event().change()).variants();
        assertThat(then.values().keySet()).containsExactly("z", "a", "m");
        assertThat(then.on()).containsExactly(new Weight("m", 1), new Weight("a", 2));
    }

    @Test
    void aValueStartsWithTheSingleObjectMarkerAndTheSchemasFingerprint() {
        byte[] value = encoded().value();
        assertThat(Arrays.copyOf(value, 2)).containsExactly(0xC3, 0x01);
        assertThat(ByteBuffer.wrap(value, 2, 8).order(ByteOrder.LITTLE_ENDIAN).getLong())
                .isEqualTo(SchemaNormalization.parsingFingerprint64(LedgerEvent.getClassSchema()));
    }

    @Test
    void theDigestIsTheSha256OfTheBodyWithoutTheHeader() throws Exception {
        EncodedEvent encoded = encoded();
        byte[] body = Arrays.copyOfRange(encoded.value(), 10, encoded.value().length);
        byte[] sha256 = MessageDigest.getInstance("SHA-256").digest(body);
        assertThat(encoded.digest().toBytes()).isEqualTo(sha256);
        assertThat(EventCodec.decode(encoded.value(), APPENDED).digest()).isEqualTo(encoded.digest());
    }

    @Test
    void equalEventsHaveEqualBytes() {
        assertThat(encoded().value()).isEqualTo(encoded().value());
    }

    @Test
    void theKeyNamesTheEnvironmentAndTheSequence() {
        byte[] key = EventCodec.key("gastown-test", 17);
        assertThat(new String(key, StandardCharsets.UTF_8)).isEqualTo("gastown-test/17");
        assertThat(EventCodec.environmentOf(key)).isEqualTo("gastown-test");
        assertThat(EventCodec.environmentOf("no slash".getBytes(StandardCharsets.UTF_8)))
                .isEqualTo("no slash");
    }

    @Test
    void anUnknownSchemaIsToldWithWhatToThinkOfIt() {
        byte[] newer = encoded().value();
        newer[2] ^= 1;
        assertThatExceptionOfType(UndecodableException.class)
                .isThrownBy(() -> EventCodec.decode(newer, APPENDED))
                .withMessageStartingWith(
                        "this version of Flag Ledger can't read an event of %d bytes, which is damaged or was written by a newer version: "
                                .formatted(newer.length))
                .withMessageContaining("fingerprint");
    }

    @Test
    void whatIsCutShortCannotBeRead() {
        byte[] value = encoded().value();
        for (int length = 0; length < value.length; length++) {
            byte[] cut = Arrays.copyOf(value, length);
            assertThatExceptionOfType(UndecodableException.class).isThrownBy(() -> EventCodec.decode(cut, APPENDED));
        }
    }

    @Test
    void whatIsTooLongCannotBeRead() {
        byte[] value = encoded().value();
        byte[] longer = Arrays.copyOf(value, value.length + 1);
        assertThatExceptionOfType(UndecodableException.class).isThrownBy(() -> EventCodec.decode(longer, APPENDED));
    }

    @Test
    void damageIsNeverAnythingButUndecodable() {
        Garbage garbage = new Garbage(changes()
                .map(change -> EventCodec.encode(event(change), BEFORE).value())
                .toList());
        garbage.forEach(20_000, bytes -> EventCodec.decode(bytes, APPENDED));
    }

    private static EncodedEvent encoded() {
        return EventCodec.encode(event(new Change.KillSwitchReleased("gastown")), BEFORE);
    }

    private static Event event(Change change) {
        return new Event(
                "gastown-test",
                17,
                4,
                Instant.parse("2025-12-31T23:59:59.999Z"),
                Actor.service("bot").onBehalfOf("ann"),
                "why nöt 🐢",
                "change-1",
                new Batch(1, 3),
                change);
    }

    private static Change created(ValueType type, FlagValue a, FlagValue b) {
        Map<String, FlagValue> values = new LinkedHashMap<>();
        values.put("b", b);
        values.put("a", a);
        return new Change.FlagCreated(
                "gastown",
                type,
                new Details("Gästown", "", "team-ui", Set.of("ui", "beta"), "GT-1"),
                new Variants(values, "b", List.of(new Weight("a", Integer.MAX_VALUE), new Weight("b", 0))),
                Bucketing.of("gastown", BucketBy.USER),
                List.of());
    }
}
