package io.flagledger.core.evaluate;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

class DrawTest {

    /** Published values of MurmurHash3_x86_32 with seed 0. */
    @ParameterizedTest
    @CsvSource({
        "'', 00000000",
        "test, ba6bd213",
        "'Hello, world!', c0363e43",
        "The quick brown fox jumps over the lazy dog, 2e4ff723",
        "abc, b3dd93fa",
    })
    void hashesAsPublished(String text, String hash) {
        assertHash(text, Long.parseLong(hash, 16));
    }

    @Test
    void hashesZeroBytesAsPublished() {
        assertHash("\0", 0x514e28b7L);
        assertHash("\0\0", 0x30f4c306L);
        assertHash("\0\0\0", 0x85f0b427L);
        assertHash("\0\0\0\0", 0x2362f9deL);
    }

    /** What flagd's own evaluators answered. */
    @ParameterizedTest(name = "{0}{1} of {2} gets {3}")
    @MethodSource("vectors")
    void drawsAsFlagdDoes(String flagKey, String targetingKey, String weights, String variant) {
        List<String[]> shares =
                Stream.of(weights.split(";")).map(share -> share.split(":")).toList();
        int total =
                shares.stream().mapToInt(share -> Integer.parseInt(share[1])).sum();
        int bucket = new Draw(flagKey, total).bucket(targetingKey);
        int sum = 0;
        int i = 0;
        while (bucket >= (sum += Integer.parseInt(shares.get(i)[1]))) {
            i++;
        }
        assertThat(shares.get(i)[0]).isEqualTo(variant);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "a",
                "user-17",
                "é",
                "éé",
                "€",
                "字字字",
                "🐢",
                "🐢🐢",
                "aé€🐢",
                "\u007f",
                "\u0080",
                "\u07ff",
                "\u0800",
                "\ud7ff\ue000",
                "\uffff",
                "\ud800\udc00",
                "\udbff\udfff"
            })
    void unitsBeyondAsciiAreHashedAsUtf8(String unit) {
        assertAsReference(unit);
    }

    @Test
    void halfOfASurrogatePairIsHashedAsItsEncodingIs() {
        for (String unit :
                List.of("\ud83d", "\udc22", "a\ud83d", "\udc22\ud83d", "\ud83d\ud83d\udc22", "\ud83dé", "\ud83da")) {
            assertAsReference(unit);
        }
    }

    @Test
    void randomTextsAreHashedAsTheirBytes() {
        SplittableRandom random = new SplittableRandom(1);
        int[] ends = {0x80, 0x800, 0x1_0000, 0x11_0000};
        for (int i = 0; i < 20_000; i++) {
            StringBuilder text = new StringBuilder();
            for (int left = random.nextInt(20); left > 0; left--) {
                text.appendCodePoint(random.nextInt(ends[random.nextInt(ends.length)]));
            }
            String seed = "s".repeat(random.nextInt(9));
            assertThat(new Draw(seed, 100_000).bucket(text.toString()))
                    .as("seed '%s', unit '%s'", seed, text)
                    .isEqualTo((int) Murmur.bucket(seed + text, 100_000));
        }
    }

    @Test
    void theSeedAndTheUnitCountAsOneText() {
        String text = "gästown:user-17";
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(new Draw(text.substring(0, cut), 100_000).bucket(text.substring(cut)))
                    .isEqualTo((int) Murmur.bucket(text, 100_000));
        }
    }

    @Test
    void aBucketLiesBelowTheTotal() {
        for (int total : new int[] {1, 2, 3, 100_000, Integer.MAX_VALUE}) {
            Draw draw = new Draw("gastown:", total);
            assertThat(IntStream.range(0, 10_000).map(i -> draw.bucket("user-" + i)))
                    .allMatch(bucket -> bucket >= 0 && bucket < total);
        }
    }

    @Test
    void aFinerTotalKeepsTheOrder() {
        Draw coarse = new Draw("gastown:", 1_000);
        Draw fine = new Draw("gastown:", 100_000);
        for (int i = 0; i < 10_000; i++) {
            assertThat(fine.bucket("user-" + i) / 100).isEqualTo(coarse.bucket("user-" + i));
        }
    }

    @Test
    void bucketsAreSpreadEvenly() {
        Draw draw = new Draw("gastown:", 100_000);
        long[] tenths = new long[10];
        IntStream.range(0, 100_000).forEach(i -> tenths[draw.bucket("user-" + i) / 10_000]++);
        // 10 000 expected in each; the standard deviation is 95
        assertThat(LongStream.of(tenths)).allMatch(count -> count > 9_500 && count < 10_500);
    }

    private static Stream<String[]> vectors() throws IOException {
        InputStream csv = requireNonNull(DrawTest.class.getResourceAsStream("/vectors/fractional.csv"));
        try (BufferedReader lines = new BufferedReader(new InputStreamReader(csv, StandardCharsets.UTF_8))) {
            List<String[]> rows =
                    lines.lines().skip(1).map(line -> line.split(",", -1)).toList();
            assertThat(rows).hasSize(400).allMatch(row -> row.length == 4);
            return rows.stream();
        }
    }

    private static void assertAsReference(String unit) {
        for (int length = 0; length <= 8; length++) {
            String seed = "seed:xyz".substring(0, length);
            for (int total : new int[] {100_000, Integer.MAX_VALUE}) {
                assertThat(new Draw(seed, total).bucket(unit)).isEqualTo((int) Murmur.bucket(seed + unit, total));
            }
        }
    }

    private static void assertHash(String text, long hash) {
        assertThat(Murmur.hash(text.getBytes(StandardCharsets.UTF_8))).isEqualTo(hash);
        for (int cut = 0; cut <= text.length(); cut++) {
            assertThat(new Draw(text.substring(0, cut), Integer.MAX_VALUE).bucket(text.substring(cut)))
                    .isEqualTo((int) ((hash * Integer.MAX_VALUE) >>> 32));
        }
    }
}
