package io.flagledger.cli;

import java.io.Console;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Who is at the other end.
 *
 * @param colour whether output may be coloured
 * @param width how many columns a line has
 * @param ask puts a question to a person; null where there is none, or the person gave up
 */
record Terminal(boolean colour, int width, UnaryOperator<@Nullable String> ask) {
    private static final int USUAL_WIDTH = 100;
    private static final int LEAST_WIDTH = 60;

    /** The terminal that this process was started at, if any. The start script tells, for Java itself cannot always. */
    @SuppressWarnings("SystemConsoleNull") // from Java 22 on it is there always; then the script's word decides
    static Terminal ofThisProcess(Function<String, @Nullable String> variables) {
        Console console = System.console();
        boolean out = isTerminal("ledger.tty.out", console);
        boolean in = isTerminal("ledger.tty.in", console);
        String noColour = variables.apply("NO_COLOR");
        boolean plain = (noColour != null && !noColour.isEmpty()) || "dumb".equals(variables.apply("TERM"));
        return new Terminal(
                out && !plain,
                width(variables.apply("COLUMNS")),
                in && console != null ? console::readLine : question -> null);
    }

    /** No person, no colours. */
    static Terminal none() {
        return new Terminal(false, USUAL_WIDTH, question -> null);
    }

    String bold(String text) {
        return coloured("1", text);
    }

    String faint(String text) {
        return coloured("2", text);
    }

    String good(String text) {
        return coloured("32", text);
    }

    String bad(String text) {
        return coloured("31", text);
    }

    private String coloured(String code, String text) {
        return colour && !text.isEmpty() ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    private static boolean isTerminal(String property, @Nullable Console console) {
        String told = System.getProperty(property);
        return told == null ? console != null : told.equals("true");
    }

    private static int width(@Nullable String columns) {
        try {
            return columns == null ? USUAL_WIDTH : Math.max(LEAST_WIDTH, Integer.parseInt(columns));
        } catch (NumberFormatException e) {
            return USUAL_WIDTH;
        }
    }
}
