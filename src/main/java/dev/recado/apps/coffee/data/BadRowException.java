package dev.recado.apps.coffee.data;

/** A row that is not one of its table; the message says why. */
public final class BadRowException extends Exception {

    private static final long serialVersionUID = 1;

    public BadRowException(String message) {
        super(message);
    }
}
