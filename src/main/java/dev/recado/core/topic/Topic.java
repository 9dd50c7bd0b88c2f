package dev.recado.core.topic;

import dev.recado.base.PersistentMap;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** A topic with its partitions and groups at one version of the catalog. Immutable, may cross threads. */
public final class Topic {

    private final int id;
    private final UUID uuid;
    private final TopicName name;
    private final TopicSettings settings;
    private final List<Partition> partitions;
    /** The same for those who ask with every message. */
    private final Partition[] byIndex;

    private final PersistentMap<String, GroupDef> groups;

    Topic(
            int id,
            UUID uuid,
            TopicName name,
            TopicSettings settings,
            List<Partition> partitions,
            PersistentMap<String, GroupDef> groups) {
        this.id = id;
        this.uuid = uuid;
        this.name = name;
        this.settings = settings;
        this.partitions = partitions;
        this.byIndex = partitions.toArray(new Partition[0]);
        this.groups = groups;
    }

    /** Unique in the cluster, from 1, never reused. */
    public int id() {
        return id;
    }

    /** What references from outside the catalog carry: a topic created again under its name has another. */
    public UUID uuid() {
        return uuid;
    }

    public TopicName name() {
        return name;
    }

    public TopicSettings settings() {
        return settings;
    }

    public boolean isQueue() {
        return settings.kind() == TopicKind.QUEUE;
    }

    public Partition partition(int index) {
        return byIndex[index];
    }

    public int partitionCount() {
        return byIndex.length;
    }

    /** All partitions by index. */
    public List<Partition> partitions() {
        return partitions;
    }

    public @Nullable GroupDef group(String groupName) {
        return groups.get(groupName);
    }

    /** The group with that number; looks at all of them. */
    public @Nullable GroupDef group(int groupId) {
        for (GroupDef group : groups.values()) {
            if (group.id() == groupId) {
                return group;
            }
        }
        return null;
    }

    /** A new list of all groups in the order of their creation; costs a sort. */
    public Collection<GroupDef> groups() {
        List<GroupDef> sorted = groups.values();
        sorted.sort(Comparator.comparingInt(GroupDef::id));
        return sorted;
    }

    public int groupCount() {
        return groups.size();
    }

    Topic with(TopicSettings newSettings) {
        return new Topic(id, uuid, name, newSettings, partitions, groups);
    }

    Topic with(GroupDef group) {
        return new Topic(id, uuid, name, settings, partitions, groups.put(group.name(), group));
    }

    Topic without(GroupDef group) {
        return new Topic(id, uuid, name, settings, partitions, groups.remove(group.name()));
    }

    @Override
    public String toString() {
        return name + "#" + id;
    }
}
