package dev.recado.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import dev.recado.config.LogConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.slf4j.ILoggerFactory;
import org.slf4j.LoggerFactory;

/**
 * The log of a running broker: what {@code log.console-level} lets through goes to standard error, what {@code
 * log.level} lets through to the operations log. Opened before the broker starts, closed after it stopped.
 */
public final class OperationsLog implements AutoCloseable {

    /** What happens to the process: goes to the operations log only, since the command tells people itself. */
    public static final String LIFECYCLE = "recado.node";

    private final LoggerContext context;

    private final AcceptTrouble acceptTrouble;

    private OperationsLog(LoggerContext context, AcceptTrouble acceptTrouble) {
        this.context = context;
        this.acceptTrouble = acceptTrouble;
    }

    /** Sets Logback up; {@code log.file} is relative to {@code dataDir}, which exists. */
    public static OperationsLog open(LogConfig config, Path dataDir) throws IOException {
        ILoggerFactory factory = LoggerFactory.getILoggerFactory();
        if (!(factory instanceof LoggerContext context)) {
            throw new IOException(
                    "logging is not Logback's but " + factory.getClass().getName());
        }
        Level console = Level.toLevel(config.consoleLevel());
        Level operations = config.file().isEmpty() ? Level.OFF : Level.toLevel(config.level());
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(console.isGreaterOrEqual(operations) ? operations : console);
        root.addAppender(Appenders.console(context, console));
        // Vert.x and Netty tell at these levels what concerns their developers only.
        context.getLogger("io").setLevel(Level.WARN);
        if (operations != Level.OFF) {
            Path file = dataDir.resolve(config.file());
            Path parent = file.toAbsolutePath().getParent();
            if (parent == null || !Files.isDirectory(parent)) {
                throw new IOException("log.file: the directory of " + file + " does not exist");
            }
            root.addAppender(Appenders.file(context, operations, file, config.fileBytesMax()));
        }
        AcceptTrouble trouble = new AcceptTrouble(root, () -> System.nanoTime() / 1_000_000);
        context.addTurboFilter(trouble);
        return new OperationsLog(context, trouble);
    }

    /** The logger of what happens to the process. */
    public Logger lifecycle() {
        return context.getLogger(LIFECYCLE);
    }

    /** Writes out what is buffered and closes the file. */
    @Override
    public void close() {
        context.getTurboFilterList().remove(acceptTrouble);
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.detachAndStopAllAppenders();
        root.setLevel(Level.WARN);
        root.addAppender(Appenders.console(context, Level.WARN));
    }
}
