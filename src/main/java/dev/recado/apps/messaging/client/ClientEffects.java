package dev.recado.apps.messaging.client;

import dev.recado.apps.messaging.wire.Envelope;

/** What a client's core does to the world. */
interface ClientEffects {

    /** Sends a request to whichever server the broker gives it to. */
    void send(Envelope request);

    /** Takes the publications of a topic, or no more. */
    void subscribe(String topic, boolean wanted);

    /** Tells the user. */
    void say(String line);
}
