package dev.recado.app.logging;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.core.spi.ContextAwareBase;

/**
 * What Logback does until {@link OperationsLog} takes over, and in commands that never start a broker: warnings to
 * standard error, and what applications say of their work. Found by ServiceLoader; it keeps Logback from looking for
 * files and from loading its XML reader.
 */
public final class QuietConfigurator extends ContextAwareBase implements Configurator {

    /** Their nodes run for days and say nothing else. */
    private static final String APPLICATIONS = "dev.recado.apps";

    @Override
    public ExecutionStatus configure(LoggerContext context) {
        Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
        root.setLevel(Level.WARN);
        context.getLogger(APPLICATIONS).setLevel(Level.INFO);
        root.addAppender(Appenders.console(context, Level.INFO));
        return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
    }
}
