package dev.recado.apps.messaging.server;

/**
 * What of a server can be set.
 *
 * @param berkeleyMs between two rounds of the coordinator, in milliseconds
 * @param outlierMs a clock that is further from the median does not count in the mean
 */
public record ServerOptions(long berkeleyMs, long outlierMs) {

    public static final ServerOptions USUAL = new ServerOptions(5_000, 60_000);
}
