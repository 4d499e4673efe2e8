package io.flagledger.core.registry;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Finds in the properties what a registry is to be told, under the names that Confluent's clients know. */
final class Credentials {
    private Credentials() {}

    /**
     * The value of the Authorization header; null if there is none, or if it stands in the addresses.
     *
     * @throws IllegalArgumentException if the properties ask for what is not there, or not known here
     */
    static @Nullable String authorization(Map<String, String> properties) {
        String basic = basicOf(properties);
        String bearer = bearerOf(properties);
        if (basic != null && bearer != null) {
            throw new IllegalArgumentException(
                    "both basic.auth and bearer.auth are set for the Schema Registry: only one can be sent");
        }
        return basic == null ? bearer : basic;
    }

    static String basic(String user) {
        return "Basic " + Base64.getEncoder().encodeToString(user.getBytes(StandardCharsets.UTF_8));
    }

    private static @Nullable String basicOf(Map<String, String> properties) {
        String source = either(properties, "basic.auth.credentials.source");
        String user = either(properties, "basic.auth.user.info");
        if ("URL".equals(source) || (source == null && user == null)) {
            return null;
        }
        if (source != null && !"USER_INFO".equals(source)) {
            throw unknown("basic.auth.credentials.source", "URL and USER_INFO", source);
        }
        return basic(given("basic.auth.user.info", user));
    }

    private static @Nullable String bearerOf(Map<String, String> properties) {
        String source = either(properties, "bearer.auth.credentials.source");
        String token = either(properties, "bearer.auth.token");
        if (source == null && token == null) {
            return null;
        }
        if (source != null && !"STATIC_TOKEN".equals(source)) {
            throw unknown("bearer.auth.credentials.source", "STATIC_TOKEN", source);
        }
        return "Bearer " + given("bearer.auth.token", token);
    }

    private static @Nullable String either(Map<String, String> properties, String key) {
        String value = properties.get("schema.registry." + key);
        String chosen = value == null ? properties.get(key) : value;
        return chosen == null || chosen.isBlank() ? null : chosen.trim();
    }

    private static String given(String key, @Nullable String value) {
        if (value == null) {
            throw new IllegalArgumentException(key + " is missing, but the Schema Registry is to be told it");
        }
        if (value.chars().anyMatch(Character::isISOControl)) {
            throw new IllegalArgumentException(key + " holds a control character, which no header can");
        }
        return value;
    }

    private static IllegalArgumentException unknown(String key, String known, String found) {
        return new IllegalArgumentException("%s can be %s, but not %s".formatted(key, known, found));
    }
}
