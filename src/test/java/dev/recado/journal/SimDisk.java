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

    private static final int SECTOR_BYTES = 512;

    private final Random random;
    private TreeMap<String, Node> names = new TreeMap<>();
    private TreeMap<String, Node> durableNames = new TreeMap<>();
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
        Node root = new Node(true);
        names.put("", root);
        durableNames.put("", root);
    }

    /** A file's or directory's content: as the process sees it, and as the platter holds it. */
    private static final class Node {
        final boolean directory;
        byte[] live = {};
        byte[] durable = {};
        List<Change> pending = new ArrayList<>();

        Node(boolean directory) {
            this.directory = directory;
        }

        Node copy() {
            Node copy = new Node(directory);
            copy.live = live.clone();
            copy.durable = durable.clone();
            copy.pending = new ArrayList<>(pending);
            return copy;
        }
    }

    /** A write of {@code bytes} at {@code at}, or, without bytes, a change of the size to {@code at}. */
    private record Change(long at, byte @Nullable [] bytes) {}

    /** A creation (no {@code from}), deletion (no {@code to}) or renaming. */
    private record NameOp(
            @Nullable String from,
            @Nullable String to,
            @Nullable Node node) {

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

        void apply(TreeMap<String, Node> map) {
            if (from == null) {
                map.put(require(to), require(node));
            } else if (to == null) {
                map.remove(from);
            } else {
                TreeMap<String, Node> moved = new TreeMap<>();
                for (String path : new ArrayList<>(map.tailMap(from, true).keySet())) {
                    if (path.equals(from) || path.startsWith(from + "/")) {
                        moved.put(to + path.substring(from.length()), require(map.remove(path)));
                    }
                }
                map.putAll(moved);
            }
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
        Node node = node(path);
        node.live[(int) at] ^= (byte) (1 << bit);
        if (at < node.durable.length) {
            node.durable[(int) at] ^= (byte) (1 << bit);
        }
    }

    /** Cuts a file behind the back of everybody. */
    public void cut(String path, int size) {
        Node node = node(path);
        node.live = Arrays.copyOf(node.live, size);
        node.durable = Arrays.copyOf(node.durable, Math.min(size, node.durable.length));
    }

    public byte[] content(String path) {
        return node(path).live.clone();
    }

    /** All files and directories, for comparisons. */
    public Map<String, Integer> fingerprint() {
        Map<String, Integer> hashes = new TreeMap<>();
        names.forEach((path, node) -> hashes.put(path, Arrays.hashCode(node.live)));
        return hashes;
    }

    public SimDisk copy(long seed) {
        SimDisk copy = new SimDisk(seed);
        Map<Node, Node> nodes = new HashMap<>();
        names.forEach((path, node) -> copy.names.put(path, nodes.computeIfAbsent(node, Node::copy)));
        durableNames.forEach((path, node) -> copy.durableNames.put(path, nodes.computeIfAbsent(node, Node::copy)));
        for (NameOp op : pendingNames) {
            Node node = op.node == null ? null : nodes.computeIfAbsent(op.node, Node::copy);
            copy.pendingNames.add(new NameOp(op.from, op.to, node));
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
        Set<Node> seen = new HashSet<>();
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
        for (Node node : durableNames.values()) {
            if (seen.add(node)) {
                settle(node, chance());
            }
        }
        names = new TreeMap<>(durableNames);
    }

    private double chance() {
        double[] chances = {0, 0.3, 0.9, 1};
        return chances[random.nextInt(chances.length)];
    }

    private void settle(Node node, double kept) {
        persist(node, kept);
        node.live = node.durable.clone();
    }

    private void persist(Node node, double kept) {
        for (Change change : node.pending) {
            byte[] bytes = change.bytes();
            if (bytes == null) {
                node.durable = kept == 1 || random.nextDouble() < kept
                        ? Arrays.copyOf(node.durable, (int) change.at())
                        : node.durable;
            } else if (kept == 1) {
                node.durable = put(node.durable, (int) change.at(), bytes, 0, bytes.length);
            } else if (kept > 0) {
                node.durable = persistSome(node.durable, (int) change.at(), bytes, kept);
            }
        }
        node.pending.clear();
    }

    private byte[] persistSome(byte[] durable, int from, byte[] bytes, double kept) {
        byte[] grown = Arrays.copyOf(durable, Math.max(durable.length, from + bytes.length));
        int length = durable.length;
        int done = 0;
        while (done < bytes.length) {
            int at = from + done;
            int part = Math.min(bytes.length - done, SECTOR_BYTES - at % SECTOR_BYTES);
            if (random.nextDouble() < kept) {
                int whole = random.nextInt(8) == 0 ? random.nextInt(part + 1) : part;
                System.arraycopy(bytes, done, grown, at, whole);
                length = Math.max(length, at + whole);
            }
            done += part;
        }
        return length == grown.length ? grown : Arrays.copyOf(grown, length);
    }

    private static byte[] put(byte[] into, int at, byte[] bytes, int from, int length) {
        byte[] out = at + length > into.length ? Arrays.copyOf(into, at + length) : into;
        System.arraycopy(bytes, from, out, at, length);
        return out;
    }

    private Node node(String path) {
        Node node = names.get(path);
        if (node == null) {
            throw new StorageException(Kind.MISSING, "no such file path=" + path, null);
        }
        return node;
    }

    private void change(NameOp op) {
        op.apply(names);
        pendingNames.add(op);
    }

    @Override
    public DiskFile open(String path, boolean create) {
        Node node = names.get(path);
        if (node == null && create) {
            steps.step("create", path);
            Check.that(names.containsKey(Disk.parent(path)), "no directory for " + path);
            node = new Node(false);
            change(new NameOp(null, path, node));
        }
        return new SimFile(path, node == null ? node(path) : node);
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
    public void rename(String from, String to) {
        node(from);
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
                Node node = new Node(true);
                names.put(done, node);
                durableNames.put(done, node);
            }
        }
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
        return new HashSet<>(names.values())
                .stream().mapToLong(node -> node.live.length).sum();
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
        private final Node node;
        private final int born = life;
        private boolean closed;

        SimFile(String path, Node node) {
            this.path = path;
            this.node = node;
        }

        private void checkUsable() {
            Check.that(!closed && born == life, "file used after close or crash");
        }

        @Override
        public long size() {
            checkUsable();
            return node.live.length;
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
                apply(position, Arrays.copyOf(bytes, random.nextInt(total + 1)));
                throw e;
            }
            long growth = Math.max(0, position + total - node.live.length);
            long room = capacityBytes == Long.MAX_VALUE ? growth : Math.max(0, freeBytes());
            if (growth > room) {
                int fitting = (int) Math.max(0, total - (growth - room));
                apply(position, Arrays.copyOf(bytes, fitting));
                fullCount++;
                throw new StorageException(Kind.FULL, "injected full disk", null);
            }
            apply(position, bytes);
        }

        private void apply(long position, byte[] bytes) {
            if (bytes.length > 0) {
                node.live = put(node.live, (int) position, bytes, 0, bytes.length);
                node.pending.add(new Change(position, bytes));
            }
        }

        @Override
        public int read(ByteBuffer into, long position) {
            checkUsable();
            int length = (int) Math.max(0, Math.min(into.remaining(), node.live.length - position));
            if (length > 0) {
                into.put(node.live, (int) position, length);
            }
            return length;
        }

        @Override
        public void sync() {
            checkUsable();
            syncCount++;
            try {
                steps.step("sync", path);
            } catch (StorageException e) {
                // As in Linux: pages that could not be written count as clean afterwards and never reach the platter.
                persist(node, 0.5);
                throw e;
            }
            persist(node, 1);
        }

        @Override
        public void truncate(long size) {
            checkUsable();
            steps.step("truncate", path);
            node.live = Arrays.copyOf(node.live, (int) size);
            node.pending.add(new Change(size, null));
        }

        @Override
        public void close() {
            closed = true;
        }
    }
}
