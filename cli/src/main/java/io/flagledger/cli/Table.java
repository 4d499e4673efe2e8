package io.flagledger.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.IntStream;

/**
 * Lines in columns. Columns are as wide as they must be; if that is more than the terminal has, the last ones, which hold the
 * prose, share what is left and continue below.
 */
final class Table {
    private static final String GAP = "  ";
    private static final int LEAST_PROSE = 16;

    private final List<String> heads;
    private final int prose;
    private final List<List<Cell>> rows = new ArrayList<>();

    /**
     * @param prose how many of the last columns may be broken into several lines
     */
    Table(int prose, String... heads) {
        this.heads = List.of(heads);
        this.prose = prose;
    }

    void row(Cell... cells) {
        rows.add(List.of(cells));
    }

    List<String> lines(Terminal terminal) {
        List<List<Cell>> all = new ArrayList<>();
        all.add(heads.stream().map(head -> new Cell(head, terminal::faint)).toList());
        all.addAll(rows);
        int[] widths = widths(all, terminal.width());
        List<String> lines = new ArrayList<>();
        for (List<Cell> row : all) {
            List<List<String>> wrapped = IntStream.range(0, row.size())
                    .mapToObj(i -> Text.wrap(row.get(i).text(), Math.max(1, widths[i])))
                    .toList();
            int height = wrapped.stream().mapToInt(List::size).max().orElse(1);
            for (int i = 0; i < height; i++) {
                lines.add(line(row, wrapped, widths, i));
            }
        }
        return lines;
    }

    private static String line(List<Cell> row, List<List<String>> wrapped, int[] widths, int at) {
        StringBuilder line = new StringBuilder();
        int blanks = 0;
        for (int i = 0; i < row.size(); i++) {
            String text = at < wrapped.get(i).size() ? wrapped.get(i).get(at) : "";
            if (!text.isEmpty()) {
                line.append(" ".repeat(blanks)).append(row.get(i).style().apply(text));
                blanks = 0;
            }
            blanks += widths[i] - Text.width(text) + GAP.length();
        }
        return line.toString();
    }

    private int[] widths(List<List<Cell>> all, int available) {
        int columns = heads.size();
        int[] widths = new int[columns];
        for (List<Cell> row : all) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], Text.width(row.get(i).text()));
            }
        }
        int left = available - GAP.length() * (columns - 1);
        for (int i = 0; i < columns - prose; i++) {
            left -= widths[i];
        }
        for (int i = columns - prose; i < columns; i++) {
            int share = Math.max(LEAST_PROSE, left / (columns - i));
            int others = IntStream.range(i + 1, columns).map(j -> widths[j]).sum();
            widths[i] = Math.min(widths[i], Math.max(share, left - others));
            left -= widths[i];
        }
        return widths;
    }

    /** One text of a line. */
    record Cell(String text, UnaryOperator<String> style) {
        Cell {
            text = Text.oneLine(text);
        }

        static Cell of(Object text) {
            return new Cell(String.valueOf(text), plain -> plain);
        }
    }
}
