package dev.recado.client;

import dev.recado.base.ErrorCode;
import dev.recado.transport.text.wire.ErrorText;
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
    private final @Nullable ErrorCode code;

    public RecadoException(Kind kind, String message) {
        this(kind, message, null);
    }

    /** Has the code of {@code cause} where that came from the broker. */
    public RecadoException(Kind kind, String message, @Nullable Throwable cause) {
        this(kind, cause instanceof RecadoException known ? known.code : null, message, cause);
    }

    private RecadoException(Kind kind, @Nullable ErrorCode code, String message, @Nullable Throwable cause) {
        super(message, cause);
        this.kind = kind;
        this.code = code;
    }

    /** {@code answer} is what the broker said behind {@code ERROR:}. */
    static RecadoException answered(Kind kind, String answer, @Nullable Throwable cause) {
        return new RecadoException(kind, ErrorText.code(answer), answer, cause);
    }

    public Kind kind() {
        return kind;
    }

    /**
     * What the broker answered, from the closed list that all protocols share: {@code TOPIC_FULL}, say, for one that
     * may be tried again. Null where the broker did not answer, or with words that are not in the list.
     */
    public @Nullable ErrorCode code() {
        return code;
    }

    /** The text for a person. */
    public String text() {
        String message = getMessage();
        return message == null ? kind.name() : message;
    }
}
