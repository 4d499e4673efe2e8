package io.flagledger.cli;

import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.OptionSpec;

/**
 * Gives a command's own options that take text what their variables say, where they were not said themselves: {@code
 * --http-port} is {@code LEDGER_HTTP_PORT}.
 */
final class VariableDefaults implements IDefaultValueProvider {
    private final Session session;

    VariableDefaults(Session session) {
        this.session = session;
    }

    @Override
    public @Nullable String defaultValue(ArgSpec argument) {
        return argument instanceof OptionSpec option && !option.inherited() && option.type() == String.class
                ? session.variable(variable(option.longestName()))
                : null;
    }

    private static String variable(String name) {
        return "LEDGER_" + name.substring(2).toUpperCase(Locale.ROOT).replace('-', '_');
    }
}
