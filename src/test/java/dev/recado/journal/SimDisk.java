package dev.recado.journal;

import dev.recado.base.Check;
import dev.recado.journal.StorageException.Kind;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A disk in memory that does its worst, by a seed: at a power loss it forgets unsynced bytes and names, sector by
 * sector and torn within a sector; on request it fills up, fails syncs, writes and renames, and flips bits.
 */
public final class SimDisk implements Disk {

    /** The power is gone: every further call fails like this until {@link #restart}. */
    public static final class PowerLoss extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    private final Random random;
    private TreeMap<String, SimContent> names = new TreeMap<>();
    private TreeMap<String, SimContent> durableNames = new TreeMap<>();
    private final List<NameOp> pendingNames = new ArrayList<>();
    private final Set<String> locks = new HashSet<>();
    private long capacityBytes = Long.MAX_VALUE;
    private final SimSteps steps = new SimSteps();
    private int life;
    private int syncCount;
    private int writeCount;
    private long listedCount;
    private int fullCount;

    public SimDisk(long seed) {
        random = new Random(seed);
        SimContent root = new SimContent();
        names.put("", root);
        durableNames.put("", root);
    }

    /** A creation (no {@code from}), deletion (no {@code to}) or renaming. */
    private record NameOp(
            @Nullable String from,
            @Nullable String to,
            @Nullable SimContent content) {

        boolean touches(String path) {
            return related(from, path) || related(to, path);
        }

        boolean in(String directory) {
            return (from != null && Disk.parent(from).equals(directory))
                    || (to != null && Disk.parent(to).equals(directory));
        }

        boolean sharesPath(NameOp other) {
            return (other.from != null && touches(other.from)) || (other.to != null && touches(other.to));
        }

        private static boolean related(@Nullable String one, String other) {
            return one != null && (one.equals(other) || one.startsWith(other + "/") || other.startsWith(one + "/"));
        }

        void apply(TreeMap<String, SimContent> map) {
            if (from == null) {
                map.put(require(to), require(content));
            } else if (to == null) {
                removeIfEmpty(map, from);
            } else {
                TreeMap<String, SimContent> moved = new TreeMap<>();
                for (String path : new ArrayList<>(map.tailMap(from, true).keySet())) {
                    if (path.equals(from) || path.startsWith(from + "/")) {
                        moved.put(to + path.substring(from.length()), require(map.remove(path)));
                    }
                }
                map.putAll(moved);
            }
        }
    }

    /** No file system loses a directory in which there still is something. */
    private static void removeIfEmpty(NavigableMap<String, SimContent> map, String path) {
        String next = map.higherKey(path + "/");
        if (next == null || !next.startsWith(path + "/")) {
            map.remove(path);
        }
    }

    private static <T> T require(@Nullable T value) {
        if (value == null) {
            throw new AssertionError("missing value");
        }
        return value;
    }

    /** After {@code count} further changes the power fails in the middle of one. */
    public void losePowerAfter(int count) {
        steps.losePowerAfter(count);
    }

    /** The change after {@code count} further ones fails (write, sync, rename, …), once. */
    public void failAfter(int count) {
        steps.failAfter(count);
    }

    /** Files together may hold this much. */
    public void capacity(long bytes) {
        capacityBytes = bytes;
    }

    /** Changes so far: each is a place where the power may fail. */
    public int stepCount() {
        return steps.count();
    }

    /** Writes that have found no space. */
    public int fullCount() {
        return fullCount;
    }

    /** In which change the power failed last: what was done, and the first part of the path. */
    public String lostAt() {
        return steps.lostAt();
    }

    public int syncCount() {
        return syncCount;
    }

    /** Names that {@link #list} has answered. */
    public long listedCount() {
        return listedCount;
    }

    public int writeCount() {
        return writeCount;
    }

    /** Flips one bit of a file, on the platter too. */
    public void flip(String path, long at, int bit) {
        required(path).flip(at, bit);
    }

    /** Cuts a file behind the back of everybody. */
    public void cut(String path, int size) {
        required(path).cut(size);
    }

    public byte[] content(String path) {
        return required(path).bytes();
    }

    /** All files and directories, for comparisons. */
    public Map<String, Integer> fingerprint() {
        Map<String, Integer> hashes = new TreeMap<>();
        names.forEach((path, content) -> hashes.put(path, content.hash()));
        return hashes;
    }

    public SimDisk copy(long seed) {
        SimDisk copy = new SimDisk(seed);
        Map<SimContent, SimContent> copies = new HashMap<>();
        names.forEach((path, content) -> copy.names.put(path, copies.computeIfAbsent(content, SimContent::copy)));
        durableNames.forEach(
                (path, content) -> copy.durableNames.put(path, copies.computeIfAbsent(content, SimContent::copy)));
        for (NameOp op : pendingNames) {
            SimContent content = op.content == null ? null : copies.computeIfAbsent(op.content, SimContent::copy);
            copy.pendingNames.add(new NameOp(op.from, op.to, content));
        }
        return copy;
    }

    /** The process died and the machine lived: open files and locks are gone, the page cache stays. */
    public void kill() {
        life++;
        locks.clear();
        steps.allSucceed();
    }

    /** The power comes back: of what was not synced, some is there and some is not. */
    public void restart() {
        kill();
        Set<SimContent> seen = new HashSet<>();
        List<NameOp> dropped = new ArrayList<>();
        double namesKept = chance();
        for (NameOp op : pendingNames) {
            if (random.nextDouble() >= namesKept || dropped.stream().anyMatch(op::sharesPath)) {
                dropped.add(op);
            } else {
                op.apply(durableNames);
            }
        }
        pendingNames.clear();
        // In order, so that a lost directory takes what it holds with it.
        for (String path : new ArrayList<>(durableNames.keySet())) {
            if (!path.isEmpty() && !durableNames.containsKey(Disk.parent(path))) {
                durableNames.remove(path);
            }
        }
        for (SimContent content : durableNames.values()) {
            if (seen.add(content)) {
                content.settle(random, chance());
            }
        }
        names = new TreeMap<>(durableNames);
    }

    private double chance() {
        double[] chances = {0, 0.3, 0.9, 1};
        return chances[random.nextInt(chances.length)];
    }

    private SimContent required(String path) {
        SimContent content = names.get(path);
        if (content == null) {
            throw new StorageException(Kind.MISSING, "no such file path=" + path, null);
        }
        return content;
    }

    private void change(NameOp op) {
        op.apply(names);
        pendingNames.add(op);
    }

    @Override
    public DiskFile open(String path, boolean create) {
        SimContent content = names.get(path);
        if (content == null && create) {
            steps.step("create", path);
            Check.that(names.containsKey(Disk.parent(path)), "no directory for " + path);
            content = new SimContent();
            change(new NameOp(null, path, content));
        }
        return new SimFile(path, content == null ? required(path) : content);
    }

    @Override
    public boolean exists(String path) {
        return names.containsKey(path);
    }

    @Override
    public List<String> list(String directory) {
        TreeSet<String> found = new TreeSet<>();
        String prefix = directory.isEmpty() ? "" : directory + "/";
        for (String path : names.keySet()) {
            if (!path.isEmpty()
                    && path.startsWith(prefix)
                    && !path.substring(prefix.length()).contains("/")) {
                found.add(path.substring(prefix.length()));
            }
        }
        listedCount += found.size();
        return new ArrayList<>(found);
    }

    @Override
    public long size(String path) {
        SimContent content = names.get(path);
        return content == null ? 0 : content.length();
    }

    @Override
    public void rename(String from, String to) {
        required(from);
        steps.step("rename", to);
        change(new NameOp(from, to, null));
    }

    @Override
    public void delete(String path) {
        if (names.containsKey(path)) {
            Check.that(list(path).isEmpty(), "delete of a directory that is not empty: " + path);
            steps.step("delete", path);
            change(new NameOp(path, null, null));
        }
    }

    @Override
    public void createDirectories(String path) {
        String done = "";
        for (String part : path.split("/")) {
            done = done.isEmpty() ? part : done + "/" + part;
            if (!names.containsKey(done)) {
                steps.step("create directory", done);
                SimContent content = new SimContent();
                names.put(done, content);
                durableNames.put(done, content);
            }
        }
    }

    @Override
    public List<String> makeDirectories(String path) {
        List<String> changed = new ArrayList<>();
        String parent = "";
        for (String part : path.split("/")) {
            String directory = parent.isEmpty() ? part : parent + "/" + part;
            if (!names.containsKey(directory)) {
                steps.step("create directory", directory);
                change(new NameOp(null, directory, new SimContent()));
                changed.add(parent);
            }
            parent = directory;
        }
        return changed;
    }

    @Override
    public void syncDirectory(String path) {
        steps.step("sync directory", path);
        List<NameOp> forced = new ArrayList<>();
        for (int i = pendingNames.size() - 1; i >= 0; i--) {
            NameOp op = pendingNames.get(i);
            if (op.in(path) || forced.stream().anyMatch(op::sharesPath)) {
                forced.add(0, op);
            }
        }
        forced.forEach(op -> op.apply(durableNames));
        pendingNames.removeAll(forced);
    }

    @Override
    public int filesOpenMax() {
        return 3;
    }

    @Override
    public long freeBytes() {
        return capacityBytes - usedBytes();
    }

    public long usedBytes() {
        return usedBytes("");
    }

    /** Of the files whose path begins with {@code prefix}. */
    public long usedBytes(String prefix) {
        Set<SimContent> files = new HashSet<>();
        names.forEach((path, content) -> {
            if (path.startsWith(prefix)) {
                files.add(content);
            }
        });
        return files.stream().mapToLong(SimContent::length).sum();
    }

    @Override
    public AutoCloseable lock(String name) {
        if (!locks.add(name)) {
            throw new StorageException(Kind.LOCKED, "data directory is in use by simulation", null);
        }
        return () -> locks.remove(name);
    }

    private final class SimFile implements DiskFile {
        private final String path;
        private final SimContent content;
        private final int born = life;
        private boolean closed;

        SimFile(String path, SimContent content) {
            this.path = path;
            this.content = content;
        }

        private void checkUsable() {
            Check.that(!closed && born == life, "file used after close or crash");
        }

        @Override
        public long size() {
            checkUsable();
            return content.length();
        }

        @Override
        public void write(ByteBuffer[] buffers, long position) {
            checkUsable();
            writeCount++;
            int total = Arrays.stream(buffers).mapToInt(ByteBuffer::remaining).sum();
            byte[] bytes = new byte[total];
            int done = 0;
            for (ByteBuffer buffer : buffers) {
                int length = buffer.remaining();
                buffer.get(bytes, done, length);
                done += length;
            }
            try {
                steps.step("write", path);
            } catch (PowerLoss | StorageException e) {
                content.write(position, Arrays.copyOf(bytes, random.nextInt(total + 1)));
                throw e;
            }
            long growth = Math.max(0, position + total - content.length());
            long room = capacityBytes == Long.MAX_VALUE ? growth : Math.max(0, freeBytes());
            if (growth > room) {
                int fitting = (int) Math.max(0, total - (growth - room));
                content.write(position, Arrays.copyOf(bytes, fitting));
                fullCount++;
                throw new StorageException(Kind.FULL, "injected full disk", null);
            }
            content.write(position, bytes);
        }

        @Override
        public int read(ByteBuffer into, long position) {
            checkUsable();
            return content.read(into, position);
        }

        @Override
        public void sync() {
            checkUsable();
            syncCount++;
            try {
                steps.step("sync", path);
            } catch (StorageException e) {
                // As in Linux: pages that could not be written count as clean afterwards and never reach the platter.
                content.persist(random, 0.5);
                throw e;
            }
            content.persist(random, 1);
        }

        @Override
        public void truncate(long size) {
            checkUsable();
            steps.step("truncate", path);
            content.truncate(size);
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
