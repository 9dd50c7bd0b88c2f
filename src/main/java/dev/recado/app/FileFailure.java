package dev.recado.app;

import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Says in words why a file cannot be had: the message of an exception of the JDK is often a path and nothing else. */
final class FileFailure {

    private FileFailure() {}

    /** One line: which file, why. */
    static String text(Throwable failure) {
        String message = failure.getMessage();
        if (!(failure instanceof FileSystemException file)) {
            return message == null ? failure.getClass().getSimpleName() : message;
        }
        String why = why(file);
        return why == null ? String.valueOf(message) : file.getFile() + ": " + why;
    }

    private static @Nullable String why(FileSystemException failure) {
        if (failure instanceof NoSuchFileException) {
            return "no such file or directory";
        }
        if (failure instanceof AccessDeniedException) {
            return "permission denied";
        }
        if (failure instanceof FileAlreadyExistsException) {
            return "exists already";
        }
        return failure instanceof NotDirectoryException ? "not a directory" : null;
    }

    /** Why a file cannot be written at {@code target}, or null where nothing speaks against it; touches nothing. */
    static @Nullable String unwritable(Path target) {
        Path whole = target.toAbsolutePath().normalize();
        Path directory = whole.getParent();
        if (directory == null || Files.isDirectory(whole)) {
            return "it is a directory";
        }
        if (!Files.isDirectory(directory)) {
            return Files.exists(directory) ? directory + " is not a directory" : missing(directory);
        }
        return Files.isWritable(directory) ? null : "no permission to write in " + directory;
    }

    /** That there is no such directory, and how to have one. */
    static String missing(Path directory) {
        return "there is no directory " + directory + " (mkdir -p " + directory + ")";
    }

    /**
     * Why {@code directory} is not and cannot become a data directory, or null where nothing speaks against it; touches
     * nothing.
     */
    static @Nullable String unfit(Path directory) {
        Path at = directory.toAbsolutePath().normalize();
        while (!Files.exists(at) && at.getParent() != null) {
            at = at.getParent();
        }
        String reason = null;
        if (!Files.isDirectory(at)) {
            reason = at + " is not a directory";
        } else if (!Files.isWritable(at)) {
            reason = "no permission to write in " + at;
        }
        return reason == null
                ? null
                : "data directory " + directory + " cannot be used: " + reason + ". Name another with --data";
    }
}
