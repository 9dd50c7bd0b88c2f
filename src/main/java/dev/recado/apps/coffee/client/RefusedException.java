package dev.recado.apps.coffee.client;

import java.io.IOException;

/** The gateway will not have it, and trying again does not help; the message says why. */
public final class RefusedException extends IOException {

    private static final long serialVersionUID = 1;

    RefusedException(String message) {
        super(message);
    }
}
