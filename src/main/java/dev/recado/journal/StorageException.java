package dev.recado.journal;

import org.jspecify.annotations.Nullable;

/** The disk could not do what was asked. */
public final class StorageException extends RuntimeException {

    /** What the caller can do about it. */
    public enum Kind {
        /** No space: what was partly written may be cut or written again, publishes are refused until space returns. */
        FULL,
        /** The process or the system has no file descriptor left: the same may be tried again. */
        NO_FILES,
        /** It failed, and trying the like beside it did not tell why: the same may be tried again for a while. */
        UNCLEAR,
        /** Content is unknown from here on: the store goes out of service and the process stops. Never retried. */
        FAILED,
        /** The file does not exist. */
        MISSING,
        /** What has the file's name is none, a directory mostly: waiting does not help. */
        NOT_A_FILE,
        /** Another process holds the data directory. */
        LOCKED
    }

    private static final long serialVersionUID = 1L;

    private final Kind kind;

    public StorageException(Kind kind, String detail, @Nullable Throwable cause) {
        super(detail, cause);
        this.kind = kind;
    }

    /** Whether the same call may be tried again, because what was in its way can pass by itself. */
    public boolean passes() {
        return kind == Kind.FULL || kind == Kind.NO_FILES || kind == Kind.UNCLEAR;
    }

    public Kind kind() {
        return kind;
    }
}
