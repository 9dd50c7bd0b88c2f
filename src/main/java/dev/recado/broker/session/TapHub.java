package dev.recado.broker.session;

import dev.recado.core.topic.Partition;
import dev.recado.shard.PartitionCommand;
import dev.recado.shard.ShardCommand;
import dev.recado.shard.ShardPort;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The taps of one event loop on one partition: each batch goes to all of them. While some tap is too far behind, the
 * hub asks the owner to hold publishing up. Owned by its loop.
 */
final class TapHub {

    private final int loop;
    private final TapShare share;
    private final Map<Integer, TapHub> hubs;
    private final Partition partition;
    private final ShardPort owner;
    private final List<Tap> taps = new ArrayList<>();
    private int late;

    /** {@code hubs} are those of its loop, by partition: it leaves them with its last tap. */
    TapHub(int loop, TapShare share, Map<Integer, TapHub> hubs, Partition partition, ShardPort owner) {
        this.loop = loop;
        this.share = share;
        this.hubs = hubs;
        this.partition = partition;
        this.owner = owner;
    }

    int partitionIndex() {
        return partition.index();
    }

    TapShare share() {
        return share;
    }

    void add(Tap tap) {
        taps.add(tap);
    }

    void remove(Tap tap) {
        if (!taps.remove(tap)) {
            return;
        }
        if (taps.isEmpty()) {
            hubs.remove(partition.id());
        }
        tell(new PartitionCommand.RemoveTap(loop));
    }

    void offer(LoopTapBatch batch) {
        batch.shared(taps.size() > 1);
        for (int i = 0; i < taps.size(); i++) {
            taps.get(i).offer(batch);
        }
    }

    /** A tap fell behind ({@code change} 1) or has caught up (-1). */
    void onLate(int change) {
        int before = late;
        late += change;
        if (before == 0 && late > 0) {
            tell(new PartitionCommand.HoldUp(1));
        } else if (before > 0 && late == 0) {
            tell(new PartitionCommand.HoldUp(-1));
        }
    }

    private void tell(PartitionCommand command) {
        owner.tell(new ShardCommand.ToPartition(partition, command));
    }

    void onTick(long nowMs) {
        for (int i = 0; i < taps.size(); i++) {
            taps.get(i).onTick(nowMs);
        }
    }

    void end(String reason) {
        for (Tap tap : List.copyOf(taps)) {
            tap.end(reason);
        }
        taps.clear();
        hubs.remove(partition.id());
    }
}
