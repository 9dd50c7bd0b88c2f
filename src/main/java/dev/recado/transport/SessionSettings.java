package dev.recado.transport;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;

/**
 * What holds for the sessions of a listener.
 *
 * @param lineBytesMax longest command line without its payload
 * @param messageBytesMax largest message
 * @param idleTimeoutMs silence that ends a classic text session
 * @param handshakeTimeoutMs time to log in where a login is needed
 * @param autoCreateTopics whether publishing or subscribing creates an unknown topic
 * @param topicDefaults settings of a topic so created, and what {@code TOPIC:CREATE} changes
 * @param groupDefaults what {@code GROUP:CREATE} changes
 */
public record SessionSettings(
        int lineBytesMax,
        int messageBytesMax,
        long idleTimeoutMs,
        long handshakeTimeoutMs,
        boolean autoCreateTopics,
        TopicSettings topicDefaults,
        GroupSettings groupDefaults) {

    /** Line 64 KiB, message 16 MiB, idle 60 s, handshake 10 s, topics created as needed. */
    public static final SessionSettings DEFAULT = new SessionSettings(
            64 * 1024, 16 * 1024 * 1024, 60_000, 10_000, true, TopicSettings.DEFAULT, GroupSettings.DEFAULT);
}
