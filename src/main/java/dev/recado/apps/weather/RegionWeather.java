package dev.recado.apps.weather;

import java.nio.charset.StandardCharsets;
import java.util.SplittableRandom;

/**
 * Makes up the weather of one region: a walk in small steps that is drawn back to the region's own climate, so that it
 * never jumps and never runs away. The same region and seed give the same weather, whatever other regions there are.
 */
final class RegionWeather {

    /** How much a region may be warmer or colder than its climate, in degrees Celsius. */
    private static final double TEMPERATURE_SWING = 12;

    private static final double HUMIDITY_SWING = 25;

    /** The largest step away from the climate, as a part of the swing. */
    private static final double STEP = 0.03;

    /** Which part of the distance to the climate each step takes back. */
    private static final double PULL = 0.01;

    private final SplittableRandom random;
    private final double usualTemperatureC;
    private final double usualHumidityPercent;
    /** From -1 to 1, in swings. */
    private double warmth;

    private double damp;

    RegionWeather(String region, long seed) {
        random = new SplittableRandom(seed ^ hash(region));
        usualTemperatureC = random.nextDouble(2, 26);
        usualHumidityPercent = random.nextDouble(40, 70);
        warmth = random.nextDouble(-0.5, 0.5);
        damp = random.nextDouble(-0.5, 0.5);
    }

    Reading next() {
        warmth = step(warmth);
        damp = step(damp);
        double temperatureC = usualTemperatureC + TEMPERATURE_SWING * warmth;
        // Warm air is drier.
        double humidity = usualHumidityPercent + HUMIDITY_SWING * (damp - warmth) / 2;
        return new Reading(Math.round(temperatureC * 10) / 10.0, (int) Math.round(humidity));
    }

    private double step(double position) {
        double next = position * (1 - PULL) + random.nextDouble(-STEP, STEP);
        return Math.max(-1, Math.min(1, next));
    }

    /** FNV-1a over 64 bits: like codes get unlike climates, on every platform. */
    private static long hash(String region) {
        long hash = 0xcbf29ce484222325L;
        for (byte b : region.getBytes(StandardCharsets.UTF_8)) {
            hash = (hash ^ (b & 0xff)) * 0x100000001b3L;
        }
        return hash;
    }
}
