package dev.recado.app;

import dev.recado.config.Config;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What one run of the broker is asked to do.
 *
 * @param portsFile where to write the bound ports once ready, or null
 * @param classicFile the classic file of messages to import at start and export to at stop, or null
 */
public record Launch(
        Config config, @Nullable Path portsFile, @Nullable Path classicFile) {}
