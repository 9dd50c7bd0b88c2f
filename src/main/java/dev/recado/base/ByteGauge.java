package dev.recado.base;

/**
 * Bytes of heap that are held for one purpose, as a sum over everybody who adds. Whoever adds takes the same away again
 * when it lets go. Asked for what is large, never for a small message. Safe for any thread.
 */
@FunctionalInterface
public interface ByteGauge {

    /** Counts nothing. */
    ByteGauge NONE = bytes -> {};

    /** Adds {@code bytes}; negative where they are let go. */
    void add(long bytes);
}
