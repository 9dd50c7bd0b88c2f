package dev.recado.apps;

import java.io.IOException;

/** Nothing that speaks ZeroMQ answers at an endpoint. */
public final class UnreachableException extends IOException {

    private static final long serialVersionUID = 1;

    UnreachableException(String endpoint, long waitedMs) {
        super("nothing that speaks ZeroMQ answers at " + endpoint + " within " + waitedMs + " ms");
    }
}
