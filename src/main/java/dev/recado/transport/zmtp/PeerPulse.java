package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.AssemblyWatch;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.Wire;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Frames;
import org.jspecify.annotations.Nullable;

/**
 * Whether a peer keeps to the times: the handshake, signs of life, the time to live that it announced itself, the speed
 * of large messages. Everything that comes is a sign of life.
 *
 * <p>A program that is busy reads no PING that lies behind the messages before it, so its silence proves little. Its
 * machine acknowledges what it is sent all the same: where the kernel tells that, a peer is dead with its machine. One
 * owner.
 */
final class PeerPulse {

    /** So many intervals of silence end a peer: of its machine, or of a program that has nothing to be busy with. */
    private static final int INTERVALS_MAX = 3;
    /**
     * So many, each with a PING, where its machine has one of them and room: the program may be busy or stopped, or the
     * machine one between, and the program's dead.
     */
    private static final int BUSY_INTERVALS_MAX = 30;
    /** How often in an interval the kernel is asked. */
    private static final int LOOKS = 4;

    private static final long TTL_UNIT_MS = 100;
    private static final int TTL_BYTES = 2;
    private static final byte[] TTL_OF_0 = {0, 0};
    /** How often a peer that watches us hears of us while what it sends is not read, its PINGs among that. */
    private static final long UNREAD_PING_MS = 250;

    private static final long NOT_WRITTEN = Long.MAX_VALUE;

    private final Wire wire;
    private final long intervalMs;
    private final long handshakeMs;
    private final long startedMs;
    private final AssemblyWatch assembly;
    /** Made when the kernel is first asked: most peers never give a reason. */
    private @Nullable KernelWatch kernel;

    private boolean greeted;
    private boolean knowsPing;
    private boolean watchesUs;
    private long heardMs;
    private long lookedMs;
    private boolean machineGone;
    private long pingedMs;
    private long ttlMs;
    /** PINGs since the peer was heard last, and when the first of them was put. */
    private int unanswered;

    private long firstPingMs;
    /** Whether it was given a message. */
    private boolean wasGiven;
    /** Where the last PING ends in the session's output, below what was taken once the socket has it. */
    private long pingEnd;

    /** Where the output ended when it was sealed last: what was put since does not go out without more of it. */
    private long sealedBytes;
    /** How much of the output the socket has taken. */
    private long writtenBytes;

    /** {@code intervalMs} 0: no PING is sent. */
    PeerPulse(Wire wire, long intervalMs, long handshakeMs, long nowMs) {
        this.wire = wire;
        this.intervalMs = intervalMs;
        this.handshakeMs = handshakeMs;
        startedMs = nowMs;
        heardMs = nowMs;
        lookedMs = nowMs;
        assembly = new AssemblyWatch(nowMs);
    }

    void onBytes(int count, long nowMs) {
        heardMs = nowMs;
        unanswered = 0;
        assembly.onBytes(count);
    }

    /** The handshake is over. A peer of ZMTP 3.0 may know PING; it does if it sends one. */
    void onGreeted(boolean peerKnowsPing) {
        greeted = true;
        knowsPing = peerKnowsPing;
    }

    /** A message goes out to the peer. */
    void onOutput() {
        wasGiven = true;
    }

    /** What was put so far, a PING perhaps, ends at {@code position} of the output. */
    void seal(long position) {
        if (pingEnd == NOT_WRITTEN && position > sealedBytes) {
            pingEnd = position;
        }
        sealedBytes = position;
    }

    /** The socket took everything up to {@code position}. */
    void onWritten(long position) {
        writtenBytes = position;
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

    /** Who is not read is not heard. A message that it began is late all the same if it takes nothing it asked for. */
    private void onNotReading(long nowMs) {
        heardMs = nowMs;
        unanswered = 0;
        if (!wire.isBlocked()) {
            assembly.onNotReading(nowMs);
        }
    }

    /** Whether a PING is on its way to the socket; another would only lie behind it. */
    private boolean isPingUnderWay() {
        return writtenBytes < pingEnd;
    }

    /**
     * Puts a PING where one is due: the peer is silent, or it is not read and watches us, for which any traffic is a
     * sign of life. Answers whether it did. Its time to live of 0 asks the peer to keep no watch of us.
     */
    boolean putPing(boolean reading, long nowMs, ByteWriter out) {
        boolean due = reading
                ? knowsPing && intervalMs > 0 && nowMs - heardMs >= intervalMs && nowMs - pingedMs >= intervalMs
                : watchesUs && nowMs - pingedMs >= UNREAD_PING_MS;
        if (!due || !greeted || isPingUnderWay()) {
            return false;
        }
        pingedMs = nowMs;
        firstPingMs = unanswered == 0 ? nowMs : firstPingMs;
        unanswered++;
        pingEnd = NOT_WRITTEN;
        Frames.putCommand(out, Command.PING, TTL_OF_0, 0, TTL_OF_0.length);
        return true;
    }

    /** What a peer has not kept to, or null. {@code input} is where a large message of it grows. */
    @Nullable
    String complaint(boolean reading, long nowMs, InputAssembly input) {
        if (!reading) {
            onNotReading(nowMs);
        }
        if (!greeted) {
            return reading && nowMs - startedMs >= handshakeMs ? "no handshake within " + handshakeMs + " ms" : null;
        }
        long silentMs = nowMs - heardMs;
        if (ttlMs > 0 && silentMs >= ttlMs || isDead(silentMs, nowMs)) {
            return "silent for " + silentMs + " ms";
        }
        if (isLookDue(reading, nowMs)) {
            lookedMs = nowMs;
            KernelWatch asked = kernel == null ? new KernelWatch() : kernel;
            kernel = asked;
            asked.look(wire.tcpFigures(), nowMs);
            long machineSilentMs = asked.silentMs(nowMs);
            machineGone = machineSilentMs >= INTERVALS_MAX * intervalMs;
            if (machineGone) {
                return "its machine is silent for " + machineSilentMs + " ms";
            }
        }
        return assembly.isTooSlow(nowMs, input) ? AssemblyWatch.RULE : null;
    }

    /** Whether nothing that is written will arrive. */
    boolean isMachineGone() {
        return machineGone;
    }

    /** Whether silence of its program proves that it is gone. */
    private boolean isDead(long silentMs, long nowMs) {
        if (!knowsPing || intervalMs == 0 || !isAsked(nowMs)) {
            return false;
        }
        KernelWatch asked = kernel;
        boolean isKnown = asked != null && asked.isKnown();
        boolean mayBeBusy = wasGiven || isKnown;
        boolean isFull = isKnown && asked != null && !asked.took(firstPingMs);
        return !isFull && silentMs >= (mayBeBusy ? BUSY_INTERVALS_MAX : INTERVALS_MAX) * intervalMs;
    }

    /** Whether the peer was given every chance to answer: a broker that stood still has asked nobody meanwhile. */
    private boolean isAsked(long nowMs) {
        return isPingUnderWay() || unanswered >= INTERVALS_MAX - 1 && nowMs - pingedMs >= intervalMs;
    }

    private boolean isLookDue(boolean reading, long nowMs) {
        return intervalMs > 0 && (!reading || nowMs - heardMs >= intervalMs) && nowMs - lookedMs >= intervalMs / LOOKS;
    }
}
