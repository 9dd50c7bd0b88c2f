package dev.recado.app.logging;

import ch.qos.logback.classic.AsyncAppender;
import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.PatternLayout;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.recado.base.TimeSource;
import dev.recado.security.Audit;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * The audit as a file of JSON lines that rolls, written by a thread of its own behind a queue of {@link #WAITING_MAX}
 * lines; nothing is opened before there is something to write. Of what was refused it has {@link #REFUSED_MAX} lines a
 * second: somebody who is refused all the time must not have it roll over what was done. Its loggers are its own, so
 * that several nodes of a process do not write to one file, and nothing of it reaches the operations log.
 */
public final class AuditLog implements Audit, AutoCloseable {

    private static final int WAITING_MAX = 8_192;
    private static final int OLD_FILES = 9;
    private static final int REFUSED_MAX = 50;
    private static final int FLUSH_MS_MAX = 3_000;

    private final Path file;
    private final long bytesMax;
    private final TimeSource time;
    private final LongAdder lost = new LongAdder();
    private @Nullable LoggerContext context;
    private @Nullable AsyncAppender appender;
    private boolean closed;
    private long refusedSecond;
    private int refused;

    /** Loaded with the first line. */
    private static final class Json {
        private static final JsonFactory FACTORY = new JsonFactory();
    }

    /** Into {@code file}, which rolls at {@code bytesMax}; nine old ones are kept. */
    public AuditLog(Path file, long bytesMax, TimeSource time) {
        this.file = file;
        this.bytesMax = bytesMax;
        this.time = time;
    }

    @Override
    public boolean isOn() {
        return true;
    }

    @Override
    public void note(Entry entry) {
        if (entry.refusal() != null && isOneTooMany()) {
            lost.increment();
            return;
        }
        String line = line(entry, time.wallMs());
        synchronized (this) {
            if (closed) {
                return;
            }
            AsyncAppender open = appender == null ? open() : appender;
            if (open.getRemainingCapacity() == 0) {
                lost.increment();
            } else if (context != null) {
                context.getLogger("audit").info(line);
            }
        }
    }

    private synchronized boolean isOneTooMany() {
        long second = time.monotonicMs() / 1_000;
        refused = second == refusedSecond ? refused + 1 : 1;
        refusedSecond = second;
        return refused > REFUSED_MAX;
    }

    /** Lines that were not written, since the queue was full or too much was refused. */
    public long lost() {
        return lost.sum();
    }

    private AsyncAppender open() {
        LoggerContext own = new LoggerContext();
        own.setMDCAdapter(new LogbackMDCAdapter()); // without one every event fails
        PatternLayout bare = new PatternLayout();
        bare.setContext(own);
        bare.setPattern("%msg%n");
        bare.start();
        RollingFileAppender<ILoggingEvent> rolling = Appenders.rolling(own, file, bytesMax, OLD_FILES, bare);
        AsyncAppender async = new AsyncAppender();
        async.setContext(own);
        async.setName("audit");
        async.setQueueSize(WAITING_MAX);
        async.setDiscardingThreshold(0);
        async.setNeverBlock(true);
        async.setMaxFlushTime(FLUSH_MS_MAX);
        async.addAppender(rolling);
        async.start();
        Logger logger = own.getLogger("audit");
        logger.setLevel(Level.INFO);
        logger.setAdditive(false);
        logger.addAppender(async);
        context = own;
        appender = async;
        return async;
    }

    private String line(Entry entry, long nowMs) {
        StringWriter line = new StringWriter(192);
        try (JsonGenerator out = Json.FACTORY.createGenerator(line)) {
            out.writeStartObject();
            out.writeStringField("time", Instant.ofEpochMilli(nowMs).toString());
            out.writeStringField("event", entry.event());
            out.writeStringField("user", entry.by().user());
            out.writeStringField("peer", entry.by().peer());
            out.writeStringField("protocol", entry.by().protocol());
            for (Map.Entry<String, String> about : new TreeMap<>(entry.about()).entrySet()) {
                out.writeStringField(about.getKey(), about.getValue());
            }
            out.writeStringField("outcome", entry.refusal() == null ? "done" : "refused");
            if (entry.refusal() != null) {
                out.writeStringField(
                        "why", entry.refusal().code() + ": " + entry.refusal().detail());
            }
            out.writeEndObject();
        } catch (IOException e) {
            throw new UncheckedIOException("a string takes everything", e);
        }
        return line.toString();
    }

    /** Writes out what waits, for three seconds at most, and closes the file. */
    @Override
    public synchronized void close() {
        closed = true;
        if (appender != null) {
            appender.stop();
        }
        if (context != null) {
            context.stop();
        }
    }
}
