package dev.recado.journal;

import java.nio.ByteBuffer;
import java.util.List;

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

    public GatedDisk(Disk real, Gate gate) {
        this.real = real;
        this.gate = gate;
    }

    @Override
    public DiskFile open(String path, boolean create) {
        gate.pass(Call.OPEN, path);
        return new GatedFile(path, real.open(path, create));
    }

    @Override
    public boolean exists(String path) {
        return real.exists(path);
    }

    @Override
    public List<String> list(String directory) {
        gate.pass(Call.LIST, directory);
        return real.list(directory);
    }

    @Override
    public void rename(String from, String to) {
        if (gate.pass(Call.RENAME, from)) {
            real.rename(from, to);
        }
    }

    @Override
    public void delete(String path) {
        if (gate.pass(Call.DELETE, path)) {
            real.delete(path);
        }
    }

    @Override
    public void createDirectories(String path) {
        if (gate.pass(Call.CREATE_DIRECTORIES, path)) {
            real.createDirectories(path);
        }
    }

    @Override
    public void syncDirectory(String path) {
        if (gate.pass(Call.SYNC_DIRECTORY, path)) {
            real.syncDirectory(path);
        }
    }

    @Override
    public int filesOpenMax() {
        return real.filesOpenMax();
    }

    @Override
    public long freeBytes() {
        gate.pass(Call.FREE_BYTES, "");
        return real.freeBytes();
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
            if (gate.pass(Call.WRITE, path)) {
                file.write(buffers, position);
            }
        }

        @Override
        public int read(ByteBuffer into, long position) {
            return file.read(into, position);
        }

        @Override
        public void sync() {
            if (gate.pass(Call.SYNC, path)) {
                file.sync();
            }
        }

        @Override
        public void truncate(long size) {
            if (gate.pass(Call.TRUNCATE, path)) {
                file.truncate(size);
            }
        }

        @Override
        public void close() {
            file.close();
        }
    }
}
