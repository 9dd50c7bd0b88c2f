package dev.recado.transport;

import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Topic;

/**
 * A topic that a session goes on working with: it is looked up again when the catalog changes, and not by its name
 * alone, as one that was made anew is another one. One owner.
 */
public final class TopicHandle {

    private Topic topic;
    private Catalog seen;

    /** {@code topic} is one of {@code catalog}. */
    public TopicHandle(Topic topic, Catalog catalog) {
        this.topic = topic;
        seen = catalog;
    }

    /** Looks it up in {@code now} where that is another catalog; answers whether the topic was deleted. */
    public boolean isGone(Catalog now) {
        if (now == seen) {
            return false;
        }
        Topic found = now.topic(topic.name());
        if (found == null || found.id() != topic.id()) {
            return true;
        }
        seen = now;
        topic = found;
        return false;
    }

    /** The topic as it was found last. */
    public Topic topic() {
        return topic;
    }
}
