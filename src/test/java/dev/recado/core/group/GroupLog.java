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
        checkpoint = state(group);
    }

    /** Stores what is untold; a replay then equals the group, and so does one that applies everything twice. */
    void flush(PartitionGroup group) {
        while (group.progressDirty()) {
            ByteWriter out = new ByteWriter(64);
            group.writeProgress(out);
            records.add(out.toByteArray());
        }
        assertThat(state(replay(group.settings(), 1))).isEqualTo(state(group));
        assertThat(state(replay(group.settings(), 2))).isEqualTo(state(group));
    }

    void checkpoint(PartitionGroup group) {
        checkpoint = state(group);
        records.clear();
    }

    PartitionGroup replay(GroupSettings settings, int times) {
        PartitionGroup replica = PartitionGroup.readState(settings, new ByteReader(checkpoint));
        for (int i = 0; i < times; i++) {
            for (byte[] record : records) {
                ByteReader in = new ByteReader(record);
                replica.applyProgress(in);
                assertThat(in.consumed()).isTrue();
            }
        }
        assertThat(replica.progressDirty()).isFalse();
        return replica;
    }

    private static byte[] state(PartitionGroup group) {
        ByteWriter out = new ByteWriter(64);
        group.writeState(out);
        return out.toByteArray();
    }
}
