package dev.recado.apps.weather;

import dev.recado.base.Plural;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** Means over the readings of each region. */
final class RegionMeans {

    /** Regions beyond this many are counted together. */
    static final int REGIONS_MAX = 10_000;

    private static final String OTHERS = "(others)";

    private static final class Sums {
        private long count;
        private double temperatureC;
        private long humidityPercent;
    }

    private final Map<String, Sums> sums = new TreeMap<>();
    private long count;

    void add(String region, Reading reading) {
        boolean isFull = sums.size() >= REGIONS_MAX && !sums.containsKey(region);
        Sums sum = sums.computeIfAbsent(isFull ? OTHERS : region, name -> new Sums());
        sum.count++;
        sum.temperatureC += reading.temperatureC();
        sum.humidityPercent += reading.humidityPercent();
        count++;
    }

    /** Readings of all regions. */
    long count() {
        return count;
    }

    /** One line a region, in the order of their codes. */
    List<String> lines() {
        List<String> lines = new ArrayList<>();
        sums.forEach((region, sum) -> lines.add(String.format(
                Locale.ROOT,
                "%s: mean %.1f °C, %.0f %% over %s",
                region,
                sum.temperatureC / sum.count,
                (double) sum.humidityPercent / sum.count,
                Plural.of(sum.count, "update"))));
        return lines;
    }
}
