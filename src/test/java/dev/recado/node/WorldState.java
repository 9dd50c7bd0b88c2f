package dev.recado.node;

import dev.recado.base.ByteWriter;
import dev.recado.core.topic.Durability;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardProbe;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeMap;

/** What a node has applied, as text: the same for every way to it. */
final class WorldState {

    private WorldState() {}

    /** Catalog, partitions and groups of everything durable; groups are whole where nobody is in them. */
    static Map<String, String> of(Node node) {
        Map<String, String> lines = new TreeMap<>();
        ByteWriter catalog = new ByteWriter(1024);
        node.catalog().encode(catalog);
        lines.put("catalog", HexFormat.of().formatHex(catalog.toByteArray()));
        for (ShardOwner shard : node.owners()) {
            for (PartitionOwner owner : shard.partitions()) {
                if (owner.end() > 0 && owner.topic().settings().durability() != Durability.MEMORY) {
                    add(owner, lines);
                }
            }
        }
        return lines;
    }

    private static void add(PartitionOwner owner, Map<String, String> lines) {
        String partition = "partition " + owner.topic().name().name() + " "
                + owner.partition().id();
        lines.put(partition, "logStart=" + owner.logStart() + " end=" + owner.end());
        ShardProbe.groupStates(owner).forEach((group, state) -> lines.put(partition + " group " + group, state));
    }
}
