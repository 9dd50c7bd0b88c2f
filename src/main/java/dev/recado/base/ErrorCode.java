package dev.recado.base;

/**
 * Everything that Recado can refuse or fail with: a closed list whose numbers never change once released.
 *
 * <p>The page {@code src/site/markdown/errors.md} tells a reader of each what to do; a test compares the two.
 * Transports map these to their own codes in one table each.
 */
public enum ErrorCode {
    /** The peer broke the grammar of its protocol; the stream can no longer be trusted. */
    MALFORMED(1),
    /** The command is not one of the protocol's. */
    UNKNOWN_COMMAND(2),
    /** A field has a value that is not allowed. */
    INVALID_ARGUMENT(3),
    /** The message is larger than the limit of its topic or of the broker. */
    MESSAGE_TOO_LONG(4),
    /** No such topic. */
    TOPIC_NOT_FOUND(5),
    /** A topic of that name exists with other settings. */
    TOPIC_EXISTS(6),
    /** No such group. */
    GROUP_NOT_FOUND(7),
    /** A group of that name exists with other settings. */
    GROUP_EXISTS(8),
    /** The group has as many members as it may have. */
    GROUP_FULL(9),
    /** No such exchange. */
    EXCHANGE_NOT_FOUND(10),
    /** An exchange of that name exists with another type or other settings. */
    EXCHANGE_EXISTS(11),
    /** The topic's backlog is at its limit. */
    TOPIC_FULL(12),
    /** The disk is below {@code disk.free-min}, or full. */
    DISK_LOW(13),
    /** A bound of the broker's memory is reached. */
    MEMORY_LOW(14),
    /** The publisher's number lies below the window of remembered numbers. */
    SEQUENCE_TOO_OLD(15),
    /** Appended, but whether it is committed cannot be told. */
    UNKNOWN_OUTCOME(16),
    /** The credentials are wrong. */
    NOT_AUTHENTICATED(17),
    /** The user may not do this. */
    NOT_AUTHORIZED(18),
    /** Too many connections. */
    TOO_MANY_CONNECTIONS(19),
    /** A newer session took over the id. */
    SESSION_REPLACED(20),
    /** Nobody answered in time. */
    TIMEOUT(21),
    /** The peer was silent for too long. */
    IDLE(22),
    /** The broker is stopping. */
    STOPPING(23),
    /** The command does not fit the state of the session. */
    NOT_ALLOWED(24),
    /** The stored data is damaged; the shard refuses. */
    DAMAGED(25),
    /** The storage failed; the broker stops. */
    STORAGE_FAILED(26),
    /** No such subscription, message, lease, session or namespace. */
    NOT_FOUND(27),
    /** A bound of the topic, group or session is reached. */
    LIMIT_REACHED(28),
    /** No binding of the exchange matched. */
    NOT_ROUTED(29),
    /** Another session holds the name, and it was not to be taken over. */
    NAME_IN_USE(30),
    /** An administrator closed the session. */
    SESSION_CLOSED(31),
    /** Others are there, and what was asked for is only without them. */
    IN_USE(32),
    /** Messages are there, and what was asked for is only without them. */
    NOT_EMPTY(33);

    private final int number;

    ErrorCode(int number) {
        this.number = number;
    }

    /** Stable number, from 1. */
    public int number() {
        return number;
    }
}
