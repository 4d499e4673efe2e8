package io.flagledger.cli;

import java.util.Collection;
import java.util.Comparator;
import java.util.Optional;

/** Guesses what somebody meant to type. */
final class NearMatch {
    private NearMatch() {}

    /** The candidate that takes the fewest corrections, if they are few. */
    static Optional<String> of(String typed, Collection<String> candidates) {
        int most = Math.max(1, Math.min(4, typed.length() / 3));
        return candidates.stream()
                .filter(candidate -> Math.abs(candidate.length() - typed.length()) <= most)
                .map(candidate -> new Guess(candidate, distance(typed, candidate)))
                .filter(guess -> guess.distance <= most)
                .min(Comparator.comparingInt(Guess::distance).thenComparing(Guess::text))
                .map(Guess::text);
    }

    /** How many letters must be put in, left out, replaced, or exchanged with their neighbour. */
    static int distance(String from, String to) {
        int[][] d = new int[from.length() + 1][to.length() + 1];
        for (int i = 0; i <= from.length(); i++) {
            for (int j = 0; j <= to.length(); j++) {
                if (i == 0 || j == 0) {
                    d[i][j] = i + j;
                    continue;
                }
                int replaced = d[i - 1][j - 1] + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
                d[i][j] = Math.min(replaced, 1 + Math.min(d[i - 1][j], d[i][j - 1]));
                if (i > 1
                        && j > 1
                        && from.charAt(i - 1) == to.charAt(j - 2)
                        && from.charAt(i - 2) == to.charAt(j - 1)) {
                    d[i][j] = Math.min(d[i][j], d[i - 2][j - 2] + 1);
                }
            }
        }
        return d[from.length()][to.length()];
    }

    private record Guess(String text, int distance) {}
}
