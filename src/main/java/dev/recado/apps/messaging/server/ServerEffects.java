package dev.recado.apps.messaging.server;

import dev.recado.apps.messaging.history.HistoryEntry;
import dev.recado.apps.messaging.wire.Envelope;

/**
 * What a server's core has done to the world. Who performs it makes all kept entries and the Lamport bound durable
 * before anything that was sent leaves.
 */
public interface ServerEffects {

    /** Makes an operation durable. */
    void keep(HistoryEntry entry);

    /** Publishes on a topic. */
    void publish(String topic, Envelope envelope);

    /** Answers a request. */
    void reply(Caller caller, Envelope envelope);

    /** Asks another server, or the reference server by the name {@link ServerCore#REF}. */
    void ask(String server, Envelope envelope);

    /** Tells whoever watches the server. */
    void say(String line);

    /** Who made a request: an opaque handle of whoever performs the effects. */
    interface Caller {}
}
