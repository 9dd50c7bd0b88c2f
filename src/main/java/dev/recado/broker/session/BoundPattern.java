package dev.recado.broker.session;

import dev.recado.core.routing.TopicPattern;
import dev.recado.core.topic.TopicName;
import dev.recado.shard.PatternQueue;

/** What wants all topics of a namespace that a pattern matches. */
record BoundPattern(String namespace, TopicPattern pattern, PatternQueue queue) {

    boolean wants(TopicName topic) {
        return namespace.equals(topic.namespace()) && pattern.matches(topic.name());
    }
}
