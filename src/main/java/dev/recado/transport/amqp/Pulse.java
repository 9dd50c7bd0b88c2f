package dev.recado.transport.amqp;

/**
 * The heartbeats of a connection: one goes out where nothing else did for half the interval, and a peer that sent
 * nothing for two is dead. Time in which its socket is not read does not count. One owner.
 */
final class Pulse {

    private static final long SECOND_MS = 1_000;

    private long intervalMs;
    private long readMs;
    private long writtenMs;

    Pulse(long nowMs) {
        readMs = nowMs;
        writtenMs = nowMs;
    }

    /** What both sides agreed on; 0 for none. */
    void agreed(int seconds, long nowMs) {
        intervalMs = seconds * SECOND_MS;
        readMs = nowMs;
        writtenMs = nowMs;
    }

    void onBytes(long nowMs) {
        readMs = nowMs;
    }

    void onOutput(long nowMs) {
        writtenMs = nowMs;
    }

    /** Whether a heartbeat is due. */
    boolean isDue(long nowMs) {
        return intervalMs > 0 && nowMs - writtenMs >= intervalMs / 2;
    }

    /** Whether the peer was silent for too long; {@code reading}: whether its socket is read. */
    boolean isDead(boolean reading, long nowMs) {
        if (!reading) {
            readMs = nowMs;
        }
        return intervalMs > 0 && nowMs - readMs > 2 * intervalMs;
    }
}
