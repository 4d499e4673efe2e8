package io.flagledger.sdk;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.flagledger.embedded.junit.KafkaExtension;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** What a service gets on its class path that depends on this SDK, as Maven resolves it in this build. */
final class WhatComesAlongTest {
    /** Of {@code dependency:tree}. */
    private static final Pattern LINE = Pattern.compile("((?:[|+\\\\ ][ -]{2})+)([^: ]+:[^: ]+):jar:\\S+(.*)");

    private static final Set<String> WANTED = Set.of(
            "io.flagledger:ledger-core",
            "io.flagledger:schemas",
            "com.fasterxml.jackson.core:jackson-annotations",
            "com.fasterxml.jackson.core:jackson-core",
            "com.fasterxml.jackson.core:jackson-databind",
            "com.nimbusds:nimbus-jose-jwt", // admissions
            "org.apache.avro:avro",
            "org.apache.kafka:kafka-clients",
            "org.jspecify:jspecify",
            "org.slf4j:slf4j-api",
            // Avro's
            "commons-codec:commons-codec",
            "commons-io:commons-io",
            "org.apache.commons:commons-compress",
            "org.apache.commons:commons-lang3",
            // of Kafka's client, for compressed topics
            "at.yawk.lz4:lz4-java",
            "com.github.luben:zstd-jni",
            "org.xerial.snappy:snappy-java");

    @Test
    void aServiceGetsTheseLibrariesAndNoOther() throws IOException {
        assumeThat(System.getProperty(KafkaExtension.KIND))
                .as("Testcontainers shares libraries with Avro, and Maven lists them where they are nearest")
                .isNotEqualTo("container");
        Set<String> found = new TreeSet<>();
        int optional = Integer.MAX_VALUE;
        for (String line : tree().lines().toList()) {
            Matcher parts = LINE.matcher(line);
            if (!parts.matches()) {
                assertThat(line).startsWith("io.flagledger:evaluator-sdk:jar:");
                continue;
            }
            int depth = parts.group(1).length();
            if (depth > optional) {
                continue; // brought by what does not come along
            }
            boolean comes = !parts.group(3).contains("optional");
            optional = comes ? Integer.MAX_VALUE : depth;
            if (comes) {
                found.add(parts.group(2));
            }
        }
        assertThat(found).containsExactlyInAnyOrderElementsOf(WANTED);
    }

    private static String tree() throws IOException {
        try (InputStream in = WhatComesAlongTest.class.getResourceAsStream("/what-comes-along.txt")) {
            assertThat(in).as("written by maven-dependency-plugin").isNotNull();
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
