package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.AssemblyWatch;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Frames;
import org.jspecify.annotations.Nullable;

/**
 * Whether a peer keeps to the times: the handshake, signs of life, the time to live that it announced itself, the speed
 * of large messages. Everything that comes is a sign of life. One owner.
 */
final class PeerPulse {

    /** So many intervals of silence, each with a PING, end a peer. */
    private static final int INTERVALS_MAX = 3;

    private static final long TTL_UNIT_MS = 100;
    private static final int TTL_BYTES = 2;
    /** How often a peer that watches us hears of us while what it sends is not read, its PINGs among that. */
    private static final long UNREAD_PING_MS = 250;

    private final long intervalMs;
    private final long handshakeMs;
    private final long startedMs;
    private final AssemblyWatch assembly;
    private boolean greeted;
    private boolean knowsPing;
    private boolean watchesUs;
    private long heardMs;
    private long pingedMs;
    private long ttlMs;

    /** {@code intervalMs} 0: no PING is sent. */
    PeerPulse(long intervalMs, long handshakeMs, long nowMs) {
        this.intervalMs = intervalMs;
        this.handshakeMs = handshakeMs;
        startedMs = nowMs;
        heardMs = nowMs;
        assembly = new AssemblyWatch(nowMs);
    }

    void onBytes(int count, long nowMs) {
        heardMs = nowMs;
        assembly.onBytes(count);
    }

    /** The handshake is over. A peer of ZMTP 3.0 may know PING; it does if it sends one. */
    void onGreeted(boolean peerKnowsPing) {
        greeted = true;
        knowsPing = peerKnowsPing;
    }

    /**
     * A PING came. It has the tenths of a second of silence after which to drop the peer, 0 for never, and a context,
     * with which it is answered; false where it is malformed.
     */
    boolean onPing(Command ping, ByteWriter out) {
        int contextLength = ping.dataLength() - TTL_BYTES;
        if (contextLength < 0 || contextLength > Command.PING_CONTEXT_BYTES_MAX) {
            return false;
        }
        byte[] bytes = ping.bytes();
        int at = ping.dataStart();
        knowsPing = true;
        watchesUs = true;
        ttlMs = ((bytes[at] & 0xFF) << 8 | bytes[at + 1] & 0xFF) * TTL_UNIT_MS;
        Frames.putCommand(out, Command.PONG, bytes, at + TTL_BYTES, contextLength);
        return true;
    }

    /** The time in which the socket is not read is not the peer's. */
    void onNotReading(long nowMs) {
        heardMs = nowMs;
        assembly.onNotReading(nowMs);
    }

    /** Whether to send a PING now though the peer is not read: any traffic is a sign of life for it. */
    boolean isUnreadPingDue(long nowMs) {
        boolean due = greeted && watchesUs && nowMs - pingedMs >= UNREAD_PING_MS;
        if (due) {
            pingedMs = nowMs;
        }
        return due;
    }

    /** Whether to send a PING now. */
    boolean isPingDue(long nowMs) {
        boolean due = greeted
                && knowsPing
                && intervalMs > 0
                && nowMs - heardMs >= intervalMs
                && nowMs - pingedMs >= intervalMs;
        if (due) {
            pingedMs = nowMs;
        }
        return due;
    }

    /** What a peer has not kept to, or null. */
    @Nullable
    String complaint(long nowMs, InputAssembly input) {
        if (!greeted) {
            return nowMs - startedMs >= handshakeMs ? "no handshake within " + handshakeMs + " ms" : null;
        }
        long silentMs = nowMs - heardMs;
        if (knowsPing && intervalMs > 0 && silentMs >= INTERVALS_MAX * intervalMs || ttlMs > 0 && silentMs >= ttlMs) {
            return "silent for " + silentMs + " ms";
        }
        return assembly.isTooSlow(nowMs, input.reservedBytes(), input.assemblies(), input.isInTheWay())
                ? "a large message must come at 16 KiB/s at least"
                : null;
    }
}
