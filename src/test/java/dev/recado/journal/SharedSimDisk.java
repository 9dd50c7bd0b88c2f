package dev.recado.journal;

import java.nio.ByteBuffer;
import java.util.List;

/** A {@link SimDisk} for a whole node: one call at a time, and images of what a power loss at a moment would leave. */
public final class SharedSimDisk implements Disk {

    private final SimDisk disk;

    public SharedSimDisk(long seed) {
        this(new SimDisk(seed));
    }

    private SharedSimDisk(SimDisk disk) {
        this.disk = disk;
    }

    /** The disk as a machine finds it that lost power now; nothing changes here. */
    public synchronized SharedSimDisk afterPowerLoss(long seed) {
        SimDisk image = disk.copy(seed);
        image.restart();
        return new SharedSimDisk(image);
    }

    @Override
    public synchronized DiskFile open(String path, boolean create) {
        return new SharedFile(disk.open(path, create));
    }

    @Override
    public synchronized boolean exists(String path) {
        return disk.exists(path);
    }

    @Override
    public synchronized List<String> list(String directory) {
        return disk.list(directory);
    }

    @Override
    public synchronized long size(String path) {
        return disk.size(path);
    }

    @Override
    public synchronized void rename(String from, String to) {
        disk.rename(from, to);
    }

    @Override
    public synchronized void delete(String path) {
        disk.delete(path);
    }

    @Override
    public synchronized void createDirectories(String path) {
        disk.createDirectories(path);
    }

    @Override
    public synchronized List<String> makeDirectories(String path) {
        return disk.makeDirectories(path);
    }

    @Override
    public synchronized void syncDirectory(String path) {
        disk.syncDirectory(path);
    }

    @Override
    public synchronized long freeBytes() {
        return disk.freeBytes();
    }

    @Override
    public synchronized int filesOpenMax() {
        return disk.filesOpenMax();
    }

    @Override
    public synchronized AutoCloseable lock(String name) {
        return disk.lock(name);
    }

    private final class SharedFile implements DiskFile {
        private final DiskFile file;

        private SharedFile(DiskFile file) {
            this.file = file;
        }

        @Override
        public long size() {
            synchronized (SharedSimDisk.this) {
                return file.size();
            }
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) {
            synchronized (SharedSimDisk.this) {
                file.write(buffers, position);
            }
        }

        @Override
        public int read(ByteBuffer into, long position) {
            synchronized (SharedSimDisk.this) {
                return file.read(into, position);
            }
        }

        @Override
        public void sync() {
            synchronized (SharedSimDisk.this) {
                file.sync();
            }
        }

        @Override
        public void truncate(long size) {
            synchronized (SharedSimDisk.this) {
                file.truncate(size);
            }
        }

        @Override
        public void close() {
            synchronized (SharedSimDisk.this) {
                file.close();
            }
        }
    }
}
