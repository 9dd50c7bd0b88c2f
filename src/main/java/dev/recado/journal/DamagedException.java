package dev.recado.journal;

/** Stored bytes that were durable are not what was written. Never skipped: the shard refuses until it is repaired. */
public final class DamagedException extends RuntimeException {

    /**
     * The value of {@link #shard()} and {@link #partition()} where the damage cannot be attributed: it concerns all.
     */
    public static final int ALL = -1;

    private static final long serialVersionUID = 1L;

    private final String file;
    private final long position;
    private final int shard;
    private final int partition;

    private DamagedException(String file, long position, int shard, int partition, String detail) {
        super("damaged file=" + file + " byte=" + position + (shard == ALL ? "" : " shard=" + shard)
                + (partition == ALL ? "" : " partition=" + partition) + ": " + detail);
        this.file = file;
        this.position = position;
        this.shard = shard;
        this.partition = partition;
    }

    static DamagedException file(String file, long position, String detail) {
        return new DamagedException(file, position, ALL, ALL, detail);
    }

    static DamagedException shard(String file, long position, int shard, String detail) {
        return new DamagedException(file, position, shard, ALL, detail);
    }

    static DamagedException partition(String file, long position, int partition, String detail) {
        return new DamagedException(file, position, ALL, partition, detail);
    }

    /** Path below the data directory. */
    public String file() {
        return file;
    }

    /** First damaged byte in the file. */
    public long position() {
        return position;
    }

    /** Shard concerned, or {@link #ALL}. */
    public int shard() {
        return shard;
    }

    /** Partition concerned, or {@link #ALL} where it is damage of the journal or of a file about all. */
    public int partition() {
        return partition;
    }

    /** Whether it is in the journal, or the journal as a whole. */
    public boolean isOfJournal() {
        return file.equals(DataDirectory.JOURNAL) || Disk.parent(file).equals(DataDirectory.JOURNAL);
    }
}
