package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.SessionSettings;
import org.jspecify.annotations.Nullable;

/** Whether a client keeps to the times: silence of classic sessions, login, speed of large messages. One owner. */
final class PeerWatch {

    /** A sender that holds memory for a large message must send this much within the window. */
    private static final long WINDOW_MS = 30_000;

    private static final long BYTES_PER_S_MIN = 16 * 1024;
    private static final long WINDOW_BYTES_MIN = BYTES_PER_S_MIN * (WINDOW_MS / 1000);
    private static final long NO_WINDOW = Long.MAX_VALUE;

    private final SessionSettings settings;
    private final long startedMs;
    private long heardMs;
    private long windowEndMs = NO_WINDOW;
    private long windowBytes;
    /** The assembly that is being watched, since when, later by the time in which the socket was not read. */
    private long assembly = -1;

    private long assemblySinceMs;
    private long checkedMs;
    private boolean isClassic;
    private boolean isExtended;

    PeerWatch(SessionSettings settings, long nowMs) {
        this.settings = settings;
        startedMs = nowMs;
        heardMs = nowMs;
        checkedMs = nowMs;
    }

    void onBytes(int count, long nowMs) {
        heardMs = nowMs;
        windowBytes += count;
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
        windowEndMs = NO_WINDOW;
        assemblySinceMs += nowMs - checkedMs;
        checkedMs = nowMs;
    }

    /** The line to tell a client that has not kept to a time, or null. */
    @Nullable
    String complaint(long nowMs, boolean authenticated, TextCodec codec) {
        checkedMs = nowMs;
        long idleMs = settings.idleTimeoutMs();
        if ((isClassic || !isExtended) && nowMs - heardMs >= idleMs) {
            return ErrorWords.line(ErrorCode.IDLE, "silent for " + idleMs + " ms");
        }
        long loginMs = settings.handshakeTimeoutMs();
        if (!authenticated && nowMs - startedMs >= loginMs) {
            return ErrorWords.line(ErrorCode.NOT_AUTHENTICATED, "no login within " + loginMs + " ms");
        }
        return isTooSlow(nowMs, codec)
                ? ErrorWords.line(ErrorCode.TIMEOUT, "a large message must come at 16 KiB/s at least")
                : null;
    }

    /**
     * Whether an assembly takes longer than its bytes at 16 KiB/s and one window; a large one must keep to that speed
     * in every window as well, so that it loses its memory before.
     */
    private boolean isTooSlow(long nowMs, TextCodec codec) {
        long reservedBytes = codec.reservedBytes();
        if (reservedBytes == 0) {
            windowEndMs = NO_WINDOW;
            assembly = -1;
            return false;
        }
        if (assembly != codec.assemblies()) {
            assembly = codec.assemblies();
            assemblySinceMs = nowMs;
            windowEndMs = NO_WINDOW;
        }
        if (nowMs - assemblySinceMs >= reservedBytes * 1000 / BYTES_PER_S_MIN + WINDOW_MS) {
            return true;
        }
        if (windowEndMs != NO_WINDOW && nowMs < windowEndMs) {
            return false;
        }
        boolean tooSlow =
                windowEndMs != NO_WINDOW && reservedBytes > ByteBudget.SMALL_BYTES && windowBytes < WINDOW_BYTES_MIN;
        windowEndMs = nowMs + WINDOW_MS;
        windowBytes = 0;
        return tooSlow;
    }
}
