package dev.recado.core.topic;

import dev.recado.core.group.GroupSettings;
import java.util.Objects;
import java.util.StringJoiner;
import org.jspecify.annotations.Nullable;

/** Names the settings that are not the same in two topics or groups, as the text protocol writes them. One use. */
final class Differences {

    private final StringJoiner names = new StringJoiner(", ");

    private Differences() {}

    static String between(TopicSettings a, TopicSettings b) {
        return new Differences()
                .add("kind", a.kind(), b.kind())
                .add("durability", a.durability(), b.durability())
                .add("partitions", a.partitions(), b.partitions())
                .add("retention.time", a.retentionTimeMs(), b.retentionTimeMs())
                .add("retention.bytes", a.retentionBytes(), b.retentionBytes())
                .add("retention.force", a.retentionForce(), b.retentionForce())
                .add("limit.messages", a.limitMessages(), b.limitMessages())
                .add("limit.bytes", a.limitBytes(), b.limitBytes())
                .add("limit.message-bytes", a.limitMessageBytes(), b.limitMessageBytes())
                .add("overflow", a.overflow(), b.overflow())
                .add("ttl", a.ttlMs(), b.ttlMs())
                .add("priorities", a.priorities(), b.priorities())
                .names
                .toString();
    }

    static String between(GroupDef group, CatalogChange.CreateGroup create) {
        GroupSettings a = group.settings();
        GroupSettings b = create.settings();
        return new Differences()
                .add("kind", group.kind(), create.kind())
                .add("strategy", a.strategy(), b.strategy())
                .add("from", group.from(), create.from())
                .add("lease-ms", a.leaseMs(), b.leaseMs())
                .add("max-deliveries", a.maxDeliveries(), b.maxDeliveries())
                .add("back-off-ms", a.backOffMs(), b.backOffMs())
                .add("back-off-max-ms", a.backOffMaxMs(), b.backOffMaxMs())
                .add("nack-counts", a.nackCounts(), b.nackCounts())
                .add("dead-letter", a.deadLetter(), b.deadLetter())
                .add("max-members", a.maxMembers(), b.maxMembers())
                .names
                .toString();
    }

    private Differences add(String name, @Nullable Object a, @Nullable Object b) {
        if (!Objects.equals(a, b)) {
            names.add(name);
        }
        return this;
    }
}
