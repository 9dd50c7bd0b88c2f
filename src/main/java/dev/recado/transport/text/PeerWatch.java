package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.TakingWatch;
import dev.recado.transport.AssemblyWatch;
import dev.recado.transport.Wire;
import org.jspecify.annotations.Nullable;

/**
 * Whether a client keeps to the times: silence of classic sessions, login, speed of large messages. It is silent while
 * it completes no command, whatever it drips. A large frame that is coming has its speed to keep instead, and who takes
 * of what waits for it, or waits for the broker, is not idle. One owner.
 */
final class PeerWatch {

    private final TextSettings settings;
    private final Wire wire;
    private final Dialogue dialogue;
    private final AssemblyWatch assembly;
    private final TakingWatch taking = new TakingWatch();
    private long takenThen;
    private final long startedMs;
    private long readMs;
    private long aliveMs;
    /** When the last login came. */
    private long loginMs;

    private boolean isClassic;
    private boolean isExtended;

    PeerWatch(TextSettings settings, Wire wire, Dialogue dialogue, long nowMs) {
        this.settings = settings;
        this.wire = wire;
        this.dialogue = dialogue;
        assembly = new AssemblyWatch(nowMs);
        startedMs = nowMs;
        readMs = nowMs;
        aliveMs = nowMs;
    }

    void onBytes(int count, long nowMs) {
        readMs = nowMs;
        assembly.onBytes(count);
    }

    /** What came last completed a command. */
    void onComplete() {
        aliveMs = Math.max(aliveMs, readMs);
    }

    /** It took a part of what waits for it. */
    void onTaken(long nowMs) {
        aliveMs = nowMs;
    }

    /** Until its first command a session counts as classic; an extended one relies on TCP keep-alive. */
    void onCommand(Verb verb) {
        switch (verb) {
            case REGISTER, SEND, GET, HEARTBEAT -> isClassic = true;
            case UNKNOWN, QUIT -> {}
            case AUTH -> {
                isExtended = true;
                loginMs = readMs;
            }
            default -> isExtended = true;
        }
    }

    /**
     * The same for a client that does not take its large answers: they hold {@code repliesBytes} and {@code
     * browsedBytes} of what others may want, and it has taken {@code takenBytes} of output in all.
     */
    @Nullable
    String complaintOfTaking(long nowMs, long repliesBytes, long browsedBytes, long takenBytes) {
        taking.onTaken(takenBytes - takenThen);
        takenThen = takenBytes;
        LoopBuffers buffers = dialogue.environment.buffers();
        boolean wanted =
                repliesBytes > 0 && buffers.replies.isShort() || browsedBytes > 0 && buffers.browsing.isWanted();
        return taking.isInTheWay(nowMs, wanted, repliesBytes + browsedBytes)
                ? ErrorWords.line(ErrorCode.TIMEOUT, "a large answer must be taken at 1 MiB/s while others wait")
                : null;
    }

    /** Whether it had to log in by now, or waits for the answer to a login that long. */
    private boolean isLoginLate(long nowMs) {
        long since = dialogue.isAuthenticated() ? loginMs : startedMs;
        return (!dialogue.isAuthenticated() || dialogue.isLoggingIn())
                && nowMs - since >= settings.sessions().handshakeTimeoutMs();
    }

    /** The line to tell a client that has not kept to a time, or null; {@code reading}: whether its socket is read. */
    @Nullable
    String complaint(long nowMs, boolean reading, TextCodec codec) {
        if (isLoginLate(nowMs)) {
            return ErrorWords.line(
                    ErrorCode.NOT_AUTHENTICATED,
                    "no login within " + settings.sessions().handshakeTimeoutMs() + " ms");
        }
        // While it takes nothing of what it asked for, the time is its own in any case.
        boolean takes = !wire.isBlocked();
        if (takes && !reading) {
            aliveMs = nowMs;
            assembly.onNotReading(nowMs);
            return null;
        }
        if (takes && !dialogue.replies.isEmpty() || codec.comingBytes() > 0) {
            aliveMs = nowMs;
        }
        long idleMs = settings.idleTimeoutMs();
        if ((isClassic || !isExtended) && nowMs - aliveMs >= idleMs) {
            return ErrorWords.line(ErrorCode.IDLE, "silent for " + idleMs + " ms");
        }
        return assembly.isTooSlow(
                        nowMs,
                        codec.comingBytes(),
                        codec.comings(),
                        codec.input().windowMs())
                ? ErrorWords.line(ErrorCode.TIMEOUT, AssemblyWatch.RULE)
                : null;
    }
}
