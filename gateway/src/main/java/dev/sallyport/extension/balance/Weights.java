package dev.sallyport.extension.balance;

import dev.sallyport.api.traffic.Endpoint;
import java.util.concurrent.ThreadLocalRandom;

/// The weights of a set of endpoints, for draws in proportion to them. Immutable.
final class Weights {
    private static final int OTHER_DRAWS = 4;

    private final int[] cumulative;
    private final int total;
    private final boolean equal;

    Weights(Endpoint[] endpoints) {
        cumulative = new int[endpoints.length];
        int sum = 0;
        boolean same = true;
        for (int i = 0; i < endpoints.length; i++) {
            sum += endpoints[i].weight();
            cumulative[i] = sum;
            same &= endpoints[i].weight() == endpoints[0].weight();
        }
        total = sum;
        equal = same;
    }

    static boolean isExcluded(int index, long excluded) {
        return index < Long.SIZE && (excluded >>> index & 1) != 0;
    }

    int size() {
        return cumulative.length;
    }

    int weight(int index) {
        return index == 0 ? cumulative[0] : cumulative[index] - cumulative[index - 1];
    }

    /// Whether every endpoint is excluded.
    boolean allExcluded(long excluded) {
        return cumulative.length <= Long.SIZE && Long.numberOfTrailingZeros(~excluded) >= cumulative.length;
    }

    /// An endpoint by chance, in proportion to the weights of those not excluded, or −1 when all are.
    int draw(long excluded) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        int first = equal ? random.nextInt(cumulative.length) : at(random.nextInt(total));
        return isExcluded(first, excluded) ? among(excluded, random.nextLong()) : first;
    }

    /// Another endpoint than `first` by chance, in proportion to the weights, or −1 when there is none or chance
    /// gives `first` again and again.
    int drawOther(int first, long excluded) {
        if (cumulative.length == 2) {
            return isExcluded(1 - first, excluded) ? -1 : 1 - first;
        }
        for (int i = 0; i < OTHER_DRAWS && cumulative.length > 1; i++) {
            int other = draw(excluded);
            if (other != first) {
                return other;
            }
        }
        return -1;
    }

    /// The endpoint that `number` falls to, in proportion to the weights of those not excluded, or −1 when all
    /// are.
    int among(long excluded, long number) {
        int sum = 0;
        for (int i = 0; i < cumulative.length; i++) {
            sum += isExcluded(i, excluded) ? 0 : weight(i);
        }
        if (sum == 0) {
            return -1;
        }
        int left = (int) Long.remainderUnsigned(number, sum);
        for (int i = 0; ; i++) {
            if (!isExcluded(i, excluded)) {
                left -= weight(i);
                if (left < 0) {
                    return i;
                }
            }
        }
    }

    /// The first endpoint whose cumulative weight is above `point`.
    private int at(int point) {
        int low = 0;
        int high = cumulative.length - 1;
        while (low < high) {
            int middle = (low + high) >>> 1;
            if (cumulative[middle] > point) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        return low;
    }
}
