package dev.recado.journal;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;

/** A disk each of whose calls first passes a gate, which may let it fail, wait or be left out. Thread-safe as both. */
public final class GatedDisk implements Disk {

    /** The kinds of calls that change something or can be refused. */
    public enum Call {
        OPEN,
        WRITE,
        SYNC,
        TRUNCATE,
        RENAME,
        DELETE,
        LIST,
        CREATE_DIRECTORIES,
        SYNC_DIRECTORY,
        FREE_BYTES
    }

    /** Decides about calls. */
    @FunctionalInterface
    public interface Gate {
        /**
         * Answers whether the call is made; one that gives something is made always.
         *
         * @throws StorageException for a call that fails before it did anything
         */
        boolean pass(Call call, String path);
    }

    private final Disk real;
    private final Gate gate;
    private final ReentrantReadWriteLock cutting = new ReentrantReadWriteLock();
    private final Set<DiskFile> open = ConcurrentHashMap.newKeySet();
    private boolean cut;

    public GatedDisk(Disk real, Gate gate) {
        this.real = real;
        this.gate = gate;
    }

    /** As the end of the process: no call is under way on return, and every later one fails. */
    public void cut() {
        cutting.writeLock().lock();
        try {
            cut = true;
            List.copyOf(open).forEach(DiskFile::close);
            open.clear();
        } finally {
            cutting.writeLock().unlock();
        }
    }

    private <T> T given(Call call, String path, Supplier<T> what) {
        cutting.readLock().lock();
        try {
            passes(call, path);
            return what.get();
        } finally {
            cutting.readLock().unlock();
        }
    }

    private void done(Call call, String path, Runnable what) {
        cutting.readLock().lock();
        try {
            if (passes(call, path)) {
                what.run();
            }
        } finally {
            cutting.readLock().unlock();
        }
    }

    private boolean passes(Call call, String path) {
        if (cut) {
            throw new StorageException(StorageException.Kind.FAILED, "the process is gone", null);
        }
        return gate.pass(call, path);
    }

    @Override
    public DiskFile open(String path, boolean create) {
        return given(Call.OPEN, path, () -> {
            DiskFile file = real.open(path, create);
            open.add(file);
            return new GatedFile(path, file);
        });
    }

    @Override
    public boolean exists(String path) {
        return real.exists(path);
    }

    @Override
    public List<String> list(String directory) {
        return given(Call.LIST, directory, () -> real.list(directory));
    }

    @Override
    public long size(String path) {
        return real.size(path);
    }

    @Override
    public void rename(String from, String to) {
        done(Call.RENAME, from, () -> real.rename(from, to));
    }

    @Override
    public void delete(String path) {
        done(Call.DELETE, path, () -> real.delete(path));
    }

    @Override
    public void createDirectories(String path) {
        done(Call.CREATE_DIRECTORIES, path, () -> real.createDirectories(path));
    }

    @Override
    public List<String> makeDirectories(String path) {
        return given(Call.CREATE_DIRECTORIES, path, () -> real.makeDirectories(path));
    }

    @Override
    public void syncDirectory(String path) {
        done(Call.SYNC_DIRECTORY, path, () -> real.syncDirectory(path));
    }

    @Override
    public int filesOpenMax() {
        return real.filesOpenMax();
    }

    @Override
    public long freeBytes() {
        return given(Call.FREE_BYTES, "", real::freeBytes);
    }

    @Override
    public AutoCloseable lock(String name) {
        return real.lock(name);
    }

    private final class GatedFile implements DiskFile {
        private final String path;
        private final DiskFile file;

        private GatedFile(String path, DiskFile file) {
            this.path = path;
            this.file = file;
        }

        @Override
        public long size() {
            return file.size();
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) {
            done(Call.WRITE, path, () -> file.write(buffers, position));
        }

        @Override
        public int read(ByteBuffer into, long position) {
            return file.read(into, position);
        }

        @Override
        public void sync() {
            done(Call.SYNC, path, file::sync);
        }

        @Override
        public void truncate(long size) {
            done(Call.TRUNCATE, path, () -> file.truncate(size));
        }

        @Override
        public void close() {
            open.remove(file);
            file.close();
        }
    }
}
