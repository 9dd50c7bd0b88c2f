package dev.recado.journal;

import dev.recado.base.Check;
import dev.recado.journal.StorageException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A formatted data directory that this process has locked: whose it is, and where things lie in it. */
public final class DataDirectory implements AutoCloseable {

    public static final String IDENTITY = "identity";
    /** Beside it, the same once more: what {@link #mendIdentity} takes it from. */
    public static final String IDENTITY_COPY = "identity-copy";

    public static final String LOCK = "lock";
    public static final String JOURNAL = "journal";
    public static final String TOPICS = "topics";
    public static final String TRASH = "trash";
    /** What memory topics had no room for; means nothing to the next process, which empties it. */
    public static final String SPILL = "spill";
    /** Copies of what {@link Repair} gave up. */
    public static final String DAMAGED = "damaged";

    public static final int FORMAT_VERSION = 1;
    public static final int SHARDS = 8;

    private static final int IDENTITY_BYTES_MAX = 4096;
    private static final String CRC_KEY = "crc32c=";

    /**
     * Who a data directory belongs to; written once, when it is formatted.
     *
     * @param nodeId the node's name, 1 to 255 bytes without line breaks
     * @param storeId minted with the directory: a wiped node is another replica
     */
    public record Identity(UUID clusterId, String nodeId, UUID storeId, int shards) {

        public Identity {
            int bytes = nodeId.getBytes(StandardCharsets.UTF_8).length;
            Check.that(bytes > 0 && bytes <= 255 && nodeId.lines().count() == 1, "node id", bytes);
        }
    }

    private final Identity identity;
    private final boolean formatted;
    private final AutoCloseable lock;

    private DataDirectory(Identity identity, boolean formatted, AutoCloseable lock) {
        this.identity = identity;
        this.formatted = formatted;
        this.lock = lock;
    }

    /**
     * Locks the directory and reads its identity; an empty one is formatted first. Durable on return.
     *
     * @param nodeId name of this node; null takes what the directory says, {@code n1} in an empty one
     * @param clusterId of an empty directory; null for a new cluster
     * @param ids mints identities
     * @throws StorageException of kind {@code LOCKED} where another process has it
     * @throws DamagedException where the identity is unreadable, missing beside data, or of another node or version
     */
    public static DataDirectory open(Disk disk, @Nullable String nodeId, @Nullable UUID clusterId, Supplier<UUID> ids) {
        AutoCloseable lock = disk.lock(LOCK);
        try {
            boolean formatted = disk.exists(IDENTITY);
            if (!formatted) {
                format(
                        disk,
                        new Identity(
                                clusterId == null ? ids.get() : clusterId,
                                nodeId == null ? "n1" : nodeId,
                                ids.get(),
                                SHARDS));
            }
            Identity identity = readIdentity(disk);
            if (nodeId != null && !nodeId.equals(identity.nodeId())) {
                throw mismatch("it belongs to node.id=" + identity.nodeId() + ", this node is " + nodeId);
            }
            if (clusterId != null && !clusterId.equals(identity.clusterId())) {
                throw mismatch("it belongs to cluster=" + identity.clusterId() + ", this cluster is " + clusterId);
            }
            keepCopy(disk);
            return new DataDirectory(identity, !formatted, lock);
        } catch (RuntimeException e) {
            release(lock);
            throw e;
        }
    }

    private static DamagedException mismatch(String detail) {
        return DamagedException.file(IDENTITY, 0, detail);
    }

    private static void format(Disk disk, Identity identity) {
        if (!disk.list(JOURNAL).isEmpty() || !disk.list(TOPICS).isEmpty()) {
            throw mismatch("the file is missing beside data; recado repair --accept-loss writes it anew");
        }
        write(disk, identity);
    }

    private static void write(Disk disk, Identity identity) {
        String lines = "recado data directory\nversion=" + FORMAT_VERSION
                + "\ncluster=" + identity.clusterId()
                + "\nnode=" + identity.nodeId()
                + "\nstore=" + identity.storeId()
                + "\nshards=" + identity.shards() + "\n";
        AtomicFile.write(disk, IDENTITY, (lines + CRC_KEY + crc(lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Whether there is a file of any partition, which was written after the journal held what is in it. */
    static boolean holdsSegments(Disk disk) {
        return disk.list(TOPICS).stream().anyMatch(topic -> holdsSegments(disk, TOPICS + "/" + topic));
    }

    /** Whether the directory of a topic holds a file; a deleted one stays behind empty. */
    public static boolean holdsSegments(Disk disk, String topic) {
        return disk.list(topic).stream()
                .anyMatch(partition -> !disk.list(topic + "/" + partition).isEmpty());
    }

    /** A directory without a copy of its identity, or with a damaged one, gets one; a disk that is full can wait. */
    private static void keepCopy(Disk disk) {
        byte[] identity = text(disk, IDENTITY).getBytes(StandardCharsets.UTF_8);
        if (!text(disk, IDENTITY_COPY).equals(new String(identity, StandardCharsets.UTF_8))) {
            try {
                AtomicFile.write(disk, IDENTITY_COPY, identity);
            } catch (StorageException e) {
                if (!e.passes()) {
                    throw e;
                }
            }
        }
    }

    /** What is wrong with the identity, or null. */
    public static @Nullable DamagedException identityDamage(Disk disk) {
        try {
            readIdentity(disk);
            return null;
        } catch (DamagedException damage) {
            return damage;
        }
    }

    /**
     * Writes the identity anew: from its copy, and where that is damaged too from what can be read of the two, with new
     * numbers for the rest. Durable on return.
     *
     * @param ids mints identities
     * @return what was done, a line each
     */
    public static List<String> mendIdentity(Disk disk, Supplier<UUID> ids) {
        String copy = text(disk, IDENTITY_COPY);
        if (isSound(copy)) {
            AtomicFile.write(disk, IDENTITY, copy.getBytes(StandardCharsets.UTF_8));
            return List.of("mended " + IDENTITY + " from its copy: nothing is lost");
        }
        Map<String, String> values = values(text(disk, IDENTITY));
        values(copy).forEach(values::putIfAbsent);
        List<String> told = new ArrayList<>();
        String node = values.getOrDefault("node", "");
        if (!node.matches("[\\x21-\\x7E]{1,64}")) {
            node = "n1";
            told.add("lost the name of the node, which is now node.id=" + node);
        }
        Identity mended = new Identity(
                uuid(values.get("cluster"), "cluster", ids, told),
                node,
                uuid(values.get("store"), "store", ids, told),
                SHARDS);
        write(disk, mended);
        told.add(
                "mended " + IDENTITY + " from what can be read of it: node=" + node + " cluster=" + mended.clusterId());
        return told;
    }

    private static UUID uuid(@Nullable String value, String what, Supplier<UUID> ids, List<String> told) {
        try {
            return UUID.fromString(value == null ? "" : value);
        } catch (IllegalArgumentException unreadable) {
            told.add("lost the id of the " + what + ", which gets a new one");
            return ids.get();
        }
    }

    /** Reads the identity without locking or formatting. */
    public static Identity readIdentity(Disk disk) {
        if (!disk.exists(IDENTITY)) {
            throw mismatch("not a data directory: the file is missing");
        }
        String text = text(disk, IDENTITY);
        if (!isSound(text)) {
            throw mismatch("wrong checksum; recado repair --accept-loss writes it anew");
        }
        return parse(text.substring(0, text.lastIndexOf(CRC_KEY)));
    }

    private static boolean isSound(String text) {
        int crcAt = text.lastIndexOf(CRC_KEY);
        return crcAt >= 0 && text.substring(crcAt).equals(CRC_KEY + crc(text.substring(0, crcAt)) + "\n");
    }

    /** The text of a file, empty where there is none. */
    private static String text(Disk disk, String name) {
        byte[] bytes = new byte[IDENTITY_BYTES_MAX];
        try (DiskFile file = disk.open(name, false)) {
            return new String(bytes, 0, file.read(ByteBuffer.wrap(bytes), 0), StandardCharsets.UTF_8);
        } catch (StorageException e) {
            if (e.kind() == Kind.MISSING) {
                return "";
            }
            throw e;
        }
    }

    private static Identity parse(String lines) {
        Map<String, String> values = values(lines);
        String version = values.getOrDefault("version", "");
        if (!version.equals(String.valueOf(FORMAT_VERSION))) {
            throw mismatch("format version=" + version + " is not one that this Recado reads: " + FORMAT_VERSION);
        }
        try {
            return new Identity(
                    UUID.fromString(values.getOrDefault("cluster", "")),
                    values.getOrDefault("node", ""),
                    UUID.fromString(values.getOrDefault("store", "")),
                    Integer.parseInt(values.getOrDefault("shards", "")));
        } catch (IllegalArgumentException e) {
            throw mismatch("a value is missing or malformed");
        }
    }

    private static Map<String, String> values(String lines) {
        Map<String, String> values = new HashMap<>();
        lines.lines().filter(line -> line.contains("=")).forEach(line -> {
            int at = line.indexOf('=');
            values.put(line.substring(0, at), line.substring(at + 1));
        });
        return values;
    }

    private static String crc(String text) {
        CRC32C crc = new CRC32C();
        crc.update(text.getBytes(StandardCharsets.UTF_8));
        return Long.toHexString(crc.getValue());
    }

    public Identity identity() {
        return identity;
    }

    /** Whether {@link #open} found it empty and formatted it. */
    public boolean justFormatted() {
        return formatted;
    }

    private static void release(AutoCloseable lock) {
        try {
            lock.close();
        } catch (Exception e) {
            throw new StorageException(Kind.FAILED, "unlock failed", e);
        }
    }

    /** Gives the lock back. */
    @Override
    public void close() {
        release(lock);
    }
}
