package dev.recado.app;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;

/** Files and directories that are either there as a whole or not at all, also after a loss of power. */
final class AtomicFile {

    private AtomicFile() {}

    /** A sibling of {@code target} under which it is made until it is complete. */
    static Path partial(Path target) {
        Path whole = target.toAbsolutePath().normalize();
        return whole.resolveSibling(whole.getFileName() + ".partial");
    }

    /** Writes {@code text} for readers that wait for the file to appear; not synced, since it describes a process. */
    static void writeText(Path target, String text) throws IOException {
        Path partial = partial(target);
        Files.writeString(partial, text, StandardCharsets.UTF_8);
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What fills a file. */
    @FunctionalInterface
    interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /** Writes, syncs and renames; durable on return, and nothing is left where it fails. */
    static void write(Path target, Content content) throws IOException {
        try (PartialFile partial = new PartialFile(target)) {
            try (OutputStream out = new BufferedOutputStream(Files.newOutputStream(partial.path()), 1 << 16)) {
                content.writeTo(out);
            }
            sync(partial.path());
            publish(partial.path(), target);
        }
    }

    /**
     * Where {@code target} is or will be, links followed: what may be compared with another such path.
     *
     * @throws IOException where no directory above it can be read
     */
    static Path real(Path target) throws IOException {
        Path whole = target.toAbsolutePath().normalize();
        Path above = whole;
        while (above.getParent() != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above.toRealPath().resolve(above.relativize(whole));
    }

    /** Renames the synced {@code partial} to {@code target}; durable on return. */
    static void publish(Path partial, Path target) throws IOException {
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        Path parent = target.toAbsolutePath().getParent();
        if (parent != null) {
            sync(parent);
        }
    }

    /** Syncs a file or, on systems that can, a directory. */
    static void sync(Path path) throws IOException {
        StandardOpenOption how = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
