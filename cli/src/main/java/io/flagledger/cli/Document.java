package io.flagledger.cli;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLParser;
import io.flagledger.core.json.MalformedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.yaml.snakeyaml.LoaderOptions;

/**
 * What somebody wrote as JSON or as YAML, with the lines where its parts stand.
 *
 * <p>Of YAML this takes what means the same to everybody: what would be JSON with other brackets. A key or number that
 * one reader takes for this and another for that, an alias, a tag, a second document: each is an error that says where.
 *
 * @param name of the file
 */
record Document(String name, JsonNode root, Map<String, Integer> lines) {
    static final int MAX_CHARACTERS = 16 * 1024 * 1024;
    private static final int MAX_DEPTH = 64;
    private static final Pattern JSON_NUMBER = Pattern.compile("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?");
    private static final Pattern NO_STRING = Pattern.compile(
            "~|null|true|false|[-+]?(0x[0-9a-f_]+|0o?[0-7_]+|[0-9][0-9_]*(\\.[0-9_]*)?(e[-+]?[0-9]+)?|\\.[0-9]+|\\.inf)|\\.nan|");
    private static final JsonFactory JSON = new JsonFactory();
    private static final YAMLFactory YAML =
            YAMLFactory.builder().loaderOptions(limits()).build();

    /** Reads a document. Which of the two it is, the name tells, or else how it begins. */
    static Document read(String name, String text) {
        String plain = text.startsWith("\ufeff") ? text.substring(1) : text;
        JsonFactory format = isJson(name, plain) ? JSON : YAML;
        Map<String, Integer> lines = new HashMap<>();
        try (JsonParser parser = format.createParser(plain)) {
            if (parser.nextToken() == null) {
                throw new MalformedException("", "there is nothing in it");
            }
            JsonNode root = new Walk(parser, plain, lines).node("", 0);
            if (parser.nextToken() != null) {
                throw new MalformedException(
                        "", "there is more in it behind the end" + line(parser) + ": one document is expected");
            }
            return new Document(name, root, lines);
        } catch (MalformedException e) {
            throw malformed(name, lines, e);
        } catch (JsonProcessingException e) {
            int line = e.getLocation() == null ? 0 : e.getLocation().getLineNr();
            throw Complaint.usage("%s%s: this is no %s: %s"
                    .formatted(
                            name,
                            line > 0 ? ", line " + line : "",
                            format == JSON ? "JSON" : "YAML",
                            shortened(withoutSource(e.getOriginalMessage()))));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The same trouble, told with the file and line. */
    Complaint malformed(MalformedException trouble) {
        return malformed(name, lines, trouble);
    }

    private static Complaint malformed(String name, Map<String, Integer> lines, MalformedException trouble) {
        String pointer = trouble.pointer();
        while (!pointer.isEmpty() && !lines.containsKey(pointer)) {
            pointer = pointer.substring(0, pointer.lastIndexOf('/'));
        }
        Integer line = lines.get(pointer);
        return Complaint.usage("%s%s: %s".formatted(name, line == null ? "" : ", line " + line, trouble.getMessage()));
    }

    private static boolean isJson(String name, String text) {
        String lower = name.toLowerCase(Locale.ROOT);
        if (lower.endsWith(".yaml") || lower.endsWith(".yml")) {
            return false;
        }
        String start = text.stripLeading();
        return lower.endsWith(".json") || start.startsWith("{") || start.startsWith("[");
    }

    private static LoaderOptions limits() {
        LoaderOptions options = new LoaderOptions();
        options.setCodePointLimit(MAX_CHARACTERS);
        options.setNestingDepthLimit(MAX_DEPTH);
        return options;
    }

    private static String line(JsonParser parser) {
        return " (line %d)".formatted(parser.currentTokenLocation().getLineNr());
    }

    /** The parser's own words without its drawing of the place. */
    private static String withoutSource(String message) {
        return message.lines()
                .filter(line -> !line.startsWith(" ") && !line.isBlank())
                .collect(Collectors.joining(" "));
    }

    private static String shortened(String text) {
        return text.length() <= 200 ? text : text.substring(0, 200) + "…";
    }

    /** One way through the parser. */
    private static final class Walk {
        private final JsonParser parser;
        private final int[] points;
        private final Map<String, Integer> lines;

        Walk(JsonParser parser, String text, Map<String, Integer> lines) {
            this.parser = parser;
            this.points = parser instanceof YAMLParser ? text.codePoints().toArray() : new int[0];
            this.lines = lines;
        }

        /** What begins with the current token. */
        JsonNode node(String pointer, int depth) throws IOException {
            lines.put(pointer, parser.currentTokenLocation().getLineNr());
            if (depth > MAX_DEPTH) {
                throw new MalformedException(pointer, "this is nested deeper than " + MAX_DEPTH);
            }
            checkYaml(pointer);
            JsonNodeFactory nodes = JsonNodeFactory.instance;
            return switch (parser.currentToken()) {
                case START_OBJECT -> object(pointer, depth);
                case START_ARRAY -> array(pointer, depth);
                case VALUE_STRING -> nodes.textNode(parser.getText());
                case VALUE_TRUE -> truth(pointer, true);
                case VALUE_FALSE -> truth(pointer, false);
                case VALUE_NULL -> nodes.nullNode();
                case VALUE_NUMBER_INT -> whole(pointer);
                case VALUE_NUMBER_FLOAT -> nodes.numberNode(number(pointer).getDecimalValue());
                default -> throw new MalformedException(pointer, "a value is expected here");
            };
        }

        private JsonNode object(String pointer, int depth) throws IOException {
            ObjectNode object = JsonNodeFactory.instance.objectNode();
            while (parser.nextToken() != JsonToken.END_OBJECT) {
                String key = parser.currentName();
                String place = pointer + "/" + key.replace("~", "~0").replace("/", "~1");
                boolean twice = lines.put(place, parser.currentTokenLocation().getLineNr()) != null;
                if (twice || object.has(key)) {
                    throw new MalformedException(place, "this key is there twice");
                }
                checkYaml(place);
                checkKey(place, key);
                parser.nextToken();
                object.set(key, node(place, depth + 1));
            }
            return object;
        }

        private JsonNode array(String pointer, int depth) throws IOException {
            ArrayNode array = JsonNodeFactory.instance.arrayNode();
            while (parser.nextToken() != JsonToken.END_ARRAY) {
                array.add(node(pointer + "/" + array.size(), depth + 1));
            }
            return array;
        }

        private JsonNode truth(String pointer, boolean is) throws IOException {
            if (!parser.getText().equals(String.valueOf(is))) {
                throw new MalformedException(
                        pointer,
                        "'%s' is %s to some and a text to others: write %s, or put it in quotes"
                                .formatted(parser.getText(), is, is));
            }
            return JsonNodeFactory.instance.booleanNode(is);
        }

        private JsonNode whole(String pointer) throws IOException {
            BigInteger whole = number(pointer).getBigIntegerValue();
            return whole.bitLength() < Long.SIZE
                    ? JsonNodeFactory.instance.numberNode(whole.longValue())
                    : JsonNodeFactory.instance.numberNode(whole);
        }

        private JsonParser number(String pointer) throws IOException {
            if (!JSON_NUMBER.matcher(parser.getText()).matches()) {
                throw new MalformedException(
                        pointer,
                        "'%s' is not a number to everybody: write it in decimal digits, or in quotes as a text"
                                .formatted(shortened(parser.getText())));
            }
            return parser;
        }

        private void checkYaml(String pointer) throws IOException {
            if (parser instanceof YAMLParser yaml) {
                if (yaml.isCurrentAlias()) {
                    throw new MalformedException(pointer, "aliases (*name) are not taken: write out what is meant");
                }
                if (yaml.getTypeId() != null) {
                    throw new MalformedException(pointer, "tags (!name) are not taken: leave it out");
                }
            }
        }

        private void checkKey(String pointer, String key) {
            if (parser instanceof YAMLParser
                    && !isQuoted()
                    && NO_STRING.matcher(key.toLowerCase(Locale.ROOT)).matches()) {
                throw new MalformedException(
                        pointer, "the key '%s' is no text to everybody: write it in quotes".formatted(shortened(key)));
            }
        }

        // The YAML parser counts in code points.
        private boolean isQuoted() {
            long start = parser.currentTokenLocation().getCharOffset();
            int point = start < 0 || start >= points.length ? -1 : points[(int) start];
            return point == '"' || point == '\'';
        }
    }
}
