package dev.recado.transport.text;

import dev.recado.base.ErrorCode;
import dev.recado.base.Names;
import dev.recado.base.PercentCodec;
import dev.recado.base.Refusal;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Topic;
import dev.recado.transport.TopicCache;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Finds the topics that a session's commands name, and creates what is missing. */
final class TopicLookup {

    private final Dialogue dialogue;
    private @Nullable String attempted;
    private @Nullable Refusal failure;

    TopicLookup(Dialogue dialogue) {
        this.dialogue = dialogue;
    }

    /** The topic whose encoded name is the slice, or null. */
    @Nullable
    Topic find(byte[] bytes, int from, int to) {
        Catalog catalog = dialogue.catalog();
        TopicCache cache = dialogue.topics;
        Topic known = cache.find(catalog, bytes, from, to);
        if (known != null) {
            attempted = null;
            return known;
        }
        String name = PercentCodec.decode(bytes, from, to - from);
        Topic topic = name == null ? null : catalog.topic(dialogue.name(name));
        if (topic != null) {
            cache.put(Arrays.copyOfRange(bytes, from, to), topic);
            attempted = null;
        }
        return topic;
    }

    @Nullable
    Topic find(TextCommand command, int field) {
        return field < command.fieldCount
                ? find(command.bytes, command.fieldStart[field], command.fieldEnd(field))
                : null;
    }

    /**
     * What to do about a topic to publish to that is not there: a refusal, or null where it is being created; then the
     * command is to be given again once the barrier is lifted.
     */
    @Nullable
    Refusal createToPublish(@Nullable String name) {
        Refusal refusal = name == null ? null : dialogue.mayPublish(name);
        return refusal == null ? create(name) : refusal;
    }

    /** As {@link #createToPublish} of a topic to consume. */
    @Nullable
    Refusal createToConsume(@Nullable String name) {
        Refusal refusal = name == null ? null : dialogue.mayConsume(name);
        return refusal == null ? create(name) : refusal;
    }

    private @Nullable Refusal create(@Nullable String name) {
        if (name == null) {
            return Refusal.of(ErrorCode.INVALID_ARGUMENT, "malformed percent-encoding in the topic's name");
        }
        if (!dialogue.environment.sessions().autoCreateTopics()) {
            return unknown(name);
        }
        if (name.equals(attempted)) {
            Refusal why = failure;
            attempted = null;
            failure = null;
            return why == null ? unknown(name) : why;
        }
        attempted = name;
        failure = null;
        CatalogChange change = new CatalogChange.CreateTopic(
                dialogue.name(name),
                dialogue.environment.uuids().get(),
                dialogue.environment.sessions().topicDefaults(),
                true);
        dialogue.awaitSilently(dialogue.link.change(change), refusal -> failure = refusal);
        return null;
    }

    static Refusal unknown(String name) {
        return Refusal.of(ErrorCode.TOPIC_NOT_FOUND, Names.shown(name));
    }

    /** Why a request to the topic of that id had no answer: where that has no group, nobody was there to answer. */
    String noReply(int topicId) {
        Topic topic = dialogue.catalog().topic(topicId);
        return topic != null && topic.groups().isEmpty()
                ? "no reply in time, no group consumes topic="
                        + Names.shown(topic.name().name())
                : "no reply in time";
    }
}
