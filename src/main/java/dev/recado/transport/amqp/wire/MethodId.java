package dev.recado.transport.amqp.wire;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Every method of AMQP 0-9-1 and of RabbitMQ's extensions, with what may be done with it. Class {@code access} is of
 * older versions; some clients still ask for it.
 */
public enum MethodId {
    CONNECTION_START(10, 10, Is.SERVER | Is.SYNC),
    CONNECTION_START_OK(10, 11, Is.CLIENT | Is.SYNC),
    CONNECTION_SECURE(10, 20, Is.SERVER | Is.SYNC),
    CONNECTION_SECURE_OK(10, 21, Is.CLIENT | Is.SYNC),
    CONNECTION_TUNE(10, 30, Is.SERVER | Is.SYNC),
    CONNECTION_TUNE_OK(10, 31, Is.CLIENT | Is.SYNC),
    CONNECTION_OPEN(10, 40, Is.CLIENT | Is.SYNC),
    CONNECTION_OPEN_OK(10, 41, Is.SERVER | Is.SYNC),
    CONNECTION_CLOSE(10, 50, Is.CLIENT | Is.SERVER | Is.SYNC),
    CONNECTION_CLOSE_OK(10, 51, Is.CLIENT | Is.SERVER | Is.SYNC),
    CONNECTION_BLOCKED(10, 60, Is.SERVER),
    CONNECTION_UNBLOCKED(10, 61, Is.SERVER),
    CONNECTION_UPDATE_SECRET(10, 70, Is.CLIENT | Is.SYNC),
    CONNECTION_UPDATE_SECRET_OK(10, 71, Is.SERVER | Is.SYNC),

    CHANNEL_OPEN(20, 10, Is.CLIENT | Is.SYNC),
    CHANNEL_OPEN_OK(20, 11, Is.SERVER | Is.SYNC),
    CHANNEL_FLOW(20, 20, Is.CLIENT | Is.SERVER | Is.SYNC),
    CHANNEL_FLOW_OK(20, 21, Is.CLIENT | Is.SERVER),
    CHANNEL_CLOSE(20, 40, Is.CLIENT | Is.SERVER | Is.SYNC),
    CHANNEL_CLOSE_OK(20, 41, Is.CLIENT | Is.SERVER | Is.SYNC),

    ACCESS_REQUEST(30, 10, Is.CLIENT | Is.SYNC),
    ACCESS_REQUEST_OK(30, 11, Is.SERVER | Is.SYNC),

    EXCHANGE_DECLARE(40, 10, Is.CLIENT | Is.SYNC),
    EXCHANGE_DECLARE_OK(40, 11, Is.SERVER | Is.SYNC),
    EXCHANGE_DELETE(40, 20, Is.CLIENT | Is.SYNC),
    EXCHANGE_DELETE_OK(40, 21, Is.SERVER | Is.SYNC),
    EXCHANGE_BIND(40, 30, Is.CLIENT | Is.SYNC),
    EXCHANGE_BIND_OK(40, 31, Is.SERVER | Is.SYNC),
    EXCHANGE_UNBIND(40, 40, Is.CLIENT | Is.SYNC),
    EXCHANGE_UNBIND_OK(40, 51, Is.SERVER | Is.SYNC),

    QUEUE_DECLARE(50, 10, Is.CLIENT | Is.SYNC),
    QUEUE_DECLARE_OK(50, 11, Is.SERVER | Is.SYNC),
    QUEUE_BIND(50, 20, Is.CLIENT | Is.SYNC),
    QUEUE_BIND_OK(50, 21, Is.SERVER | Is.SYNC),
    QUEUE_PURGE(50, 30, Is.CLIENT | Is.SYNC),
    QUEUE_PURGE_OK(50, 31, Is.SERVER | Is.SYNC),
    QUEUE_DELETE(50, 40, Is.CLIENT | Is.SYNC),
    QUEUE_DELETE_OK(50, 41, Is.SERVER | Is.SYNC),
    QUEUE_UNBIND(50, 50, Is.CLIENT | Is.SYNC),
    QUEUE_UNBIND_OK(50, 51, Is.SERVER | Is.SYNC),

    BASIC_QOS(60, 10, Is.CLIENT | Is.SYNC),
    BASIC_QOS_OK(60, 11, Is.SERVER | Is.SYNC),
    BASIC_CONSUME(60, 20, Is.CLIENT | Is.SYNC),
    BASIC_CONSUME_OK(60, 21, Is.SERVER | Is.SYNC),
    BASIC_CANCEL(60, 30, Is.CLIENT | Is.SERVER | Is.SYNC),
    BASIC_CANCEL_OK(60, 31, Is.CLIENT | Is.SERVER | Is.SYNC),
    BASIC_PUBLISH(60, 40, Is.CLIENT | Is.CONTENT),
    BASIC_RETURN(60, 50, Is.SERVER | Is.CONTENT),
    BASIC_DELIVER(60, 60, Is.SERVER | Is.CONTENT),
    BASIC_GET(60, 70, Is.CLIENT | Is.SYNC),
    BASIC_GET_OK(60, 71, Is.SERVER | Is.SYNC | Is.CONTENT),
    BASIC_GET_EMPTY(60, 72, Is.SERVER | Is.SYNC),
    BASIC_ACK(60, 80, Is.CLIENT | Is.SERVER),
    BASIC_REJECT(60, 90, Is.CLIENT),
    BASIC_RECOVER_ASYNC(60, 100, Is.CLIENT),
    BASIC_RECOVER(60, 110, Is.CLIENT),
    BASIC_RECOVER_OK(60, 111, Is.SERVER | Is.SYNC),
    BASIC_NACK(60, 120, Is.CLIENT | Is.SERVER),

    CONFIRM_SELECT(85, 10, Is.CLIENT | Is.SYNC),
    CONFIRM_SELECT_OK(85, 11, Is.SERVER | Is.SYNC),

    TX_SELECT(90, 10, Is.CLIENT | Is.SYNC),
    TX_SELECT_OK(90, 11, Is.SERVER | Is.SYNC),
    TX_COMMIT(90, 20, Is.CLIENT | Is.SYNC),
    TX_COMMIT_OK(90, 21, Is.SERVER | Is.SYNC),
    TX_ROLLBACK(90, 30, Is.CLIENT | Is.SYNC),
    TX_ROLLBACK_OK(90, 31, Is.SERVER | Is.SYNC);

    private static final class Is {
        /** A client may send it. */
        static final int CLIENT = 1;
        /** A server may send it. */
        static final int SERVER = 2;
        /** The specification calls it synchronous. */
        static final int SYNC = 4;
        /** A content header and a body follow. */
        static final int CONTENT = 8;
    }

    private static final int CLASS_MAX = 90;
    private static final int METHOD_MAX = 120;
    private static final @Nullable MethodId[][] BY_NUMBERS = byNumbers();

    private final int classId;
    private final int methodId;
    private final int is;
    private final String wireName;

    MethodId(int classId, int methodId, int is) {
        this.classId = classId;
        this.methodId = methodId;
        this.is = is;
        wireName = name().toLowerCase(Locale.ROOT).replaceFirst("_", ".").replace('_', '-');
    }

    private static @Nullable MethodId[][] byNumbers() {
        @Nullable MethodId[][] all = new @Nullable MethodId[CLASS_MAX + 1][0];
        for (MethodId one : values()) {
            if (all[one.classId].length == 0) {
                all[one.classId] = new @Nullable MethodId[METHOD_MAX + 1];
            }
            all[one.classId][one.methodId] = one;
        }
        return all;
    }

    /** The method of the two numbers; null where there is none. */
    public static @Nullable MethodId of(int classId, int methodId) {
        if (classId < 0 || classId > CLASS_MAX || methodId < 0) {
            return null;
        }
        @Nullable MethodId[] ofClass = BY_NUMBERS[classId];
        return methodId < ofClass.length ? ofClass[methodId] : null;
    }

    /** The method of a {@link #key}; null where there is none. */
    public static @Nullable MethodId of(int key) {
        return of(key >>> 16, key & 0xFFFF);
    }

    public int classId() {
        return classId;
    }

    public int methodId() {
        return methodId;
    }

    /** Both numbers as a method frame begins with them: the class in the upper half. */
    public int key() {
        return classId << 16 | methodId;
    }

    /** Such as {@code basic.publish}. */
    public String wireName() {
        return wireName;
    }

    public boolean isFromClient() {
        return (is & Is.CLIENT) != 0;
    }

    public boolean isFromServer() {
        return (is & Is.SERVER) != 0;
    }

    /** Whether the specification calls it synchronous: it asks for an answer, or it is one. */
    public boolean isSynchronous() {
        return (is & Is.SYNC) != 0;
    }

    /** Whether a content header and a body follow. */
    public boolean hasContent() {
        return (is & Is.CONTENT) != 0;
    }
}
