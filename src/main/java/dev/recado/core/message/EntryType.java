package dev.recado.core.message;

import org.jspecify.annotations.Nullable;

/** What an entry of a shard's log says; the numbers are part of the disk format. */
public enum EntryType {
    /** First entry of an epoch: proves that its leader leads. */
    NO_OP(1),
    /** The shard's voters. */
    CONFIGURATION(2),
    /** Runs of messages. */
    DATA(3),
    /** As {@link #PROGRESS} in its first version; read, and not written any more. */
    PROGRESS_1(4),
    /** The log start of a partition moves up. */
    TRIM(5),
    /** A group starts on a partition at an offset. */
    OPEN(6),
    /** The last group of a partition ended: what is below an offset stays finished. */
    DROP(7),
    /** A change of the catalog; in the shard {@code $meta} only. */
    CATALOG(8),
    /** The time, where nothing else tells it, or a pause that counts towards ages from now on. */
    CLOCK(9),
    /** What groups have finished and what is to wait, on one partition or several; begins with its version. */
    PROGRESS(10),
    /** What groups have finished and runs of messages that belong together, see {@link TransactionLayout}. */
    TRANSACTION(11);

    private static final EntryType[] BY_NUMBER = new EntryType[12];

    static {
        for (EntryType type : values()) {
            BY_NUMBER[type.number] = type;
        }
    }

    private final int number;

    EntryType(int number) {
        this.number = number;
    }

    public int number() {
        return number;
    }

    /** The type of that number, or null where this version knows none. */
    public static @Nullable EntryType of(int number) {
        return number > 0 && number < BY_NUMBER.length ? BY_NUMBER[number] : null;
    }
}
