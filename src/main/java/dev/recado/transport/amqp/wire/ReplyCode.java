package dev.recado.transport.amqp.wire;

import static dev.recado.transport.amqp.wire.ReplyCode.Ends.CHANNEL;
import static dev.recado.transport.amqp.wire.ReplyCode.Ends.CONNECTION;
import static dev.recado.transport.amqp.wire.ReplyCode.Ends.NOTHING;

/** Why a channel or a connection is closed or a message returned, by number and name as clients show them. */
public enum ReplyCode {
    REPLY_SUCCESS(200, NOTHING),
    CONTENT_TOO_LARGE(311, CHANNEL),
    NO_ROUTE(312, CHANNEL),
    NO_CONSUMERS(313, CHANNEL),
    CONNECTION_FORCED(320, CONNECTION),
    INVALID_PATH(402, CONNECTION),
    ACCESS_REFUSED(403, CHANNEL),
    NOT_FOUND(404, CHANNEL),
    RESOURCE_LOCKED(405, CHANNEL),
    PRECONDITION_FAILED(406, CHANNEL),
    FRAME_ERROR(501, CONNECTION),
    SYNTAX_ERROR(502, CONNECTION),
    COMMAND_INVALID(503, CONNECTION),
    CHANNEL_ERROR(504, CONNECTION),
    UNEXPECTED_FRAME(505, CONNECTION),
    RESOURCE_ERROR(506, CONNECTION),
    NOT_ALLOWED(530, CONNECTION),
    NOT_IMPLEMENTED(540, CONNECTION),
    INTERNAL_ERROR(541, CONNECTION);

    /** What an error with such a code ends by itself; on channel 0 each of them ends the connection. */
    public enum Ends {
        NOTHING,
        CHANNEL,
        CONNECTION
    }

    private final int number;
    private final Ends ends;

    ReplyCode(int number, Ends ends) {
        this.number = number;
        this.ends = ends;
    }

    public int number() {
        return number;
    }

    public Ends ends() {
        return ends;
    }

    /** The text of a close: the name, a dash, the detail. */
    public String text(String detail) {
        return name() + " - " + detail;
    }
}
