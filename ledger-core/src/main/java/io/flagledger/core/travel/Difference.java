package io.flagledger.core.travel;

import static java.util.Objects.requireNonNull;

import io.flagledger.core.event.Allowlist;
import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Weight;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;

/** A field of a flag that is not as it was. */
public sealed interface Difference {

    /** The name of the field, as in a flag's JSON. */
    String field();

    <R> R match(Cases<R> cases);

    /** One answer for each form that a field has. */
    interface Cases<R> {
        R text(TextDiffers difference);

        R choice(ChoiceDiffers difference);

        R truth(TruthDiffers difference);

        R percentage(PercentageDiffers difference);

        R texts(TextsDiffer difference);

        R values(ValuesDiffer difference);

        R weights(WeightsDiffer difference);

        R parents(ParentsDiffer difference);

        R allowlist(AllowlistDiffers difference);
    }

    /** A text, such as the title. */
    record TextDiffers(String field, String before, String after) implements Difference {
        public TextDiffers {
            requireNonNull(field, "field");
            requireNonNull(before, "before");
            requireNonNull(after, "after");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.text(this);
        }
    }

    /** One of a few words, such as the stage. */
    record ChoiceDiffers(String field, Enum<?> before, Enum<?> after) implements Difference {
        public ChoiceDiffers {
            requireNonNull(field, "field");
            requireNonNull(before, "before");
            requireNonNull(after, "after");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.choice(this);
        }
    }

    /** Something that is so or not, such as whether the flag is archived. */
    record TruthDiffers(String field, boolean before, boolean after) implements Difference {
        public TruthDiffers {
            requireNonNull(field, "field");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.truth(this);
        }
    }

    /** A share. */
    record PercentageDiffers(String field, Percentage before, Percentage after) implements Difference {
        public PercentageDiffers {
            requireNonNull(field, "field");
            requireNonNull(before, "before");
            requireNonNull(after, "after");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.percentage(this);
        }
    }

    /** Several texts without an order, such as the tags. */
    record TextsDiffer(String field, SortedSet<String> before, SortedSet<String> after) implements Difference {
        public TextsDiffer {
            requireNonNull(field, "field");
            before = Collections.unmodifiableSortedSet(new TreeSet<>(before));
            after = Collections.unmodifiableSortedSet(new TreeSet<>(after));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.texts(this);
        }
    }

    /** The variants with their values, in declared order. */
    record ValuesDiffer(String field, Map<String, FlagValue> before, Map<String, FlagValue> after)
            implements Difference {
        public ValuesDiffer {
            requireNonNull(field, "field");
            before = Collections.unmodifiableMap(new LinkedHashMap<>(before));
            after = Collections.unmodifiableMap(new LinkedHashMap<>(after));
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.values(this);
        }
    }

    /** Which variants those with access are served, and in which shares. */
    record WeightsDiffer(String field, List<Weight> before, List<Weight> after) implements Difference {
        public WeightsDiffer {
            requireNonNull(field, "field");
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.weights(this);
        }
    }

    /** The parents, in declared order. */
    record ParentsDiffer(String field, List<Parent> before, List<Parent> after) implements Difference {
        public ParentsDiffer {
            requireNonNull(field, "field");
            before = List.copyOf(before);
            after = List.copyOf(after);
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.parents(this);
        }
    }

    /** The allowlist, told by the entries that came and went: the whole may be long. */
    record AllowlistDiffers(String field, Allowlist added, Allowlist removed) implements Difference {
        public AllowlistDiffers {
            requireNonNull(field, "field");
            requireNonNull(added, "added");
            requireNonNull(removed, "removed");
        }

        @Override
        public <R> R match(Cases<R> cases) {
            return cases.allowlist(this);
        }
    }
}
