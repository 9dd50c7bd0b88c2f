package dev.recado.journal;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Makes entries that continue the chain of their shard. */
final class Entries {

    private final Map<Integer, Long> lastIndex = new TreeMap<>();
    private final Map<Integer, Long> lastEpoch = new TreeMap<>();

    byte[] next(int shard, long epoch, byte[] body) {
        long index = lastIndex.getOrDefault(shard, 0L) + 1;
        long previousEpoch = lastEpoch.getOrDefault(shard, 0L);
        lastIndex.put(shard, index);
        lastEpoch.put(shard, epoch);
        return entry(shard, index, epoch, previousEpoch, body);
    }

    /** Goes on behind what recovery found. */
    void resetTo(RecoveredJournal recovered, Map<Integer, Long> indexes, Map<Integer, Long> epochs) {
        lastIndex.clear();
        lastEpoch.clear();
        lastIndex.putAll(indexes);
        lastEpoch.putAll(epochs);
        recovered.shards().forEach((shard, tail) -> {
            if (tail.lastIndex() > 0) {
                lastIndex.put(shard, tail.lastIndex());
                lastEpoch.put(shard, tail.lastEpoch());
            }
        });
    }

    static byte[] entry(int shard, long index, long epoch, long previousEpoch, byte[] body) {
        ByteWriter out = new ByteWriter(EntryLayout.HEADER_BYTES + body.length);
        int start = EntryLayout.begin(out);
        out.put(body);
        EntryLayout.finish(
                out,
                start,
                new EntryHeader(EntryType.DATA, shard, index, epoch, previousEpoch, index, 1000 + index, 1000 + index));
        return out.toByteArray();
    }

    /** Collects entries as recovery visits them. */
    static final class Collector implements JournalRecovery.Visitor {
        final List<byte[]> entries = new ArrayList<>();
        final List<Long> positions = new ArrayList<>();
        final List<String> records = new ArrayList<>();

        @Override
        public void entry(long position, byte[] bytes, int from, int length, EntryHeader header) {
            entries.add(java.util.Arrays.copyOfRange(bytes, from, from + length));
            positions.add(position);
        }

        @Override
        public void promise(long position, int shard, long epoch, String candidate, long nonce) {
            records.add("promise " + shard + " " + epoch + " " + candidate + " " + nonce);
        }

        @Override
        public void truncate(long position, int shard, long fromIndex, long epoch, long generation) {
            records.add("truncate " + shard + " " + fromIndex + " " + epoch + " " + generation);
        }
    }
}
