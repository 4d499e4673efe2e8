package io.flagledger.cli;

import java.util.ArrayList;
import java.util.List;

/** Text that other people wrote, made fit for a terminal. */
final class Text {
    private Text() {}

    /** The text without anything that would move the cursor, change colours or reorder what is beside it. */
    static String oneLine(String text) {
        if (text.codePoints().noneMatch(Text::isDangerous)) {
            return text;
        }
        StringBuilder plain = new StringBuilder();
        text.codePoints().forEach(point -> {
            if (point == '\n' || point == '\r' || point == '\t') {
                plain.append(' ');
            } else if (isDangerous(point)) {
                plain.append("\\u").append("%04x".formatted(point));
            } else {
                plain.appendCodePoint(point);
            }
        });
        return plain.toString();
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    /** The text in lines of at most this width, broken between words where that is possible. */
    static List<String> wrap(String text, int width) {
        if (width(text) <= width) {
            return List.of(text);
        }
        List<String> lines = new ArrayList<>();
        StringBuilder line = new StringBuilder();
        for (String word : text.split(" (?!%)", -1)) { // 25 % stays together
            String rest = word;
            if (!line.isEmpty() && width(line.toString()) + 1 + width(rest) > width) {
                lines.add(line.toString());
                line.setLength(0);
            }
            while (width(rest) > width) {
                int end = rest.offsetByCodePoints(0, width);
                lines.add(rest.substring(0, end));
                rest = rest.substring(end);
            }
            line.append(line.isEmpty() ? "" : " ").append(rest);
        }
        lines.add(line.toString());
        return lines;
    }

    /** "1 user", "2 users". */
    static String count(long count, String what) {
        return count + " " + what + (count == 1 ? "" : "s");
    }

    private static boolean isDangerous(int point) {
        return Character.isISOControl(point)
                || (point >= 0x200e && point <= 0x200f)
                || (point >= 0x2028 && point <= 0x202e)
                || (point >= 0x2066 && point <= 0x2069)
                || (point >= Character.MIN_SURROGATE && point <= Character.MAX_SURROGATE);
    }
}
