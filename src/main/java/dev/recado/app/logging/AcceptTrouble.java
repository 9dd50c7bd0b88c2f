package dev.recado.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.turbo.TurboFilter;
import ch.qos.logback.core.spi.FilterReply;
import java.io.IOException;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Marker;

/**
 * Tells of connections that could not be accepted. Netty stops accepting for a second then, and has its pipeline warn
 * with a stack trace and advice for who writes such a pipeline; in its place comes one line that says what to do, at
 * most once a minute, with how often it happened since the last one. Any thread.
 */
final class AcceptTrouble extends TurboFilter {

    /** What reaches the end of a pipeline: only the listeners' lead anything there. */
    static final String PIPELINE = "io.netty.channel.DefaultChannelPipeline";

    private static final String LISTENERS = "recado.listeners";
    private static final long QUIET_MS = 60_000;

    private final LongSupplier clockMs;
    private final Logger log;
    private boolean told;
    private long toldMs;
    private long count;

    /** {@code clockMs} never falls back. */
    AcceptTrouble(Logger root, LongSupplier clockMs) {
        this.log = root.getLoggerContext().getLogger(LISTENERS);
        this.clockMs = clockMs;
    }

    @Override
    public FilterReply decide(
            @Nullable Marker marker,
            Logger logger,
            Level level,
            @Nullable String format,
            @Nullable Object @Nullable [] parameters,
            @Nullable Throwable failure) {
        if (failure instanceof IOException trouble
                && level == Level.WARN
                && logger.getName().equals(PIPELINE)) {
            tell(String.valueOf(trouble.getMessage()));
            return FilterReply.DENY;
        }
        return FilterReply.NEUTRAL;
    }

    private synchronized void tell(String error) {
        count++;
        long nowMs = clockMs.getAsLong();
        if (told && nowMs - toldMs < QUIET_MS) {
            return;
        }
        log.warn("connections could not be accepted, {} error={} count={}", advice(error), error, count);
        told = true;
        toldMs = nowMs;
        count = 0;
    }

    private static String advice(String error) {
        String words = error.toLowerCase(Locale.ROOT);
        if (words.contains("open files") || words.contains("file descriptors")) {
            return "new ones wait: raise the limit of open files (ulimit -n, LimitNOFILE) or lower"
                    + " sessions.connections-max";
        }
        if (words.contains("abort")) {
            return "their clients gave up before: nothing to do, unless it goes on, then the machine is too busy";
        }
        return "it is tried again every second";
    }
}
