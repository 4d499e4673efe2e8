package io.flagledger.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.Option;
import picocli.CommandLine.TypeConversionException;

/** How a process that runs for long logs, on the standard error. */
final class LogOption {
    static final String VARIABLE = "LEDGER_LOG_FORMAT";
    private static final String NAME = "--log-format";

    /** Only checked here: logging was set up before, by {@link #said}. */
    @Option(
            names = NAME,
            paramLabel = "text|json",
            converter = Format.class,
            description =
                    "how to log on the standard error (LEDGER_LOG_FORMAT; otherwise text); json tells of each change and its request")
    @SuppressWarnings("UnusedVariable")
    private @Nullable String format;

    /** What the arguments say, before anybody has read them as a whole; or else the variable; null if nobody says anything. */
    static @Nullable String said(String[] arguments, @Nullable String variable) {
        for (int i = 0; i < arguments.length; i++) {
            if (arguments[i].startsWith(NAME + "=")) {
                return arguments[i].substring(NAME.length() + 1).toLowerCase(Locale.ROOT);
            }
            if (arguments[i].equals(NAME) && i + 1 < arguments.length) {
                return arguments[i + 1].toLowerCase(Locale.ROOT);
            }
        }
        return variable == null ? null : variable.toLowerCase(Locale.ROOT);
    }

    /** The one or the other. */
    static final class Format implements ITypeConverter<String> {
        @Override
        public String convert(String text) {
            String format = text.toLowerCase(Locale.ROOT);
            if (!format.equals(LogSetup.JSON) && !format.equals("text")) {
                throw new TypeConversionException("'%s' is none of text, json".formatted(Text.oneLine(text)));
            }
            return format;
        }
    }
}
