package dev.recado.broker;

import dev.recado.base.Check;

/**
 * One figure of a node.
 *
 * @param name words of small letters joined by {@code _}, which stay
 * @param help what it is, with its unit, as a fact without an end
 */
public record Figure(String name, Kind kind, String help, long value) {

    /** How a figure moves. */
    public enum Kind {
        /** From 0 at the start of the process; it only rises. */
        COUNTER,
        /** What is now. */
        GAUGE
    }

    /** What has happened since the start. */
    public static Figure counter(String name, String help, long value) {
        return new Figure(name, Kind.COUNTER, help, value);
    }

    /** What is now. */
    public static Figure gauge(String name, String help, long value) {
        return new Figure(name, Kind.GAUGE, help, value);
    }

    /** Of two parts of a node together. */
    public Figure plus(Figure other) {
        Check.that(name.equals(other.name), "figures of two names", name);
        return new Figure(name, kind, help, value + other.value);
    }
}
