package io.flagledger.core.fold;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class FlagMapTest {

    @Test
    void anEmptyMapHoldsNothing() {
        FlagMap<String> empty = FlagMap.empty();
        assertThat(empty.size()).isZero();
        assertThat(empty.get("gastown")).isNull();
        assertThat(empty.contains("gastown")).isFalse();
        assertThat(empty.sortedKeys()).isEmpty();
        assertThat(empty.sortedValues()).isEmpty();
    }

    @Test
    void answersAsAHashMapDoes() {
        SplittableRandom random = new SplittableRandom(1);
        FlagMap<Integer> map = FlagMap.empty();
        Map<String, Integer> model = new HashMap<>();
        for (int i = 0; i < 30_000; i++) {
            String key = "flag-" + random.nextInt(10_000);
            map = map.with(key, i);
            model.put(key, i);
        }
        assertSame(map, model);
        assertThat(map.get("flag-10000")).isNull();
    }

    @Test
    void keysOfTheSameHashStayApart() {
        List<String> keys = colliding(9);
        assertThat(keys.stream().mapToInt(String::hashCode).distinct()).hasSize(1);
        FlagMap<Integer> map = FlagMap.empty();
        Map<String, Integer> model = new HashMap<>();
        for (int round = 0; round < 2; round++) {
            for (String key : keys) {
                map = map.with(key, round);
                model.put(key, round);
            }
        }
        assertSame(map, model);
        assertThat(map.get("AaAaAaAaAaAaAaAaA")).isNull();
    }

    @Test
    void aChangeLeavesEarlierVersionsAsTheyWere() {
        SplittableRandom random = new SplittableRandom(2);
        List<FlagMap<Integer>> maps = new ArrayList<>();
        List<Map<String, Integer>> models = new ArrayList<>();
        FlagMap<Integer> map = FlagMap.empty();
        Map<String, Integer> model = new HashMap<>();
        for (int i = 0; i < 500; i++) {
            maps.add(map);
            models.add(new HashMap<>(model));
            String key = "flag-" + random.nextInt(200);
            map = map.with(key, i);
            model.put(key, i);
        }
        IntStream.range(0, maps.size()).forEach(i -> assertSame(maps.get(i), models.get(i)));
    }

    @Test
    void equalContentsMakeEqualMapsHoweverTheyCame() {
        FlagMap<Integer> forwards = FlagMap.empty();
        FlagMap<Integer> backwards = FlagMap.empty();
        for (int i = 0; i < 100; i++) {
            forwards = forwards.with("flag-" + i, i);
            backwards = backwards.with("flag-" + (99 - i), 0).with("flag-" + (99 - i), 99 - i);
        }
        assertThat(forwards).isEqualTo(backwards).hasSameHashCodeAs(backwards).hasToString(backwards.toString());
        assertThat(forwards).isNotEqualTo(forwards.with("flag-0", 7)).isNotEqualTo(forwards.with("flag-100", 0));
    }

    @Test
    void theHashTellsKeysAndValuesApart() {
        FlagMap<Integer> map = FlagMap.<Integer>empty().with("a", 1).with("b", 2);
        assertThat(map).doesNotHaveSameHashCodeAs(map.with("a", 7)).doesNotHaveSameHashCodeAs(map.with("c", 3));
        assertThat(FlagMap.<Integer>empty().with("a", 1))
                .doesNotHaveSameHashCodeAs(FlagMap.<Integer>empty().with("b", 1));
    }

    @Test
    void printsItsValuesInTheOrderOfTheirKeys() {
        assertThat(FlagMap.<Integer>empty().with("b", 2).with("a", 1)).hasToString("[1, 2]");
    }

    private static <V> void assertSame(FlagMap<V> map, Map<String, V> model) {
        assertThat(map.size()).isEqualTo(model.size());
        Map<String, V> entries = new HashMap<>();
        map.forEach((key, value) -> assertThat(entries.put(key, value)).isNull());
        assertThat(entries).isEqualTo(model);
        assertThat(model.keySet()).allSatisfy(key -> assertThat(map.get(key)).isEqualTo(model.get(key)));
        TreeMap<String, V> sorted = new TreeMap<>(model);
        assertThat(map.sortedKeys()).containsExactlyElementsOf(sorted.keySet());
        assertThat(map.sortedValues()).containsExactlyElementsOf(sorted.values());
    }

    /** All words of so many syllables, each {@code Aa} or {@code BB}, which have the same hash. */
    private static List<String> colliding(int syllables) {
        List<String> words = List.of("");
        for (int i = 0; i < syllables; i++) {
            words = words.stream()
                    .flatMap(word -> Stream.of(word + "Aa", word + "BB"))
                    .toList();
        }
        return words;
    }
}
