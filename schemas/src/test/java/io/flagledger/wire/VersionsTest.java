package io.flagledger.wire;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.apache.avro.SchemaNormalization;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every version of a schema that was ever written to a ledger is kept in {@code /versions}, for a ledger keeps its bytes
 * for ever. Whoever changes a schema adds the next version here; the ones before never change.
 */
class VersionsTest {

    private static Stream<Kept> schemas() {
        return Stream.of(
                new Kept("ledger-event", LedgerEvent.getClassSchema()),
                new Kept("state-record", StateRecord.getClassSchema()));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void theNewestKeptVersionIsTheOneThatIsWrittenNow(Kept kept) throws IOException {
        List<Schema> versions = kept.versions();
        assertThat(canonical(versions.get(versions.size() - 1)))
                .as("add /versions/%s-%d.avsc: the schema has changed", kept.name, versions.size() + 1)
                .isEqualTo(canonical(kept.current));
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void everyVersionCanBeReadByEveryLaterOne(Kept kept) throws IOException {
        List<Schema> versions = kept.versions();
        for (int writer = 0; writer < versions.size(); writer++) {
            for (int reader = writer; reader < versions.size(); reader++) {
                assertThat(SchemaCompatibility.checkReaderWriterCompatibility(
                                        versions.get(reader), versions.get(writer))
                                .getType())
                        .as("version %d of %s reads version %d", reader + 1, kept.name, writer + 1)
                        .isEqualTo(SchemaCompatibilityType.COMPATIBLE);
            }
        }
    }

    /**
     * The digest covers an event's body and not the fingerprint before it, so bytes must never mean one thing by one version
     * and another by the next: what is added to a union or an enum comes last.
     */
    @ParameterizedTest
    @MethodSource("schemas")
    void whatIsAddedToAUnionOrAnEnumComesLast(Kept kept) throws IOException {
        List<Schema> versions = kept.versions();
        for (int later = 1; later < versions.size(); later++) {
            Map<String, List<String>> before = choices(versions.get(later - 1));
            Map<String, List<String>> after = choices(versions.get(later));
            before.forEach((place, names) ->
                    assertThat(after.get(place)).as(place).isNotNull().startsWith(names.toArray(String[]::new)));
        }
    }

    private static Map<String, List<String>> choices(Schema schema) {
        Map<String, List<String>> choices = new HashMap<>();
        collect(schema, schema.getFullName(), choices, new HashSet<>());
        return choices;
    }

    private static void collect(Schema schema, String place, Map<String, List<String>> choices, Set<String> seen) {
        switch (schema.getType()) {
            case RECORD -> {
                if (seen.add(schema.getFullName())) {
                    schema.getFields()
                            .forEach(field ->
                                    collect(field.schema(), schema.getFullName() + "." + field.name(), choices, seen));
                }
            }
            case UNION -> {
                choices.put(
                        place,
                        schema.getTypes().stream().map(Schema::getFullName).toList());
                schema.getTypes().forEach(type -> collect(type, place, choices, seen));
            }
            case ENUM -> choices.put(schema.getFullName(), schema.getEnumSymbols());
            case ARRAY -> collect(schema.getElementType(), place, choices, seen);
            default -> {}
        }
    }

    @ParameterizedTest
    @MethodSource("schemas")
    void aVersionSaysNothingThatOnlyJavaUnderstands(Kept kept) throws IOException {
        assertThat(kept.versions())
                .allSatisfy(version -> assertThat(version.toString()).doesNotContain("avro.java"));
    }

    private static String canonical(Schema schema) {
        return SchemaNormalization.toParsingForm(schema);
    }

    private record Kept(String name, Schema current) {

        @Override
        public String toString() {
            return name;
        }

        /** From 1 up to the first number that is missing. */
        private List<Schema> versions() throws IOException {
            List<Schema> versions = new ArrayList<>();
            while (true) {
                String resource = "/versions/%s-%d.avsc".formatted(name, versions.size() + 1);
                try (InputStream json = VersionsTest.class.getResourceAsStream(resource)) {
                    if (json == null) {
                        return versions;
                    }
                    versions.add(new Schema.Parser().parse(json));
                }
            }
        }
    }
}
