package dev.recado.journal;

import com.sun.management.UnixOperatingSystemMXBean;
import dev.recado.journal.StorageException.Kind;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileStore;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The disk of the operating system below one directory, through {@link FileChannel}. */
public final class NioDisk implements Disk {

    private static final int LOCK_TEXT_BYTES_MAX = 512;
    /** Where the operating system does not tell its limit, and the least that is taken. */
    private static final int FILES_OPEN_LEAST = 8;

    private static final int FILES_OPEN_MOST = 4096;
    /** Sockets need the larger part of what the process may open. */
    private static final int FILES_OPEN_SHARE = 8;

    private final Path root;
    private final FailureProbe probe;

    /** Uses {@code root}, which is made on first need. */
    public NioDisk(Path root) {
        this(root, new NioFailureProbe());
    }

    /** As {@link #NioDisk(Path)} with a {@code probe} that knows more than the JDK of why calls fail. */
    public NioDisk(Path root, FailureProbe probe) {
        this.root = root.toAbsolutePath().normalize();
        this.probe = probe;
    }

    @Override
    public DiskFile open(String path, boolean create) {
        Path file = root.resolve(path);
        try {
            FileChannel channel = create
                    ? FileChannel.open(
                            file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE)
                    : FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
            return new NioDiskFile(this, channel, path);
        } catch (IOException e) {
            throw isSomethingElse(file)
                    ? new StorageException(Kind.NOT_A_FILE, "open of what is no file path=" + path, e)
                    : failure("open", path, e);
        }
    }

    /** The trial beside it would find nothing wrong with the directory, so that it would be tried again. */
    private static boolean isSomethingElse(Path file) {
        return Files.exists(file, LinkOption.NOFOLLOW_LINKS) && !Files.isRegularFile(file);
    }

    @Override
    public boolean exists(String path) {
        return Files.exists(root.resolve(path));
    }

    @Override
    public List<String> list(String directory) {
        // File.list() is faster, but takes a failure half way for the end.
        try (DirectoryStream<Path> paths = Files.newDirectoryStream(root.resolve(directory))) {
            List<String> names = new ArrayList<>(2);
            for (Path path : paths) {
                names.add(String.valueOf(path.getFileName()));
            }
            Collections.sort(names);
            return names;
        } catch (NoSuchFileException e) {
            return List.of();
        } catch (DirectoryIteratorException e) {
            throw new StorageException(Kind.FAILED, "list failed path=" + directory, e);
        } catch (IOException e) {
            throw failure("list", directory, e);
        }
    }

    @Override
    public long size(String path) {
        try {
            return Files.size(root.resolve(path));
        } catch (NoSuchFileException e) {
            return 0;
        } catch (IOException e) {
            throw failure("size", path, e);
        }
    }

    @Override
    public void rename(String from, String to) {
        try {
            Files.move(
                    root.resolve(from),
                    root.resolve(to),
                    StandardCopyOption.ATOMIC_MOVE,
                    StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            throw failure("rename", from, e);
        }
    }

    @Override
    public void delete(String path) {
        try {
            Files.deleteIfExists(root.resolve(path));
        } catch (IOException e) {
            throw failure("delete", path, e);
        }
    }

    @Override
    public void createDirectories(String path) {
        Deque<Path> missing = new ArrayDeque<>();
        Path at = root.resolve(path).normalize();
        while (at != null && !Files.isDirectory(at)) {
            missing.push(at);
            at = at.getParent();
        }
        try {
            for (Path directory : missing) {
                makeDirectory(directory);
                Path parent = directory.getParent();
                if (parent != null) {
                    syncDirectory(parent);
                }
            }
        } catch (IOException e) {
            throw failure("create directory", path, e);
        }
    }

    private static void makeDirectory(Path directory) throws IOException {
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException e) {
            if (!Files.isDirectory(directory)) {
                throw e;
            }
        }
    }

    @Override
    public List<String> makeDirectories(String path) {
        List<String> changed = new ArrayList<>();
        String parent = "";
        try {
            for (String name : path.split("/", -1)) {
                String directory = parent.isEmpty() ? name : parent + "/" + name;
                if (!Files.isDirectory(root.resolve(directory))) {
                    makeDirectory(root.resolve(directory));
                    changed.add(parent);
                }
                parent = directory;
            }
        } catch (IOException e) {
            throw failure("create directory", path, e);
        }
        return changed;
    }

    @Override
    public void syncDirectory(String path) {
        try {
            syncDirectory(root.resolve(path));
        } catch (IOException e) {
            throw failure("open directory", path, e);
        }
    }

    @Override
    public void syncAll(List<DiskFile> files) {
        NioSyncs.each(files.size(), at -> files.get(at).sync());
    }

    @Override
    public void syncDirectories(List<String> paths) {
        NioSyncs.each(paths.size(), at -> syncDirectory(paths.get(at)));
    }

    private static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            force(channel, directory);
        }
    }

    private static void force(FileChannel channel, Path directory) {
        try {
            channel.force(true);
        } catch (IOException e) {
            // Never retried: the second call may find nothing to write and report success.
            throw new StorageException(Kind.FAILED, "sync directory failed path=" + directory, e);
        }
    }

    @Override
    public long freeBytes() {
        try {
            Path at = root;
            while (!Files.exists(at) && at.getParent() != null) {
                at = at.getParent();
            }
            FileStore store = Files.getFileStore(at);
            return store.getUsableSpace();
        } catch (IOException e) {
            throw new StorageException(Kind.UNCLEAR, "free space cannot be told reason=" + e.getMessage(), e);
        }
    }

    @Override
    public int filesOpenMax() {
        if (ManagementFactory.getOperatingSystemMXBean() instanceof UnixOperatingSystemMXBean system) {
            long share = system.getMaxFileDescriptorCount() / FILES_OPEN_SHARE;
            return (int) Math.max(FILES_OPEN_LEAST, Math.min(FILES_OPEN_MOST, share));
        }
        return FILES_OPEN_LEAST;
    }

    @Override
    public AutoCloseable lock(String name) {
        createDirectories("");
        Path file = root.resolve(name);
        FileChannel channel = null;
        try {
            channel = FileChannel.open(
                    file, StandardOpenOption.READ, StandardOpenOption.WRITE, StandardOpenOption.CREATE);
            FileLock lock = tryLock(channel);
            if (lock == null) {
                String holder = readText(channel);
                channel.close();
                throw new StorageException(
                        Kind.LOCKED, "data directory is in use path=" + root + " by " + holder, null);
            }
            writeHolder(channel);
            return channel;
        } catch (IOException e) {
            closeQuietly(channel);
            throw failure("lock", name, e);
        }
    }

    /** A courtesy to whoever finds it locked: a full disk may refuse it. */
    private static void writeHolder(FileChannel channel) {
        try {
            channel.truncate(0);
            channel.write(ByteBuffer.wrap(holder().getBytes(StandardCharsets.UTF_8)), 0);
        } catch (IOException e) {
            // Whoever meets the lock reads an old name or none.
        }
    }

    private static @Nullable FileLock tryLock(FileChannel channel) throws IOException {
        try {
            return channel.tryLock();
        } catch (OverlappingFileLockException e) {
            return null;
        }
    }

    private static String readText(FileChannel channel) throws IOException {
        ByteBuffer text = ByteBuffer.allocate(LOCK_TEXT_BYTES_MAX);
        channel.read(text, 0);
        return new String(text.array(), 0, text.position(), StandardCharsets.UTF_8).trim();
    }

    private static String holder() {
        String host = System.getenv("HOSTNAME");
        try {
            host = Files.readString(Path.of("/proc/sys/kernel/hostname")).trim();
        } catch (IOException e) {
            // Not a Linux: the environment's word has to do.
        }
        return "pid=" + ProcessHandle.current().pid() + " host=" + (host == null ? "unknown" : host);
    }

    private static void closeQuietly(@Nullable FileChannel channel) {
        if (channel != null) {
            try {
                channel.close();
            } catch (IOException e) {
                // The failure that led here is the one to tell.
            }
        }
    }

    /** What a failed call means; only for calls that may be made again. */
    StorageException failure(String action, String path, IOException cause) {
        if (cause instanceof NoSuchFileException) {
            String detail = path.isEmpty()
                    ? "no data directory can be made there path=" + root
                    : action + " of a missing file path=" + path;
            return new StorageException(Kind.MISSING, detail, cause);
        }
        Kind kind = isOfItself(cause)
                ? Kind.FAILED
                : probe.tryIn(existing(root.resolve(path)).toString());
        String detail = action + " failed kind=" + kind + " path=" + path + " reason=" + cause.getMessage();
        return new StorageException(kind, detail, cause);
    }

    /** Whether the exception's class says what happened: neither a full disk nor missing descriptors have one. */
    private static boolean isOfItself(IOException cause) {
        return cause instanceof ClosedChannelException
                || (cause instanceof FileSystemException && cause.getClass() != FileSystemException.class);
    }

    /** The directory that {@code path} is or lies in. */
    private static Path existing(Path path) {
        Path at = path;
        while (!Files.isDirectory(at) && at.getParent() != null) {
            at = at.getParent();
        }
        return at;
    }
}
