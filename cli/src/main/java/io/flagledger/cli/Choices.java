package io.flagledger.cli;

import io.flagledger.core.event.BucketBy;
import io.flagledger.core.event.KillSwitch;
import io.flagledger.core.event.Percentage;
import io.flagledger.core.event.Stage;
import io.flagledger.core.event.ValueType;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads what is one of a few words, as {@code generally-available} stands for {@link Stage#GENERALLY_AVAILABLE}. */
final class Choices {
    private static final List<KillSwitch> SCOPES = List.of(KillSwitch.NEW_ACCESS, KillSwitch.ALL_ACCESS);

    private Choices() {}

    static String word(Enum<?> constant) {
        return constant.name().toLowerCase(Locale.ROOT).replace('_', '-');
    }

    static <E extends Enum<E>> E read(String text, List<E> choices) {
        return choices.stream()
                .filter(choice ->
                        word(choice).equals(text.toLowerCase(Locale.ROOT).replace('_', '-')))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'%s' is none of %s".formatted(Text.oneLine(text), String.join(", ", words(choices)))));
    }

    static List<String> words(List<? extends Enum<?>> choices) {
        return choices.stream().map(Choices::word).toList();
    }

    static final class StageChoice implements ITypeConverter<Stage> {
        @Override
        public Stage convert(String text) {
            return read(text, List.of(Stage.values()));
        }
    }

    static final class ScopeChoice implements ITypeConverter<KillSwitch> {
        @Override
        public KillSwitch convert(String text) {
            return read(text, SCOPES);
        }
    }

    static final class TypeChoice implements ITypeConverter<ValueType> {
        @Override
        public ValueType convert(String text) {
            return read(text, List.of(ValueType.values()));
        }
    }

    static final class BucketByChoice implements ITypeConverter<BucketBy> {
        @Override
        public BucketBy convert(String text) {
            return read(text, List.of(BucketBy.values()));
        }
    }

    static final class OutputChoice implements ITypeConverter<GlobalOptions.Output> {
        @Override
        public GlobalOptions.Output convert(String text) {
            return read(text, List.of(GlobalOptions.Output.values()));
        }
    }

    static final class PercentageChoice implements ITypeConverter<Percentage> {
        @Override
        public Percentage convert(String text) {
            BigDecimal percent;
            try {
                percent = new BigDecimal(text);
            } catch (NumberFormatException e) {
                throw new TypeConversionException(
                        "'%s' is no number from 0 to 100, such as 12.5".formatted(Text.oneLine(text)));
            }
            try {
                return Percentage.of(percent);
            } catch (IllegalArgumentException e) {
                throw new TypeConversionException(String.valueOf(e.getMessage()));
            }
        }
    }

    static final class Stages extends ArrayList<String> {
        Stages() {
            super(words(List.of(Stage.values())));
        }
    }

    static final class Scopes extends ArrayList<String> {
        Scopes() {
            super(words(SCOPES));
        }
    }

    static final class Types extends ArrayList<String> {
        Types() {
            super(words(List.of(ValueType.values())));
        }
    }

    static final class BucketBys extends ArrayList<String> {
        BucketBys() {
            super(words(List.of(BucketBy.values())));
        }
    }

    static final class Outputs extends ArrayList<String> {
        Outputs() {
            super(words(List.of(GlobalOptions.Output.values())));
        }
    }
}
