package dev.recado.app.logging;

import ch.qos.logback.core.FileAppender;
import ch.qos.logback.core.rolling.RollingPolicy;
import ch.qos.logback.core.rolling.RolloverFailure;
import ch.qos.logback.core.rolling.helper.CompressionMode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/**
 * Keeps what a file held before as {@code file.1}, the newest, to {@code file.N}. Logback's own policies take a
 * pattern, in which a path with a percent sign or a backslash means something else. Owned by its appender, under whose
 * lock it works.
 */
final class OldFiles implements RollingPolicy {

    private final Path file;
    private final int countMax;
    private boolean started;

    OldFiles(Path file, int countMax) {
        this.file = file;
        this.countMax = countMax;
    }

    /** The appender closed the file before. Where that fails it goes on in the same file. */
    @Override
    public void rollover() {
        for (int number = countMax; number > 1; number--) {
            move(numbered(number - 1), numbered(number));
        }
        move(file, numbered(1));
    }

    private Path numbered(int number) {
        return file.resolveSibling(file.getFileName() + "." + number);
    }

    private static void move(Path from, Path to) {
        try {
            if (Files.exists(from)) {
                Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
            }
        } catch (IOException e) {
            throw new RolloverFailure("cannot move " + from + " to " + to, e);
        }
    }

    @Override
    public String getActiveFileName() {
        return file.toString();
    }

    @Override
    public CompressionMode getCompressionMode() {
        return CompressionMode.NONE;
    }

    @Override
    public void setParent(FileAppender<?> appender) {
        // It knows the file by itself.
    }

    @Override
    public void start() {
        started = true;
    }

    @Override
    public void stop() {
        started = false;
    }

    @Override
    public boolean isStarted() {
        return started;
    }
}
