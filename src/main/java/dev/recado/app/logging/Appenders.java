package dev.recado.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.filter.ThresholdFilter;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.Layout;
import ch.qos.logback.core.OutputStreamAppender;
import ch.qos.logback.core.encoder.LayoutWrappingEncoder;
import ch.qos.logback.core.filter.Filter;
import ch.qos.logback.core.rolling.RollingFileAppender;
import ch.qos.logback.core.rolling.SizeBasedTriggeringPolicy;
import ch.qos.logback.core.spi.FilterReply;
import ch.qos.logback.core.util.FileSize;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** Makes Logback's appenders. */
final class Appenders {

    private static final int OLD_FILES = 3;

    private Appenders() {}

    /** Standard error: standard output belongs to what commands answer. */
    static ConsoleAppender<ILoggingEvent> console(LoggerContext context, Level level) {
        ConsoleAppender<ILoggingEvent> appender = new ConsoleAppender<>();
        appender.setTarget("System.err");
        appender.addFilter(new NotLifecycle());
        finish(appender, context, "console", level);
        return appender;
    }

    /** A file that rolls at {@code bytesMax}, keeping three old ones as {@code file.1} to {@code file.3}. */
    static RollingFileAppender<ILoggingEvent> file(LoggerContext context, Level level, Path file, long bytesMax) {
        RollingFileAppender<ILoggingEvent> appender = rolling(context, file, bytesMax, OLD_FILES);
        finish(appender, context, "operations", level);
        return appender;
    }

    /** One that is started, with lines as {@code layout} makes them and {@code oldFiles} old files. */
    static RollingFileAppender<ILoggingEvent> rolling(
            LoggerContext context, Path file, long bytesMax, int oldFiles, Layout<ILoggingEvent> layout) {
        RollingFileAppender<ILoggingEvent> appender = rolling(context, file, bytesMax, oldFiles);
        appender.setEncoder(encoder(context, layout));
        appender.start();
        return appender;
    }

    private static RollingFileAppender<ILoggingEvent> rolling(
            LoggerContext context, Path file, long bytesMax, int oldFiles) {
        RollingFileAppender<ILoggingEvent> appender = new RollingFileAppender<>();
        appender.setContext(context);
        appender.setFile(file.toString());
        OldFiles old = new OldFiles(file, oldFiles);
        old.start();
        SizeBasedTriggeringPolicy<ILoggingEvent> size = new SizeBasedTriggeringPolicy<>();
        size.setContext(context);
        size.setMaxFileSize(new FileSize(bytesMax));
        size.start();
        appender.setRollingPolicy(old);
        appender.setTriggeringPolicy(size);
        return appender;
    }

    private static LayoutWrappingEncoder<ILoggingEvent> encoder(LoggerContext context, Layout<ILoggingEvent> layout) {
        LayoutWrappingEncoder<ILoggingEvent> encoder = new LayoutWrappingEncoder<>();
        encoder.setContext(context);
        encoder.setLayout(layout);
        encoder.setCharset(StandardCharsets.UTF_8);
        encoder.start();
        return encoder;
    }

    private static void finish(
            OutputStreamAppender<ILoggingEvent> appender, LoggerContext context, String name, Level level) {
        LineLayout layout = new LineLayout();
        layout.setContext(context);
        layout.start();
        ThresholdFilter threshold = new ThresholdFilter();
        threshold.setLevel(level.toString());
        threshold.start();
        appender.setContext(context);
        appender.setName(name);
        appender.setEncoder(encoder(context, layout));
        appender.addFilter(threshold);
        appender.start();
    }

    private static final class NotLifecycle extends Filter<ILoggingEvent> {
        @Override
        public FilterReply decide(ILoggingEvent event) {
            return event.getLoggerName().equals(OperationsLog.LIFECYCLE) ? FilterReply.DENY : FilterReply.NEUTRAL;
        }
    }
}
