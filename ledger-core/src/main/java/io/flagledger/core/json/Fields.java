package io.flagledger.core.json;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BiFunction;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The fields of a JSON object, each asked for by name and type. Whoever has asked for all that it knows ends with {@link
 * #end}, so that a misspelt field is an error and not a field left out. A field that is null counts as absent.
 */
public final class Fields {
    private final JsonNode object;
    private final String pointer;
    private final SortedSet<String> known = new TreeSet<>();

    /**
     * @param pointer where the object stands, as a JSON pointer
     * @throws MalformedException if it is no object
     */
    public Fields(@Nullable JsonNode object, String pointer) {
        if (object == null || !object.isObject()) {
            throw new MalformedException(pointer, "a JSON object is expected here but this is " + kind(object));
        }
        this.object = object;
        this.pointer = pointer;
    }

    /** Where a field stands, as a JSON pointer. */
    public String pointer(String field) {
        return pointer + "/" + field.replace("~", "~0").replace("/", "~1");
    }

    /** The field as it is; null if it is absent. */
    public @Nullable JsonNode any(String field) {
        known.add(field);
        JsonNode node = object.get(field);
        return node == null || node.isNull() ? null : node;
    }

    public boolean has(String field) {
        return any(field) != null;
    }

    /** A text; null if it is absent. */
    public @Nullable String optionalText(String field) {
        JsonNode node = any(field);
        if (node != null && !node.isTextual()) {
            throw new MalformedException(pointer(field), "a text is expected here but this is " + kind(node));
        }
        return node == null ? null : node.textValue();
    }

    /** A text that must be there. */
    public String text(String field) {
        return required(field, optionalText(field), "a text");
    }

    /** A text; another one if it is absent. */
    public String textOr(String field, String otherwise) {
        String text = optionalText(field);
        return text == null ? otherwise : text;
    }

    /** A truth; false if it is absent. */
    public boolean truth(String field) {
        JsonNode node = any(field);
        if (node != null && !node.isBoolean()) {
            throw new MalformedException(pointer(field), "true or false is expected here but this is " + kind(node));
        }
        return node != null && node.booleanValue();
    }

    /** A whole number; null if it is absent. */
    public @Nullable Long optionalWhole(String field) {
        JsonNode node = any(field);
        if (node != null && !(node.isIntegralNumber() && node.canConvertToLong())) {
            throw new MalformedException(pointer(field), "a whole number is expected here but this is " + kind(node));
        }
        return node == null ? null : node.longValue();
    }

    /** One of an enum's constants, in any case and with {@code -} for {@code _}; null if it is absent. */
    public <E extends Enum<E>> @Nullable E optionalOneOf(String field, Class<E> type) {
        String text = optionalText(field);
        if (text == null) {
            return null;
        }
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equalsIgnoreCase(text.replace('-', '_'))) {
                return constant;
            }
        }
        throw new MalformedException(pointer(field), "'%s' is none of %s".formatted(shortened(text), names(type)));
    }

    /** One of an enum's constants, which must be there. */
    public <E extends Enum<E>> E oneOf(String field, Class<E> type) {
        return required(field, optionalOneOf(field, type), "one of " + names(type));
    }

    /** The elements of an array, each made by the reader; empty if it is absent. */
    public <T> List<T> list(String field, BiFunction<JsonNode, String, T> reader) {
        JsonNode node = any(field);
        if (node == null) {
            return List.of();
        }
        if (!node.isArray()) {
            throw new MalformedException(pointer(field), "an array is expected here but this is " + kind(node));
        }
        List<T> elements = new ArrayList<>(node.size());
        for (int i = 0; i < node.size(); i++) {
            elements.add(reader.apply(node.get(i), pointer(field) + "/" + i));
        }
        return elements;
    }

    /** The texts of an array; empty if it is absent. */
    public List<String> texts(String field) {
        return list(field, Fields::textAt);
    }

    /** The members of an object in their order, each made by the reader; empty if it is absent. */
    public <T> Map<String, T> members(String field, BiFunction<JsonNode, String, T> reader) {
        JsonNode node = any(field);
        Map<String, T> members = new LinkedHashMap<>();
        if (node != null) {
            Fields inner = new Fields(node, pointer(field));
            node.properties()
                    .forEach(member -> members.put(
                            member.getKey(), reader.apply(member.getValue(), inner.pointer(member.getKey()))));
        }
        return members;
    }

    /** What the reader makes of a field; where it cannot be, the field is named as the place. */
    <T> T made(String field, Supplier<T> reader) {
        try {
            return reader.get();
        } catch (IllegalArgumentException e) {
            throw new MalformedException(pointer(field), String.valueOf(e.getMessage()));
        }
    }

    /**
     * Ends the reading.
     *
     * @throws MalformedException if there is a field that nobody asked for
     */
    public void end() {
        object.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw new MalformedException(
                        pointer(field), "there is no field '%s' here, only %s".formatted(shortened(field), known));
            }
        });
    }

    static String textAt(JsonNode node, String pointer) {
        if (!node.isTextual()) {
            throw new MalformedException(pointer, "a text is expected here but this is " + kind(node));
        }
        return node.textValue();
    }

    static String kind(@Nullable JsonNode node) {
        return node == null || node.isMissingNode()
                ? "missing"
                : switch (node.getNodeType()) {
                    case ARRAY -> "an array";
                    case BOOLEAN -> "a boolean";
                    case NULL -> "null";
                    case NUMBER -> "a number";
                    case OBJECT -> "an object";
                    case STRING -> "a text";
                    case BINARY, MISSING, POJO -> "no JSON";
                };
    }

    static String shortened(String text) {
        return text.length() <= 140 ? text : text.substring(0, 140) + "…";
    }

    private <T> T required(String field, @Nullable T value, String expected) {
        if (value == null) {
            throw new MalformedException(pointer(field), expected + " is expected here but there is nothing");
        }
        return value;
    }

    private static <E extends Enum<E>> String names(Class<E> type) {
        return Stream.of(type.getEnumConstants()).map(Enum::name).collect(Collectors.joining(", "));
    }
}
