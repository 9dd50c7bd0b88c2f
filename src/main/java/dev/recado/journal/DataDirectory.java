package dev.recado.journal;

import dev.recado.base.Check;
import dev.recado.journal.StorageException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Map;
import java.util.UUID;
import java.util.function.Supplier;
import java.util.zip.CRC32C;
import org.jspecify.annotations.Nullable;

/** A formatted data directory that this process has locked: whose it is, and where things lie in it. */
public final class DataDirectory implements AutoCloseable {

    public static final String IDENTITY = "identity";
    public static final String LOCK = "lock";
    public static final String JOURNAL = "journal";
    public static final String TOPICS = "topics";
    public static final String TRASH = "trash";
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
            throw mismatch("the file is missing beside data");
        }
        String lines = "recado data directory\nversion=" + FORMAT_VERSION
                + "\ncluster=" + identity.clusterId()
                + "\nnode=" + identity.nodeId()
                + "\nstore=" + identity.storeId()
                + "\nshards=" + identity.shards() + "\n";
        AtomicFile.write(disk, IDENTITY, (lines + CRC_KEY + crc(lines) + "\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Reads the identity without locking or formatting. */
    public static Identity readIdentity(Disk disk) {
        byte[] bytes = new byte[IDENTITY_BYTES_MAX];
        int length;
        try (DiskFile file = disk.open(IDENTITY, false)) {
            length = file.read(ByteBuffer.wrap(bytes), 0);
        } catch (StorageException e) {
            throw e.kind() == Kind.MISSING ? mismatch("not a data directory: the file is missing") : e;
        }
        String text = new String(bytes, 0, length, StandardCharsets.UTF_8);
        int crcAt = text.lastIndexOf(CRC_KEY);
        if (crcAt < 0 || !text.substring(crcAt).equals(CRC_KEY + crc(text.substring(0, crcAt)) + "\n")) {
            throw mismatch("wrong checksum");
        }
        return parse(text.substring(0, crcAt));
    }

    private static Identity parse(String lines) {
        Map<String, String> values = new HashMap<>();
        lines.lines().filter(line -> line.contains("=")).forEach(line -> {
            int at = line.indexOf('=');
            values.put(line.substring(0, at), line.substring(at + 1));
        });
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
