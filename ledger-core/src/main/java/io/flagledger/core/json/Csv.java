package io.flagledger.core.json;

import java.util.Arrays;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** Lines of comma-separated values, as RFC 4180 quotes them. */
public final class Csv {
    private static final Pattern QUOTED = Pattern.compile("[,\"\\r\\n]");

    private Csv() {}

    /** One line, without its end; each cell as its {@code toString} has it. */
    public static String line(Object... cells) {
        return Arrays.stream(cells).map(cell -> cell(String.valueOf(cell))).collect(Collectors.joining(","));
    }

    /**
     * A spreadsheet takes what begins with one of these for a formula, and a reason that somebody typed could then fetch or
     * send things from the desk of whoever opens the file. An apostrophe in front makes it text.
     */
    private static String cell(String text) {
        String harmless = !text.isEmpty() && "=+-@\t\r\n＝＋－＠".indexOf(text.charAt(0)) >= 0 ? "'" + text : text;
        return QUOTED.matcher(harmless).find() ? '"' + harmless.replace("\"", "\"\"") + '"' : harmless;
    }
}
