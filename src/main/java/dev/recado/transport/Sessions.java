package dev.recado.transport;

import dev.recado.base.Refusal;

/** How one protocol serves the connections that one listener accepts on one event loop. Owned by that loop. */
public interface Sessions {

    /** Opens the session of a new connection. */
    WireSession open(Wire wire);

    /** What a connection that cannot be served is told before it is closed; empty where its protocol has no word. */
    byte[] farewell(Refusal refusal);
}
