package dev.recado.fuzz;

/** What a command is owed. */
public enum Expect {
    /** One line: the outcome or an error. */
    LINE,
    /** One line that is an error. */
    ERROR,
    /** Lines up to one with a full stop alone, or one error. */
    LIST,
    /** The answer of a publish that is confirmed for itself. */
    PUBLISH,
    /** The same, which may share its answer with its neighbours. */
    RANGE,
    /** A publish that is answered only where it fails. */
    UNCONFIRMED,
    /** The reply, or an error. */
    REPLY,
    /** A payload, which may be any line but another kind of answer. */
    PULLED,
    /** The end of the connection, perhaps after a last line that is an error. */
    CLOSE
}
