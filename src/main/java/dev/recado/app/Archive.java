package dev.recado.app;

import dev.recado.cli.Progress;
import dev.recado.file.PartialFile;
import dev.recado.file.WholeFiles;
import dev.recado.journal.DataDirectory;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
import java.util.zip.Deflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipInputStream;
import java.util.zip.ZipOutputStream;
import org.jspecify.annotations.Nullable;

/**
 * A backup: a ZIP of every file below a data directory, whose last entry {@value #MANIFEST} names each with its SHA-256
 * and size:
 *
 * <pre>
 * recado-backup 1
 * 5e88…42d8 134217728 journal/00000001.log
 * </pre>
 *
 * <p>An archive without that entry was never finished. The lock file is not part of it, nor is what memory topics have
 * spilled. Links and other things that are neither file nor directory are refused, because a copy of them would not be
 * what they point to.
 */
final class Archive {

    /** A fresh ext4 volume has it, and nobody but root may look into it. */
    private static final String FILE_SYSTEMS_OWN = "lost+found";
    /** Not looked into; what a process has spilled means nothing to another. */
    private static final Set<String> LEFT_OUT = Set.of(FILE_SYSTEMS_OWN, DataDirectory.SPILL);

    /** Within a directory that is filled. */
    private static final String UNFINISHED = "restore.partial";

    static final String MANIFEST = "MANIFEST.recado";

    private static final String FIRST_LINE = "recado-backup 1";
    private static final int MANIFEST_BYTES_MAX = 64 << 20;

    private Archive() {}

    /** What an archive holds; {@code bytes} before compression. */
    record Totals(int files, long bytes) {
        @Override
        public String toString() {
            return "files=" + files + " bytes=" + bytes;
        }

        void write(BiConsumer<String, Object> field) {
            field.accept("files", files);
            field.accept("bytes", bytes);
        }
    }

    /**
     * Writes {@code directory} to {@code archive}, reads it back and compares; durable and complete on return, and
     * nothing of that name before.
     */
    static Totals write(Path directory, Path archive, Progress progress) throws IOException {
        try (PartialFile making = new PartialFile(archive)) {
            Path partial = making.path();
            Map<String, Checksum> written = new LinkedHashMap<>();
            try (ZipOutputStream zip = new ZipOutputStream(Files.newOutputStream(partial))) {
                zip.setLevel(Deflater.BEST_SPEED);
                for (Path file : filesOf(directory)) {
                    String name = directory.relativize(file).toString().replace('\\', '/');
                    zip.putNextEntry(new ZipEntry(name));
                    try (InputStream in = Files.newInputStream(file)) {
                        written.put(name, Checksum.copy(in, zip, progress));
                    }
                    zip.closeEntry();
                }
                zip.putNextEntry(new ZipEntry(MANIFEST));
                zip.write(manifest(written).getBytes(StandardCharsets.UTF_8));
                zip.closeEntry();
            }
            WholeFiles.sync(partial);
            Totals totals = read(partial, new Discard(), progress.next("verified"));
            WholeFiles.publish(partial, archive);
            return totals;
        }
    }

    /**
     * Makes {@code directory}, which must be missing or empty, out of {@code archive}; durable and complete on return.
     * One that is there may be a mount point or somebody else's to remove, so it is filled and not replaced.
     */
    static Totals restore(Path archive, Path directory, Progress progress) throws IOException {
        boolean isThere = Files.exists(directory, LinkOption.NOFOLLOW_LINKS);
        Path partial = isThere ? directory.resolve(UNFINISHED) : WholeFiles.partial(directory);
        if (Files.exists(partial)) {
            throw new IOException("an unfinished restore is in the way: remove " + partial);
        }
        if (isThere && !isEmptyDirectory(directory)) {
            throw new IOException("data directory " + directory + " is not empty: restore into a new one");
        }
        try {
            Totals totals = read(archive, new Unpack(partial), progress);
            syncDirectories(partial);
            if (isThere) {
                moveInto(partial, directory);
            } else {
                WholeFiles.publish(partial, directory);
            }
            return totals;
        } catch (IOException e) {
            deleteTree(partial);
            throw e;
        }
    }

    /** Where the files of an archive go. */
    private interface Target {
        OutputStream open(String name) throws IOException;

        /** Called once {@code name} is written and closed. */
        void done(String name) throws IOException;
    }

    private static final class Discard implements Target {
        @Override
        public OutputStream open(String name) {
            return OutputStream.nullOutputStream();
        }

        @Override
        public void done(String name) {}
    }

    private record Unpack(Path root) implements Target {
        @Override
        public OutputStream open(String name) throws IOException {
            Path file = resolve(name);
            Files.createDirectories(file.getParent());
            return Files.newOutputStream(file);
        }

        @Override
        public void done(String name) throws IOException {
            WholeFiles.sync(resolve(name));
        }

        /** An archive is foreign input: a name that leads out of the directory must not be followed. */
        private Path resolve(String name) throws IOException {
            Path file = root.resolve(name).normalize();
            if (!file.startsWith(root) || file.equals(root)) {
                throw new IOException("archive is damaged: a name leads out of it");
            }
            return file;
        }
    }

    private static Totals read(Path archive, Target target, Progress progress) throws IOException {
        Map<String, Checksum> found = new LinkedHashMap<>();
        String manifest = null;
        try (Entries entries = new Entries(archive)) {
            for (String name = entries.next(); name != null; name = entries.next()) {
                if (name.equals(MANIFEST)) {
                    manifest = new String(entries.readNBytes(MANIFEST_BYTES_MAX), StandardCharsets.UTF_8);
                } else {
                    try (OutputStream out = target.open(name)) {
                        found.put(name, Checksum.copy(entries, out, progress));
                    }
                    target.done(name);
                }
            }
        }
        if (manifest == null) {
            throw new IOException("archive " + archive + " is not a finished backup: it has no " + MANIFEST
                    + ". Nothing is restored; take another backup");
        }
        if (!manifest.equals(manifest(found))) {
            throw damaged(archive, "its files are not those of its manifest", null);
        }
        long bytes = 0;
        for (Checksum checksum : found.values()) {
            bytes += checksum.bytes();
        }
        return new Totals(found.size(), bytes);
    }

    private static IOException damaged(Path archive, String why, @Nullable Throwable cause) {
        return new IOException(
                "archive " + archive + " is damaged: " + why + ". Nothing is restored; take another backup", cause);
    }

    /** The entries of an archive, one after the other; what fails in it is told from what fails where it goes. */
    private static final class Entries extends InputStream {
        private final Path archive;
        private final ZipInputStream zip;

        Entries(Path archive) throws IOException {
            this.archive = archive;
            zip = new ZipInputStream(Files.newInputStream(archive));
        }

        /** The name of the next entry, or null behind the last. */
        @Nullable
        String next() throws IOException {
            try {
                ZipEntry entry = zip.getNextEntry();
                return entry == null ? null : entry.getName();
            } catch (ZipException | EOFException | IllegalArgumentException e) {
                throw damaged(archive, "it is not a ZIP to its end (" + FileFailure.text(e) + ")", e);
            }
        }

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
        }

        @Override
        public int read(byte[] bytes, int from, int length) throws IOException {
            try {
                return zip.read(bytes, from, length);
            } catch (ZipException | EOFException e) {
                throw damaged(archive, "an entry cannot be read (" + FileFailure.text(e) + ")", e);
            }
        }

        @Override
        public void close() throws IOException {
            zip.close();
        }
    }

    private static String manifest(Map<String, Checksum> files) {
        StringBuilder text = new StringBuilder(FIRST_LINE).append('\n');
        files.forEach((name, checksum) -> text.append(checksum.sha256())
                .append(' ')
                .append(checksum.bytes())
                .append(' ')
                .append(name)
                .append('\n'));
        return text.toString();
    }

    private static List<Path> filesOf(Path directory) throws IOException {
        List<Path> files = new ArrayList<>();
        try (Stream<Path> entries = Files.list(directory)) {
            for (Path entry : (Iterable<Path>) entries.sorted()::iterator) {
                if (!LEFT_OUT.contains(String.valueOf(entry.getFileName()))) {
                    addFiles(directory, entry, files);
                }
            }
        }
        return files;
    }

    private static void addFiles(Path directory, Path entry, List<Path> files) throws IOException {
        try (Stream<Path> walk = Files.walk(entry)) {
            for (Path path : (Iterable<Path>) walk.sorted()::iterator) {
                if (Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
                    if (!path.equals(directory.resolve(DataDirectory.LOCK))) {
                        files.add(path);
                    }
                } else if (!Files.isDirectory(path, LinkOption.NOFOLLOW_LINKS)) {
                    throw new IOException("neither file nor directory, so it cannot be backed up: " + path);
                }
            }
        } catch (UncheckedIOException unreadable) {
            throw new IOException("cannot be read, so it cannot be backed up: " + unreadable.getMessage(), unreadable);
        }
    }

    /** Nobody takes the directory for a complete one before its identity is there, which comes last. */
    private static void moveInto(Path partial, Path directory) throws IOException {
        List<Path> entries;
        try (Stream<Path> listed = Files.list(partial)) {
            entries = new ArrayList<>(listed.sorted().toList());
        }
        if (entries.remove(partial.resolve(DataDirectory.IDENTITY))) {
            entries.add(partial.resolve(DataDirectory.IDENTITY));
        }
        for (Path entry : entries) {
            WholeFiles.publish(entry, directory.resolve(entry.getFileName()));
        }
        Files.delete(partial);
        WholeFiles.sync(directory);
    }

    /** Whether nothing is in there but what a file system has of its own. */
    static boolean isEmptyDirectory(Path directory) throws IOException {
        if (!Files.isDirectory(directory)) {
            return false;
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.allMatch(entry -> entry.equals(directory.resolve(FILE_SYSTEMS_OWN)));
        }
    }

    private static void deleteTree(Path root) throws IOException {
        if (!Files.exists(root)) {
            return;
        }
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : (Iterable<Path>) walk.sorted(Comparator.reverseOrder())::iterator) {
                Files.delete(path);
            }
        }
    }

    private static void syncDirectories(Path root) throws IOException {
        Files.createDirectories(root);
        try (Stream<Path> walk = Files.walk(root)) {
            for (Path path : (Iterable<Path>) walk.filter(Files::isDirectory)::iterator) {
                WholeFiles.sync(path);
            }
        }
    }
}
