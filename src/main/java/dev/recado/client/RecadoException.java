package dev.recado.client;

import org.jspecify.annotations.Nullable;

/** What went wrong between a client and its broker; the message tells a person what to do. */
public final class RecadoException extends RuntimeException {

    /** What its receiver can do about it. */
    public enum Kind {
        /** No broker of the list answers. */
        UNREACHABLE,
        /** The connection ended before the answer: whether the command was carried out cannot be told. */
        CONNECTION_LOST,
        /** The broker said no. */
        REFUSED,
        /** A bound of the client is reached; try again later. */
        FULL,
        /** The client is closed. */
        CLOSED,
        /** The other side does not speak the text protocol. */
        PROTOCOL
    }

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public RecadoException(Kind kind, String message) {
        this(kind, message, null);
    }

    public RecadoException(Kind kind, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }

    /** The text for a person. */
    public String text() {
        String message = getMessage();
        return message == null ? kind.name() : message;
    }
}
