package dev.recado.transport.text.wire;

/** What a broker may say on a text session. */
public enum ReplyKind {
    /** {@code OK} or {@code OK:<rest>} that is none of the kinds below. */
    OK,
    /** {@code OK:MSG_ID:<id>} or {@code OK:MSG_IDS:<first>:<last>}: publishes are stored. */
    STORED,
    /** {@code OK:ROUTED:<topics>}: a publish through an exchange is stored in that many topics. */
    ROUTED,
    /** {@code HELD}: a publish waits for its transaction. */
    HELD,
    /** {@code ERROR:<text>[ seq=<n>]}. */
    ERROR,
    /** {@code PONG}. */
    PONG,
    /** {@code REP:<bytes>} and the answer to a request. */
    REP,
    /** {@code ACKED:<sid>:<id>}: an acknowledgement is durable. */
    ACKED,
    /** Push {@code MSG:…}: a delivery. */
    MSG,
    /** Push {@code NOTIFY:MESSAGES_AVAILABLE:<count>}. */
    NOTIFY,
    /** Push {@code END:<sid>:<reason>}: the broker ended a subscription. */
    END,
    /** Push {@code BLOCKED:<words>}: publishes are refused for want of disk or memory. */
    BLOCKED,
    /** Push {@code UNBLOCKED}: that is over. */
    UNBLOCKED,
    /** A line of a list, or the content that answers a classic {@code GET}. */
    LINE,
    /** The line {@code .} that ends a list. */
    LIST_END
}
