package dev.recado.journal;

import org.jspecify.annotations.Nullable;

/** The disk could not do what was asked. */
public final class StorageException extends RuntimeException {

    /** What the caller can do about it. */
    public enum Kind {
        /** No space: what was partly written may be cut or written again, publishes are refused until space returns. */
        FULL,
        /** Content is unknown from here on: the store goes out of service and the process stops. Never retried. */
        FAILED,
        /** The file does not exist. */
        MISSING,
        /** Another process holds the data directory. */
        LOCKED
    }

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public StorageException(Kind kind, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.kind = kind;
    }

    public Kind kind() {
        return kind;
    }
}
