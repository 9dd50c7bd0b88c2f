package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.transport.AssemblyWatch;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.SessionSettings;
import org.jspecify.annotations.Nullable;

/** Whether a client keeps to the times: silence of classic sessions, login, speed of large messages. One owner. */
final class PeerWatch {

    private final SessionSettings settings;
    private final AssemblyWatch assembly;
    private final long startedMs;
    private long heardMs;
    private boolean isClassic;
    private boolean isExtended;

    PeerWatch(SessionSettings settings, long nowMs) {
        this.settings = settings;
        assembly = new AssemblyWatch(nowMs);
        startedMs = nowMs;
        heardMs = nowMs;
    }

    void onBytes(int count, long nowMs) {
        heardMs = nowMs;
        assembly.onBytes(count);
    }

    /** Until its first command a session counts as classic; an extended one relies on TCP keep-alive. */
    void onCommand(Verb verb) {
        switch (verb) {
            case REGISTER, SEND, GET, HEARTBEAT -> isClassic = true;
            case UNKNOWN, QUIT -> {}
            default -> isExtended = true;
        }
    }

    /** The time in which the socket is not read is not the client's. */
    void onNotReading(long nowMs) {
        heardMs = nowMs;
        assembly.onNotReading(nowMs);
    }

    /** The line to tell a client that has not kept to a time, or null. */
    @Nullable
    String complaint(long nowMs, boolean authenticated, TextCodec codec) {
        long idleMs = settings.idleTimeoutMs();
        if ((isClassic || !isExtended) && nowMs - heardMs >= idleMs) {
            return ErrorWords.line(ErrorCode.IDLE, "silent for " + idleMs + " ms");
        }
        long loginMs = settings.handshakeTimeoutMs();
        if (!authenticated && nowMs - startedMs >= loginMs) {
            return ErrorWords.line(ErrorCode.NOT_AUTHENTICATED, "no login within " + loginMs + " ms");
        }
        InputAssembly input = codec.input();
        return assembly.isTooSlow(nowMs, input.reservedBytes(), input.assemblies(), input.isInTheWay())
                ? ErrorWords.line(
                        ErrorCode.TIMEOUT, "a large message must come at 16 KiB/s, and at 1 MiB/s while others wait")
                : null;
    }
}
