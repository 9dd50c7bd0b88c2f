package dev.recado.transport;

import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Topic;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The topics that the sessions of one event loop named lately, by their encoded names: a topic named again costs no
 * string. Forgets everything when the catalog changes. Owned by its loop.
 */
public final class TopicCache {

    /** Names that are remembered at most. */
    public static final int SLOTS_MAX = 8192;

    private static final int SLOTS_LEAST = 64;
    /** Places at which a name may lie. */
    private static final int PROBES = 4;

    private static final byte[] NO_NAME = {};

    private @Nullable Catalog seen;
    /** Free places hold {@link #NO_NAME}. */
    private byte[][] names = noNames(SLOTS_LEAST);

    private int count;

    private @Nullable Topic[] topics = new Topic[SLOTS_LEAST];

    /** The topic of {@code catalog} remembered under the name {@code bytes[from, to)}, or null. */
    public @Nullable Topic find(Catalog catalog, byte[] bytes, int from, int to) {
        if (catalog != seen) {
            seen = catalog;
            Arrays.fill(names, NO_NAME);
            Arrays.fill(topics, null);
            count = 0;
            return null;
        }
        int hash = hash(bytes, from, to);
        for (int i = 0; i < PROBES; i++) {
            int at = hash + i & names.length - 1;
            byte[] name = names[at];
            if (name.length > 0 && Arrays.equals(name, 0, name.length, bytes, from, to)) {
                return topics[at];
            }
        }
        return null;
    }

    /** Remembers a topic of the catalog that {@link #find} was last asked with; may push another one out. */
    public void put(byte[] name, Topic topic) {
        if (count >= names.length / 2 && names.length < SLOTS_MAX) {
            grow();
        }
        int hash = hash(name, 0, name.length);
        int free = freeSlot(hash);
        int slot = free < 0 ? hash & names.length - 1 : free;
        names[slot] = name;
        topics[slot] = topic;
        count += free < 0 ? 0 : 1;
    }

    private int freeSlot(int hash) {
        for (int i = 0; i < PROBES; i++) {
            int at = hash + i & names.length - 1;
            if (names[at].length == 0) {
                return at;
            }
        }
        return -1;
    }

    private void grow() {
        byte[][] oldNames = names;
        Topic[] oldTopics = topics;
        names = noNames(oldNames.length * 2);
        topics = new Topic[names.length];
        count = 0;
        for (int i = 0; i < oldNames.length; i++) {
            byte[] name = oldNames[i];
            int at = name.length == 0 ? -1 : freeSlot(hash(name, 0, name.length));
            if (at >= 0) {
                names[at] = name;
                topics[at] = oldTopics[i];
                count++;
            }
        }
    }

    private static byte[][] noNames(int slots) {
        byte[][] made = new byte[slots][];
        Arrays.fill(made, NO_NAME);
        return made;
    }

    private static int hash(byte[] bytes, int from, int to) {
        int hash = to - from;
        for (int i = from; i < to; i++) {
            hash = hash * 31 + bytes[i];
        }
        return (hash ^ hash >>> 15) * 0x9E3779B9 >>> 8;
    }
}
