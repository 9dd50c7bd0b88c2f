package dev.recado.apps.coffee.node;

import java.io.IOException;

/** The broker is gone, or has not taken what it was given: nobody else's connection is meant. */
public final class BrokerLostException extends IOException {

    private static final long serialVersionUID = 1;

    public BrokerLostException(String message, Throwable cause) {
        super(message, cause);
    }
}
