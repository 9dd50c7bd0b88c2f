package dev.recado.apps.messaging.client;

import java.util.Map;

/** Who decides what a client asks: a person or a bot. */
interface ClientDriver {

    /** Asks for something. */
    interface Asking {
        boolean ask(String service, Map<String, Object> fields);
    }

    /**
     * Called every few tens of milliseconds.
     *
     * @param waiting whether requests wait for their answers
     * @return whether the client goes on
     */
    boolean onTick(long nowMs, boolean waiting, Asking asking);
}
