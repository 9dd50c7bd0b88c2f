package dev.recado.file;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFileAttributeView;

/**
 * Files and directories that are either there as a whole or not at all, also after a loss of power. Each is made beside
 * its place as {@code NAME.partial} (the first of {@code .partial2}, {@code .partial3}, … that is free where there is
 * one), synced, renamed, and the directory is synced. What fails or is stopped leaves nothing; a crash leaves the
 * {@code .partial}, which no later run touches.
 */
public final class WholeFiles {

    private WholeFiles() {}

    /** A sibling of {@code target} under which it is made until it is complete. */
    public static Path partial(Path target) {
        Path whole = target.toAbsolutePath().normalize();
        return whole.resolveSibling(whole.getFileName() + ".partial");
    }

    /** The bytes of {@code text}. */
    public static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /**
     * Writes {@code text} for readers that wait for the file to appear; not synced, for what describes a process or is
     * easily made again.
     */
    public static void writeUnsynced(Path target, String text) throws IOException {
        try (PartialFile partial = new PartialFile(target)) {
            partial.revealUnsynced(target, text);
        }
    }

    /** What fills a file. */
    @FunctionalInterface
    public interface Content {
        void writeTo(OutputStream out) throws IOException;
    }

    /**
     * Writes, syncs and renames; durable on return, and nothing is left where it fails. Who may read and write a file
     * of that name may read and write the new one.
     */
    public static void write(Path target, Content content) throws IOException {
        try (PartialFile partial = new PartialFile(target)) {
            naming(target, () -> copyPermissions(target, partial.path()));
            OutputStream file = new NamedOutput(target, Files.newOutputStream(partial.path()));
            try (OutputStream out = new BufferedOutputStream(file, 1 << 16)) {
                content.writeTo(out);
            }
            naming(target, () -> {
                sync(partial.path());
                publish(partial.path(), target);
            });
        }
    }

    /** What makes a file, or a part of it. */
    @FunctionalInterface
    public interface Writing {
        void write() throws IOException;
    }

    /** A failure of {@code writing} that names no file, as that of a full disk, names {@code target} then. */
    public static void naming(Path target, Writing writing) throws IOException {
        try {
            writing.write();
        } catch (FileSystemException named) {
            throw named;
        } catch (IOException nameless) {
            FileSystemException named = new FileSystemException(target.toString(), null, nameless.getMessage());
            named.initCause(nameless);
            throw named;
        }
    }

    /**
     * As {@link #write}, for a file that one process at a time writes, such as its state: what it is made as beside its
     * place always has the same name, so that of all deaths while it is written one such file is left, and the next
     * call takes its name.
     */
    public static void replace(Path target, Content content) throws IOException {
        Path partial = partial(target);
        try (FileChannel channel = FileChannel.open(
                partial, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            // A disk that is nearly full takes parts; this stream writes the rest or fails.
            OutputStream file = new NamedOutput(target, Channels.newOutputStream(channel));
            OutputStream out = new BufferedOutputStream(file, 1 << 16);
            content.writeTo(out);
            out.flush();
            naming(target, () -> channel.force(true));
        }
        publish(partial, target);
    }

    private static void copyPermissions(Path from, Path to) throws IOException {
        PosixFileAttributeView view = Files.getFileAttributeView(from, PosixFileAttributeView.class);
        if (view != null && Files.exists(from)) {
            Files.setPosixFilePermissions(to, view.readAttributes().permissions());
        }
    }

    /**
     * Gives what is in {@code file} a second name that stays when the first one's content is replaced: {@code file~},
     * or the first of {@code file~2}, {@code file~3}, … that is free. Durable on return.
     *
     * @return that name
     */
    public static Path keep(Path file) throws IOException {
        Path copy = firstFree(Path.of(file + "~"), name -> {
            try {
                Files.createLink(name, file);
            } catch (FileAlreadyExistsException taken) {
                throw taken;
            } catch (FileSystemException | UnsupportedOperationException noLinks) {
                Files.copy(file, name, StandardCopyOption.COPY_ATTRIBUTES);
                sync(name);
            }
        });
        syncParent(copy);
        return copy;
    }

    /** What makes a file of a name, and throws {@link FileAlreadyExistsException} where there is one. */
    @FunctionalInterface
    interface Maker {
        void make(Path name) throws IOException;
    }

    /** Makes {@code name}, or the first of that name with 2, 3, … behind it that is free, and answers which. */
    static Path firstFree(Path name, Maker maker) throws IOException {
        for (int i = 1; ; i++) {
            Path candidate = i == 1 ? name : Path.of(name + Integer.toString(i));
            try {
                maker.make(candidate);
                return candidate;
            } catch (FileAlreadyExistsException taken) {
                // The next name.
            }
        }
    }

    /** Renames the synced {@code partial} to the first free name as of {@link #firstFree}; durable on return. */
    public static Path publishBeside(Path partial, Path target) throws IOException {
        Path published = firstFree(target, name -> Files.move(partial, name));
        syncParent(published);
        return published;
    }

    /**
     * Where {@code target} is or will be, links followed: what may be compared with another such path.
     *
     * @throws IOException where no directory above it can be read
     */
    public static Path real(Path target) throws IOException {
        Path whole = target.toAbsolutePath().normalize();
        Path above = whole;
        while (above.getParent() != null && !Files.exists(above)) {
            above = above.getParent();
        }
        return above.toRealPath().resolve(above.relativize(whole));
    }

    /** Renames the synced {@code partial} to {@code target}; durable on return. */
    public static void publish(Path partial, Path target) throws IOException {
        Files.move(partial, target, StandardCopyOption.ATOMIC_MOVE);
        syncParent(target);
    }

    private static void syncParent(Path target) throws IOException {
        Path parent = target.toAbsolutePath().getParent();
        if (parent != null) {
            sync(parent);
        }
    }

    /** Syncs a file or, on systems that can, a directory. */
    public static void sync(Path path) throws IOException {
        StandardOpenOption how = Files.isDirectory(path) ? StandardOpenOption.READ : StandardOpenOption.WRITE;
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }
}
