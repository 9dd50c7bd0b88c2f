package dev.recado.app;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * Which content of which file: told, as rsync tells it, by the size and the time of the last change, so that a large
 * file costs no reading.
 */
record FileStamp(long bytes, Instant changed, Path file) {

    /** Of {@code file} as it is now, or null where it does not exist. */
    static @Nullable FileStamp of(Path file) throws IOException {
        try {
            BasicFileAttributes attributes = Files.readAttributes(file, BasicFileAttributes.class);
            return new FileStamp(
                    attributes.size(),
                    attributes.lastModifiedTime().toInstant(),
                    file.toAbsolutePath().normalize());
        } catch (NoSuchFileException missing) {
            return null;
        }
    }

    /** One line, without its end: another stamp has another. */
    @Override
    public String toString() {
        return bytes + " " + changed + " " + file.toString().replace('\n', '?');
    }
}
