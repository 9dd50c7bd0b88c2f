package dev.recado.config;

/**
 * The disk under the data directory.
 *
 * @param freeMinBytes free space below which publishes are refused
 */
public record DiskConfig(long freeMinBytes) {

    static DiskConfig of(Values values) {
        return new DiskConfig(values.number("disk.free-min"));
    }
}
