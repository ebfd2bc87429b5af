package dev.sallyport.extension.observe.alert;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/// What is usual at each hour of the week, learnt by watching: the median of that hour and its neighbours in the last
/// weeks, or where there are not enough, of that hour on all days. Bounded; confined to one thread.
final class Usual {
    private static final int HOURS = 7 * 24;
    private static final int DAY = 24;
    private static final int WEEKS = 6;
    private static final int ENOUGH = 3;
    private static final int MOST = 2_000;
    private static final long HOUR_MILLIS = 3_600_000;

    /// A part of an hour that tells nothing of the whole.
    private static final int FEW = 10;

    private final Map<String, Week> weeks = new LinkedHashMap<>();

    private static final class Week {
        private final float[] rates = new float[HOURS * WEEKS];
        private long hour;
        private double sum;
        private int count;

        Week() {
            Arrays.fill(rates, Float.NaN);
        }

        void learn(long now, double rate) {
            long current = now / HOUR_MILLIS;
            if (current != hour) {
                if (count >= FEW) {
                    rates[index(hour, hour / HOURS)] = (float) (sum / count);
                }
                hour = current;
                sum = 0;
                count = 0;
            }
            sum += rate;
            count++;
        }

        private static int index(long hour, long week) {
            return Math.floorMod(hour, HOURS) * WEEKS + Math.floorMod(week, WEEKS);
        }

        double median(long hour, int step, int reach) {
            float[] found = new float[HOURS * WEEKS];
            int size = 0;
            for (int away = -reach; away <= reach; away++) {
                for (int other = 0; other < HOURS; other += step) {
                    int cell = Math.floorMod(hour + away + other, HOURS) * WEEKS;
                    for (int week = 0; week < WEEKS; week++) {
                        if (!Float.isNaN(rates[cell + week])) {
                            found[size++] = rates[cell + week];
                        }
                    }
                }
            }
            if (size < ENOUGH) {
                return Double.NaN;
            }
            Arrays.sort(found, 0, size);
            return size % 2 == 1 ? found[size / 2] : (found[size / 2 - 1] + found[size / 2]) / 2.0;
        }
    }

    /// Notes what the rate of `key` is at `now`, in milliseconds since 1970.
    void learn(String key, long now, double rate) {
        Week week = weeks.get(key);
        if (week == null) {
            if (weeks.size() >= MOST) {
                return;
            }
            week = new Week();
            weeks.put(key, week);
        }
        week.learn(now, rate);
    }

    /// The usual rate of `key` at the hour of `now`; NaN while too little is known.
    double at(String key, long now) {
        Week week = weeks.get(key);
        if (week == null) {
            return Double.NaN;
        }
        long hour = now / HOUR_MILLIS;
        double sameHour = week.median(hour, HOURS, 1);
        return Double.isNaN(sameHour) ? week.median(hour, DAY, 0) : sameHour;
    }
}
