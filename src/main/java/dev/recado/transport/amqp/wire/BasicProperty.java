package dev.recado.transport.amqp.wire;

/** The properties of class {@code basic}, in the order of their flags and on the wire. */
public enum BasicProperty {
    CONTENT_TYPE(15, Form.TEXT),
    CONTENT_ENCODING(14, Form.TEXT),
    HEADERS(13, Form.TABLE),
    DELIVERY_MODE(12, Form.OCTET),
    PRIORITY(11, Form.OCTET),
    CORRELATION_ID(10, Form.TEXT),
    REPLY_TO(9, Form.TEXT),
    EXPIRATION(8, Form.TEXT),
    MESSAGE_ID(7, Form.TEXT),
    TIMESTAMP(6, Form.TIMESTAMP),
    TYPE(5, Form.TEXT),
    USER_ID(4, Form.TEXT),
    APP_ID(3, Form.TEXT),
    /** Once {@code cluster-id}; nobody uses it. */
    RESERVED(2, Form.TEXT);

    /** How a value stands on the wire. */
    enum Form {
        /** A byte with the length, then so many bytes. */
        TEXT(1),
        /** Four bytes with the length, then fields. */
        TABLE(4),
        OCTET(0),
        /** Eight bytes, seconds since 1970. */
        TIMESTAMP(0);

        /** Bytes in front of the value that tell its length. */
        final int lengthBytes;

        Form(int lengthBytes) {
            this.lengthBytes = lengthBytes;
        }
    }

    static final int COUNT = 14;
    private static final BasicProperty[] ALL = values();

    final Form form;
    /** The bit among the property flags, as a mask. */
    final int flag;
    /** From 0 for the first on the wire. */
    final int index;

    BasicProperty(int bit, Form form) {
        this.form = form;
        flag = 1 << bit;
        index = 15 - bit;
    }

    /** The one with this index. */
    static BasicProperty at(int index) {
        return ALL[index];
    }
}
