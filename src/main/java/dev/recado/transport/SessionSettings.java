package dev.recado.transport;

import dev.recado.core.group.GroupSettings;
import dev.recado.core.topic.TopicSettings;

/**
 * What holds for the sessions of every protocol.
 *
 * @param messageBytesMax largest message
 * @param handshakeTimeoutMs time to log in where a login is needed
 * @param autoCreateTopics whether publishing or subscribing creates an unknown topic
 * @param topicDefaults settings of a topic so created, and what a command that creates one changes
 * @param groupDefaults what a command that creates a group changes
 */
public record SessionSettings(
        int messageBytesMax,
        long handshakeTimeoutMs,
        boolean autoCreateTopics,
        TopicSettings topicDefaults,
        GroupSettings groupDefaults) {

    /** Message 16 MiB, handshake 10 s, topics created as needed. */
    public static final SessionSettings DEFAULT =
            new SessionSettings(16 * 1024 * 1024, 10_000, true, TopicSettings.DEFAULT, GroupSettings.DEFAULT);
}
