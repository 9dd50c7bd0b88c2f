package dev.recado.bench;

/** A load run cannot go on; the message tells a person why. */
public final class LoadException extends RuntimeException {

    private static final long serialVersionUID = 1L;

    public LoadException(String message) {
        super(message);
    }
}
