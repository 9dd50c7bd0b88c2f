package dev.recado.app;

import dev.recado.app.classic.ClassicReader;
import dev.recado.app.classic.ClassicSink;
import dev.recado.file.WholeFiles;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The two files of {@code recado broker FILE}: FILE itself and, with the consumers' positions, the one of the same name
 * with {@code .offsets} behind it; lines of both kinds are read from either. A link is followed: what it points to is
 * read and replaced.
 */
record ClassicFiles(Path messages, Path positions) {

    static ClassicFiles of(Path file) throws IOException {
        Path real = WholeFiles.real(file);
        return new ClassicFiles(real, real.resolveSibling(real.getFileName() + ".offsets"));
    }

    List<Path> both() {
        return List.of(messages, positions);
    }

    /** Where the lines of {@code file} that cannot be read go. */
    static Path rejectedOf(Path file) {
        return file.resolveSibling(file.getFileName() + ".rejected");
    }

    /**
     * Why these cannot be read at the start and replaced at the stop, or null; touches nothing. A file is classic where
     * it is empty or its first line that is not is of the format.
     *
     * @param contentBytesMax largest message that the broker takes; a larger one is of the format all the same
     */
    @Nullable
    String refusal(int contentBytesMax) throws IOException {
        Path directory = messages.getParent();
        if (directory == null || Files.isDirectory(messages)) {
            return "classic file " + messages + " is a directory: name a file in it";
        }
        if (!Files.isDirectory(directory)) {
            return "classic file " + messages + " cannot be made: " + FileFailure.missing(directory);
        }
        if (!Files.isWritable(directory)) {
            return "classic file " + messages + " could not be written at the stop: no permission to write in "
                    + directory;
        }
        for (Path file : both()) {
            String reason = Files.exists(file) ? foreign(file, contentBytesMax) : null;
            if (reason != null) {
                return reason;
            }
        }
        return null;
    }

    /** Where the first line of {@code file} that is not empty is not of the format: which and why, else null. */
    static @Nullable String notOfTheFormat(Path file, int contentBytesMax) throws IOException {
        FirstRecord first = new FirstRecord();
        try (InputStream in = Files.newInputStream(file)) {
            new ClassicReader(in, contentBytesMax).next(first);
        }
        return first.problem == null
                ? null
                : "line " + first.line + " is neither MSG_ID:TIMESTAMP:SIZE:CONTENT nor CONSUMER:ID:OFFSET ("
                        + first.problem + ")";
    }

    private static @Nullable String foreign(Path file, int contentBytesMax) throws IOException {
        if (!Files.isRegularFile(file)) {
            return file + " is not a classic file but a device, a pipe or a directory: nothing is read from it";
        }
        if (!Files.isReadable(file)) {
            return "classic file " + file + " cannot be read: permission denied";
        }
        String why = notOfTheFormat(file, contentBytesMax);
        return why == null
                ? null
                : file + " is not a classic file and stays as it is: " + why
                        + ". A file of settings is given with --config FILE.";
    }

    private static final class FirstRecord implements ClassicSink {
        private @Nullable String problem;
        private long line;

        @Override
        public void onMessage(long id, long timestamp, byte[] content) {
            // it is one
        }

        @Override
        public void onConsumer(String consumer, long offset) {
            // it is one
        }

        @Override
        public OutputStream onProblem(long at, String fact) {
            line = at;
            problem = fact.startsWith(ClassicReader.TOO_LONG) ? null : fact;
            return OutputStream.nullOutputStream();
        }
    }

    /** Makes the file of messages, empty, where there is none; false where there is one. */
    boolean create() throws IOException {
        try {
            Files.createFile(messages);
            return true;
        } catch (FileAlreadyExistsException present) {
            return false;
        }
    }
}
