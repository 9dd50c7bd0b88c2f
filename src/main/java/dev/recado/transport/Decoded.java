package dev.recado.transport;

/** What the next bytes of a connection are, as its codec cuts them. */
public enum Decoded {
    /** Nothing complete is left: feed more. */
    NEED_MORE,
    /** A message of the peer. */
    MESSAGE,
    /** A command of the protocol. */
    COMMAND,
    /** A command whose payload is too long, which was or will be passed over. */
    TOO_LONG,
    /** The budget is exhausted: ask again later, feed nothing meanwhile. */
    NO_MEMORY,
    /** The stream cannot be trusted any more. */
    MALFORMED
}
