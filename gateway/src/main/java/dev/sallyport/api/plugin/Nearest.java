package dev.sallyport.api.plugin;

import java.util.Collection;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Finds the word that was probably meant.
public final class Nearest {
    private static final int LONGEST = 64;

    private Nearest() {}

    /// The word among `candidates` that is few typing mistakes away from `word`, or null.
    public static @Nullable String to(String word, Collection<String> candidates) {
        if (word.length() > LONGEST) {
            return null;
        }
        String typed = word.toLowerCase(Locale.ROOT).replace('_', '-');
        String nearest = null;
        int least = Math.max(1, typed.length() / 3) + 1;
        for (String candidate : candidates) {
            int distance = distance(typed, candidate.toLowerCase(Locale.ROOT));
            if (distance < least) {
                least = distance;
                nearest = candidate;
            }
        }
        return nearest;
    }

    /// A hint that names the nearest candidate, or all of them.
    public static String hint(String word, Collection<String> candidates) {
        String nearest = to(word, candidates);
        return nearest != null ? "did you mean `" + nearest + "`?" : "expected: " + oneOf(candidates);
    }

    /// The words as a list for people.
    public static String oneOf(Collection<String> words) {
        return (words.size() == 1 ? "" : "one of ") + String.join(", ", words);
    }

    /// Insertions, deletions, substitutions and swaps of neighbours between two words.
    private static int distance(String a, String b) {
        int[][] cost = new int[a.length() + 1][b.length() + 1];
        for (int i = 0; i <= a.length(); i++) {
            for (int j = 0; j <= b.length(); j++) {
                if (i == 0 || j == 0) {
                    cost[i][j] = i + j;
                    continue;
                }
                boolean same = a.charAt(i - 1) == b.charAt(j - 1);
                int best = Math.min(cost[i - 1][j - 1] + (same ? 0 : 1), Math.min(cost[i - 1][j], cost[i][j - 1]) + 1);
                if (i > 1 && j > 1 && a.charAt(i - 1) == b.charAt(j - 2) && a.charAt(i - 2) == b.charAt(j - 1)) {
                    best = Math.min(best, cost[i - 2][j - 2] + 1);
                }
                cost[i][j] = best;
            }
        }
        return cost[a.length()][b.length()];
    }
}
