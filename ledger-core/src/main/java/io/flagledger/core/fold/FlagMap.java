package io.flagledger.core.fold;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * An immutable map from flag keys of which a copy with one entry changed is cheap: some hundred nanoseconds at 10 000
 * flags, where a copied hash map takes half a millisecond. Any number of threads may read it.
 *
 * @param <V> what is kept of each flag
 */
public final class FlagMap<V> {
    /*
     * Two levels: a table of pages, each a small hash table with open addressing, in which keys and their values take
     * turns. A change copies the table (a plain copy of pointers, one for about ten entries) and one page; a lookup
     * hashes, and as a rule finds the key in the first place where it looks. A hash array mapped trie would change faster at 10^6
     * entries, which no environment has, and look up slower at 10^3, which all do.
     */
    private static final int ENTRIES_PER_PAGE = 12;
    private static final Object[] NO_ENTRY = {null, null};
    private static final FlagMap<?> EMPTY = new FlagMap<>(new Object[][] {NO_ENTRY}, 0);

    private final Object[][] pages;
    private final int size;

    private FlagMap(Object[][] pages, int size) {
        this.pages = pages;
        this.size = size;
    }

    @SuppressWarnings("unchecked") // an empty map holds no value of any type
    public static <V> FlagMap<V> empty() {
        return (FlagMap<V>) EMPTY;
    }

    public int size() {
        return size;
    }

    /** What is kept under the key; null if nothing is. */
    @SuppressWarnings("unchecked") // only values of type V are put in
    public @Nullable V get(String key) {
        int spread = spread(key);
        Object[] page = pages[spread & pages.length - 1];
        int place = first(page, spread);
        return (V) page[(key.equals(page[place]) ? place : place(page, key, spread)) + 1];
    }

    public boolean contains(String key) {
        return get(key) != null;
    }

    /** This map with the value under the key, in place of the one that may have been there. */
    public FlagMap<V> with(String key, V value) {
        int spread = spread(key);
        int at = spread & pages.length - 1;
        boolean isNew = pages[at][place(pages[at], key, spread)] == null;
        Object[][] after = isNew && size >= pages.length * ENTRIES_PER_PAGE ? onMorePages() : pages.clone();
        at = spread & after.length - 1;
        after[at] = put(isNew ? roomy(after[at]) : after[at].clone(), key, value);
        return new FlagMap<>(after, isNew ? size + 1 : size);
    }

    /** Hands each entry to the action, in no order that means anything. */
    @SuppressWarnings("unchecked") // only values of type V are put in
    public void forEach(BiConsumer<String, V> action) {
        for (Object[] page : pages) {
            for (int i = 0; i < page.length; i += 2) {
                if (page[i] != null) {
                    action.accept((String) page[i], (V) page[i + 1]);
                }
            }
        }
    }

    /** The keys as {@link String#compareTo} sorts them. */
    public List<String> sortedKeys() {
        List<String> keys = new ArrayList<>(size);
        forEach((key, value) -> keys.add(key));
        keys.sort(null);
        return keys;
    }

    /** The values, sorted by their keys. */
    public List<V> sortedValues() {
        List<V> values = new ArrayList<>(size);
        for (String key : sortedKeys()) {
            V value = get(key);
            if (value != null) {
                values.add(value);
            }
        }
        return values;
    }

    @Override
    public boolean equals(@Nullable Object other) {
        return other instanceof FlagMap<?> that
                && size == that.size
                && sortedKeys().equals(that.sortedKeys())
                && sortedValues().equals(that.sortedValues());
    }

    @Override
    public int hashCode() {
        return Objects.hash(sortedKeys(), sortedValues());
    }

    @Override
    public String toString() {
        return sortedValues().toString();
    }

    private Object[][] onMorePages() {
        Object[][] more = new Object[pages.length * 2][];
        Arrays.fill(more, NO_ENTRY);
        forEach((key, value) -> {
            int at = spread(key) & more.length - 1;
            more[at] = put(roomy(more[at]), key, value);
        });
        return more;
    }

    /** A copy of the page with room for one more entry, and a quarter of the places still empty after it. */
    private static Object[] roomy(Object[] page) {
        int entries = 1;
        for (int i = 0; i < page.length; i += 2) {
            entries += page[i] == null ? 0 : 1;
        }
        if (entries * 8 <= page.length * 3) {
            return page.clone();
        }
        Object[] larger = new Object[page.length * 2];
        for (int i = 0; i < page.length; i += 2) {
            if (page[i] != null) {
                put(larger, (String) page[i], page[i + 1]);
            }
        }
        return larger;
    }

    private static Object[] put(Object[] page, String key, Object value) {
        int place = place(page, key, spread(key));
        page[place] = key;
        page[place + 1] = value;
        return page;
    }

    /** Where in the page the key is; where it belongs if it is not there. */
    private static int place(Object[] page, String key, int spread) {
        int place = first(page, spread);
        while (page[place] != null && !key.equals(page[place])) {
            place = place + 2 & page.length - 2;
        }
        return place;
    }

    /** Where in the page the key is looked for first. */
    private static int first(Object[] page, int spread) {
        return spread >>> 16 & page.length - 2;
    }

    /** The key's hash with all its bits in both halves: the lower one chooses the page, the upper one the place in it. */
    private static int spread(String key) {
        int product = key.hashCode() * 0x9e3779b9;
        return product ^ product >>> 15;
    }
}
