package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;

/**
 * A group as the catalog knows it. Immutable.
 *
 * @param id unique in the cluster, from 1, never reused; of who reads alone 0, and on a partition below 0
 * @param from where it begins on each partition
 * @param createdMs wall clock of its proposer; 0 for the group of a queue, which is as old as its topic
 */
public record GroupDef(
        int id, int topicId, String name, GroupKind kind, GroupSettings settings, StartPosition from, long createdMs) {

    /** The only group of a queue. */
    public static final String QUEUE = "queue";
    /** What a subscription writes for a tap; no group can have this name. */
    public static final String TAP = "*";
    /** The group of who reads alone is called so wherever it is told; no group of the catalog can have this name. */
    public static final String READER = "*reader";
    /** What an administrator has requeued or dropped of dead letters is finished in the group of this name. */
    public static final String DEAD_LETTERS = "recado-dead";

    /**
     * The group of one who reads alone, which no catalog knows and which ends with its only member: a partition that it
     * is opened on gives it a number of its own, below 0. No lease of it ends, and nothing is given up.
     */
    public static GroupDef reader(int topicId, StartPosition from, long createdMs) {
        return new GroupDef(0, topicId, READER, GroupKind.PRIVATE, OF_READERS, from, createdMs);
    }

    private static final GroupSettings OF_READERS = GroupSettings.DEFAULT
            .with(GroupSettings.LEASE_MS, 0L)
            .with(GroupSettings.MAX_DELIVERIES, 0)
            .with(GroupSettings.BACK_OFF_MS, 0L)
            .with(GroupSettings.NACK_COUNTS, false)
            .with(GroupSettings.DEAD_LETTER, "");

    /** Whether it is the group of one who reads alone. */
    public boolean isReader() {
        return id <= 0;
    }

    /** The same under the number that a partition gives it. */
    public GroupDef numbered(int number) {
        return new GroupDef(number, topicId, name, kind, settings, from, createdMs);
    }

    /**
     * Whether it ends after disuse. The one for dead letters goes with its topic only: what was dropped or requeued
     * would be open again, and what is open would be kept no longer.
     */
    public boolean endsUnused() {
        return !name.equals(DEAD_LETTERS) && !isReader();
    }

    GroupDef with(GroupSettings newSettings) {
        return new GroupDef(id, topicId, name, kind, newSettings, from, createdMs);
    }

    /** Without its topic; the record that holds it carries the version. */
    public void encode(ByteWriter out) {
        out.putVarLong(id).putString(name).put(kind.number());
        settings.encode(out);
        from.encode(out);
        out.putVarLong(createdMs);
    }

    /** Reads what {@link #encode} wrote; anything else turns {@code in.failed()} on. */
    public static GroupDef decode(ByteReader in, int topicId) {
        return decode(in, topicId, CatalogCodec.VERSION);
    }

    /** As the given version of the catalog's format has it. */
    static GroupDef decode(ByteReader in, int topicId, int version) {
        int id = in.readVarInt(Integer.MAX_VALUE);
        String name = in.readString();
        GroupKind kind = GroupKind.stored(in.readVarInt(GroupKind.storedMax()));
        GroupSettings settings =
                version == CatalogCodec.VERSION_1 ? GroupSettings.decodeVersion1(in) : GroupSettings.decode(in);
        StartPosition from = StartPosition.decode(in);
        return new GroupDef(id, topicId, name, kind, settings, from, Decoding.readCount(in));
    }
}
