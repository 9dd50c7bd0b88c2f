package dev.recado.base;

import org.jspecify.annotations.Nullable;

/** The world's fault or a refused command, carried by a failed future; handled at the edges. */
public final class BrokerException extends RuntimeException {

    /** What its receiver can do about it. */
    public enum Kind {
        /** The same call may succeed later. */
        RETRY,
        /** The call is refused; others go on. */
        REFUSED,
        /** Part of the broker is out of service. */
        DEGRADED,
        /** The broker stops. */
        FATAL
    }

    private static final long serialVersionUID = 1L;

    private final ErrorCode code;
    private final Kind kind;
    /** As in {@link Refusal}. */
    private final String partly;

    public BrokerException(ErrorCode code, Kind kind, String detail, @Nullable Throwable cause) {
        this(code, kind, detail, cause, "");
    }

    private BrokerException(ErrorCode code, Kind kind, String detail, @Nullable Throwable cause, String partly) {
        super(detail, cause);
        this.code = code;
        this.kind = kind;
        this.partly = partly;
    }

    /** A refusal as an exception, for APIs that answer with futures. */
    public static BrokerException of(Refusal refusal) {
        return new BrokerException(refusal.code(), Kind.REFUSED, refusal.detail(), null, refusal.partly());
    }

    /** What {@code failure} of a future is in words for a peer; what nobody foresaw is an internal error. */
    public static Refusal refusal(Throwable failure) {
        return failure instanceof BrokerException known
                ? new Refusal(known.code(), known.detail(), false, known.partly)
                : Refusal.of(ErrorCode.STORAGE_FAILED, "internal error");
    }

    public ErrorCode code() {
        return code;
    }

    public Kind kind() {
        return kind;
    }

    /** The text for a reader: a lower-case fact with {@code key=value}. */
    public String detail() {
        String message = getMessage();
        return message == null ? code.name() : message;
    }
}
