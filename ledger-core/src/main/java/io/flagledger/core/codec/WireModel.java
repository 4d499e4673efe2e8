package io.flagledger.core.codec;

import io.flagledger.wire.LedgerEvent;
import io.flagledger.wire.StateRecord;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.data.TimeConversions;
import org.apache.avro.specific.SpecificData;

/**
 * Tells Avro which generated class belongs to which schema. Left to itself, Avro looks classes up by their names and
 * refuses each that the JVM was not told to trust; that list is global, and so nothing for a library to change.
 */
final class WireModel extends SpecificData {
    static final WireModel INSTANCE = new WireModel();

    private final Map<String, Class<?>> classes = new HashMap<>();

    private WireModel() {
        super(LedgerEvent.class.getClassLoader());
        addLogicalTypeConversion(new TimeConversions.TimestampMillisConversion());
        collect(LedgerEvent.getClassSchema());
        collect(StateRecord.getClassSchema());
    }

    @Override
    public Class<?> getClass(Schema schema) {
        Class<?> known = isNamed(schema) ? classes.get(schema.getFullName()) : null;
        return known == null ? super.getClass(schema) : known;
    }

    private void collect(Schema schema) {
        switch (schema.getType()) {
            case RECORD -> {
                if (add(schema)) {
                    schema.getFields().forEach(field -> collect(field.schema()));
                }
            }
            case ENUM, FIXED -> add(schema);
            case ARRAY -> collect(schema.getElementType());
            case UNION -> schema.getTypes().forEach(this::collect);
            default -> {}
        }
    }

    private boolean add(Schema schema) {
        String name = schema.getFullName();
        try {
            return classes.put(name, Class.forName(name, false, getClassLoader())) == null;
        } catch (ClassNotFoundException e) {
            throw new AssertionError("generated from the same schema", e);
        }
    }

    private static boolean isNamed(Schema schema) {
        return switch (schema.getType()) {
            case RECORD, ENUM, FIXED -> true;
            default -> false;
        };
    }
}
