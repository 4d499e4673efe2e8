package io.flagledger.cli;

import static java.util.stream.Collectors.joining;

import io.flagledger.core.event.FlagValue;
import io.flagledger.core.event.Parent;
import io.flagledger.core.event.Weight;
import io.flagledger.core.travel.Difference;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/**
 * Says in words what a field was and is; what is empty is a dash. Of an allowlist, the entries that are gone and those that
 * are new.
 */
record DifferenceWords(String before, String after) {

    static DifferenceWords of(Difference difference) {
        return difference.match(new Forms());
    }

    /** The same in one line: what was and what is, or which entries go and come. */
    static String line(Difference difference) {
        if (difference instanceof Difference.AllowlistDiffers list) {
            return Stream.of(Words.entries(list.removed(), "−"), Words.entries(list.added(), "+"))
                    .filter(entries -> !entries.isEmpty())
                    .collect(joining(", "));
        }
        DifferenceWords words = of(difference);
        return words.before() + " → " + words.after();
    }

    private static final class Forms implements Difference.Cases<DifferenceWords> {
        @Override
        public DifferenceWords text(Difference.TextDiffers difference) {
            return words(difference.before(), difference.after());
        }

        @Override
        public DifferenceWords choice(Difference.ChoiceDiffers difference) {
            return words(difference.before().name(), difference.after().name());
        }

        @Override
        public DifferenceWords truth(Difference.TruthDiffers difference) {
            return words(difference.before() ? "yes" : "no", difference.after() ? "yes" : "no");
        }

        @Override
        public DifferenceWords percentage(Difference.PercentageDiffers difference) {
            return words(difference.before().toString(), difference.after().toString());
        }

        @Override
        public DifferenceWords texts(Difference.TextsDiffer difference) {
            return words(String.join(", ", difference.before()), String.join(", ", difference.after()));
        }

        @Override
        public DifferenceWords values(Difference.ValuesDiffer difference) {
            return words(values(difference.before()), values(difference.after()));
        }

        @Override
        public DifferenceWords weights(Difference.WeightsDiffer difference) {
            return words(weights(difference.before()), weights(difference.after()));
        }

        @Override
        public DifferenceWords parents(Difference.ParentsDiffer difference) {
            return words(parents(difference.before()), parents(difference.after()));
        }

        @Override
        public DifferenceWords allowlist(Difference.AllowlistDiffers difference) {
            return words(Words.entries(difference.removed()), Words.entries(difference.added()));
        }

        private static DifferenceWords words(String before, String after) {
            return new DifferenceWords(before.isEmpty() ? "-" : before, after.isEmpty() ? "-" : after);
        }

        private static String values(Map<String, FlagValue> values) {
            return values.entrySet().stream()
                    .map(value -> value.getKey() + " = " + Words.value(value.getValue()))
                    .collect(joining(", "));
        }

        private static String weights(List<Weight> weights) {
            return weights.stream()
                    .map(weight -> weight.variant() + " " + weight.weight())
                    .collect(joining(", "));
        }

        private static String parents(List<Parent> parents) {
            return parents.stream().map(Parent::toString).collect(joining(", "));
        }
    }
}
