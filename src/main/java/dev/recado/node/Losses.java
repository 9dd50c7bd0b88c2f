package dev.recado.node;

import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.List;

/** What a repair gives up, in the words of its report; a look and the repair itself fill it by the same rules. */
final class Losses {

    private final List<String> lines = new ArrayList<>();
    private long messageCount;

    /** Messages of one partition from offset {@code from} to below {@code to}. */
    void messages(Topic topic, Partition partition, long from, long to) {
        messageCount += to - from;
        lines.add("lost topic=" + topic.name() + " partition=" + partition.index() + " offsets=" + from + ".."
                + (to - 1) + " messages=" + (to - from));
    }

    /** Changes of the catalog that are lost; later ones build on their numbers and cannot be applied. */
    void changes(long fromIndex, long toIndex) {
        lines.add("lost changes of topics and groups, and all later ones in the journal: entries=" + fromIndex + ".."
                + (toIndex - 1));
    }

    /** Messages of a topic that no change which is left tells of. */
    void unknownTopic(String directory) {
        lines.add("lost changes of topics and groups, unless the topic was being deleted: directory=" + directory
                + " stays as it is");
    }

    /** A run of a partition that the catalog does not know, because the change that made it is lost. */
    void stranger(int partition, int count) {
        messageCount += count;
        lines.add("lost messages of a topic whose creation is lost: partition number=" + partition + " messages="
                + count);
    }

    List<String> lines() {
        return List.copyOf(lines);
    }

    long messageCount() {
        return messageCount;
    }
}
