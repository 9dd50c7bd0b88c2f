package dev.recado.apps.coffee.gateway;

import java.io.IOException;

/** The other side sent what is no frame. */
public final class MalformedFrameException extends IOException {

    private static final long serialVersionUID = 1;

    MalformedFrameException() {
        super("malformed frame");
    }
}
