package dev.recado.node;

import dev.recado.journal.Disk;
import dev.recado.journal.DiskFile;
import dev.recado.journal.NioDisk;
import dev.recado.journal.StorageException;
import java.io.File;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * A real disk that a test fills up below {@code topics/} or altogether, whose journal it makes stand still, or whose
 * process has no descriptors left. Thread-safe.
 */
public final class SwitchableDisk implements Disk {

    private final Disk real;
    private final AtomicInteger refusedWrites = new AtomicInteger();
    private final CompletableFuture<Void> journalGoesOn = new CompletableFuture<>();
    private volatile boolean topicsFull;
    private volatile boolean journalStands;
    private volatile boolean spaceLow;
    private volatile long capacityBytes = Long.MAX_VALUE;
    private volatile boolean filesUsedUp;
    private final AtomicInteger looks = new AtomicInteger();
    private final Set<SwitchableFile> open = ConcurrentHashMap.newKeySet();
    private final Path directory;
    private volatile BooleanSupplier journalStop = () -> false;
    private volatile CompletableFuture<Void> syncsGoOn = CompletableFuture.completedFuture(null);

    public SwitchableDisk(Path directory) {
        this.directory = directory;
        real = new NioDisk(directory);
    }

    /** Around another disk, which has no capacity of this one's. */
    public SwitchableDisk(Disk other) {
        directory = Path.of("");
        real = other;
    }

    /** Has all files together hold no more than {@code bytes}; what they hold already may be more. */
    public void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** Has every opening of a file fail as where the process may open no further one. */
    public void filesUsedUp(boolean usedUp) {
        filesUsedUp = usedUp;
    }

    /** The process is gone: what it had open is closed. */
    public void leave() {
        List.copyOf(open).forEach(SwitchableFile::close);
    }

    /** How often somebody asked for the free space. */
    public int looks() {
        return looks.get();
    }

    /** Bytes of all files. */
    public long usedBytes() {
        return usedBytes("");
    }

    /** Bytes of the files below {@code path}. */
    public long usedBytes(String path) {
        File[] files = directory.resolve(path).toFile().listFiles();
        long sum = 0;
        for (File file : files == null ? new File[0] : files) {
            sum += file.isDirectory()
                    ? usedBytes(path.isEmpty() ? file.getName() : path + "/" + file.getName())
                    : file.length();
        }
        return sum;
    }

    private void growTo(DiskFile file, long end) {
        long growth = end - file.size();
        if (capacityBytes != Long.MAX_VALUE && growth > 0 && growth > capacityBytes - usedBytes()) {
            throw new StorageException(StorageException.Kind.FULL, "no space left", null);
        }
    }

    private void takeDescriptor() {
        if (filesUsedUp) {
            throw new StorageException(StorageException.Kind.NO_FILES, "too many open files", null);
        }
    }

    /** Has the disk say that less is free than any broker wants. */
    public void spaceLow(boolean low) {
        spaceLow = low;
    }

    /** Whether writes below {@code topics/} find no space, as where files are copied on write those over old bytes. */
    public void topicsFull(boolean full) {
        topicsFull = full;
    }

    /** Writes that found no space. */
    public int refusedWrites() {
        return refusedWrites.get();
    }

    /** The first write to the journal that finds {@code condition} true waits for {@link #letJournalGoOn}. */
    public void stopJournalWhen(BooleanSupplier condition) {
        journalStop = condition;
    }

    /** Whether a write to the journal waits. */
    public boolean journalStands() {
        return journalStands;
    }

    public void letJournalGoOn() {
        journalGoesOn.complete(null);
    }

    /** Every sync of the journal hangs from now on; completing the answer lets all of them go on. */
    public CompletableFuture<Void> hangSyncs() {
        CompletableFuture<Void> end = new CompletableFuture<>();
        syncsGoOn = end;
        return end;
    }

    private void beforeWrite(String path) {
        if (path.startsWith("topics/") && topicsFull) {
            refusedWrites.incrementAndGet();
            throw new StorageException(StorageException.Kind.FULL, "no space left", null);
        }
        if (path.startsWith("journal/") && journalStop.getAsBoolean()) {
            journalStands = true;
            journalGoesOn.join();
            journalStands = false;
        }
    }

    @Override
    public DiskFile open(String path, boolean create) {
        takeDescriptor();
        SwitchableFile file = new SwitchableFile(path, real.open(path, create));
        open.add(file);
        return file;
    }

    @Override
    public boolean exists(String path) {
        return real.exists(path);
    }

    @Override
    public List<String> list(String path) {
        takeDescriptor();
        return real.list(path);
    }

    @Override
    public long size(String path) {
        return real.size(path);
    }

    @Override
    public void rename(String from, String to) {
        real.rename(from, to);
    }

    @Override
    public void delete(String path) {
        real.delete(path);
    }

    @Override
    public void createDirectories(String path) {
        real.createDirectories(path);
    }

    @Override
    public List<String> makeDirectories(String path) {
        return real.makeDirectories(path);
    }

    @Override
    public void syncDirectory(String path) {
        takeDescriptor();
        real.syncDirectory(path);
    }

    @Override
    public int filesOpenMax() {
        return real.filesOpenMax();
    }

    @Override
    public long freeBytes() {
        looks.incrementAndGet();
        takeDescriptor();
        if (capacityBytes != Long.MAX_VALUE) {
            return Math.max(0, capacityBytes - usedBytes());
        }
        return spaceLow ? -1 : real.freeBytes();
    }

    @Override
    public AutoCloseable lock(String name) {
        return real.lock(name);
    }

    private final class SwitchableFile implements DiskFile {
        private final String path;
        private final DiskFile file;

        private SwitchableFile(String path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) {
            beforeWrite(path);
            long end = position;
            for (ByteBuffer buffer : buffers) {
                end += buffer.remaining();
            }
            growTo(file, end);
            file.write(buffers, position);
        }

        @Override
        public int read(ByteBuffer into, long position) {
            return file.read(into, position);
        }

        @Override
        public void sync() {
            if (path.startsWith("journal/")) {
                syncsGoOn.join();
            }
            file.sync();
        }

        @Override
        public void truncate(long size) {
            file.truncate(size);
        }

        @Override
        public void close() {
            open.remove(this);
            file.close();
        }
    }
}
