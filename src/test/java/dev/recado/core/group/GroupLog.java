package dev.recado.core.group;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import java.util.ArrayList;
import java.util.List;

/** The checkpoint and the progress records of one group, as a journal would keep them. */
final class GroupLog {

    private final List<byte[]> records = new ArrayList<>();
    private byte[] checkpoint;

    GroupLog(PartitionGroup group) {
        checkpoint = state(group, 0);
    }

    /** The log's clock is ahead of the monotonic one. */
    static long timeMs(long nowMs) {
        return nowMs + 1_000_000;
    }

    /** Stores what is untold; a replay then equals the group, and so does one that applies everything twice. */
    void flush(PartitionGroup group, long nowMs) {
        while (group.progressDirty()) {
            ByteWriter out = new ByteWriter(64);
            group.writeProgress(nowMs, timeMs(nowMs), out);
            records.add(out.toByteArray());
        }
        assertThat(state(replay(group.settings(), 1), nowMs)).isEqualTo(state(group, nowMs));
        assertThat(state(replay(group.settings(), 2), nowMs)).isEqualTo(state(group, nowMs));
    }

    void checkpoint(PartitionGroup group, long nowMs) {
        checkpoint = state(group, nowMs);
        records.clear();
    }

    PartitionGroup replay(GroupSettings settings, int times) {
        PartitionGroup replica =
                PartitionGroup.readState(settings, PartitionGroup.FORMAT_VERSION, new ByteReader(checkpoint));
        for (int i = 0; i < times; i++) {
            for (byte[] record : records) {
                ByteReader in = new ByteReader(record);
                replica.applyProgress(PartitionGroup.FORMAT_VERSION, in);
                assertThat(in.consumed()).isTrue();
            }
        }
        assertThat(replica.progressDirty()).isFalse();
        return replica;
    }

    private static byte[] state(PartitionGroup group, long nowMs) {
        ByteWriter out = new ByteWriter(64);
        group.writeState(nowMs, timeMs(nowMs), out);
        return out.toByteArray();
    }
}
