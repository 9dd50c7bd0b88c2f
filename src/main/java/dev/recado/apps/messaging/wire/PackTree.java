package dev.recado.apps.messaging.wire;

import java.io.IOException;
import java.math.BigInteger;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageFormat;
import org.msgpack.core.MessagePack;
import org.msgpack.core.MessagePackException;
import org.msgpack.core.MessageUnpacker;

/**
 * Reads one bounded tree of MessagePack. Every count is held against the bytes that are left and against the budget of
 * values before anything is allocated; nothing is skipped by the library, whose {@code skipValue} counts a large map
 * wrongly (CVE-2026-90473).
 */
final class PackTree {

    /** Maps and arrays within each other. */
    static final int DEPTH_MAX = 5;

    /** Values in one message, keys included. */
    static final int VALUES_MAX = 50_000;

    /** The longest text. */
    static final int TEXT_BYTES_MAX = 4_096;

    /** Stands for a value of a type that no field has. */
    private static final Object OTHER = new Object();

    private static final class MalformedException extends IOException {
        private static final long serialVersionUID = 1;

        MalformedException(String problem) {
            super(problem);
        }

        /** One for each bad message of a peer would fill a stack trace each. */
        @Override
        public synchronized Throwable fillInStackTrace() {
            return this;
        }
    }

    private final byte[] bytes;
    private final MessageUnpacker unpacker;
    private int valueCount;
    private String problem = "";

    PackTree(byte[] bytes) {
        this.bytes = bytes;
        this.unpacker = MessagePack.newDefaultUnpacker(bytes);
    }

    /** The map that the bytes are, or null where they are none. */
    @Nullable
    Map<String, Object> read() {
        try (unpacker) {
            if (bytes.length == 0 || !unpacker.getNextFormat().getValueType().isMapType()) {
                throw new MalformedException("not a map");
            }
            Map<String, Object> map = map(1);
            if (left() != 0) {
                throw new MalformedException("bytes behind the message count=" + left());
            }
            return map;
        } catch (IOException | MessagePackException e) {
            problem = e instanceof MalformedException ? String.valueOf(e.getMessage()) : "not MessagePack";
            return null;
        }
    }

    /** What was wrong where {@link #read} answered null. */
    String problem() {
        return problem;
    }

    private long left() {
        return bytes.length - unpacker.getTotalReadBytes();
    }

    private Object value(int depth) throws IOException {
        count(1);
        MessageFormat format = unpacker.getNextFormat();
        return switch (format.getValueType()) {
            case STRING -> text();
            case INTEGER -> integer(format);
            case ARRAY -> list(depth + 1);
            case MAP -> map(depth + 1);
            case BINARY -> over(unpacker.unpackBinaryHeader());
            case EXTENSION -> over(unpacker.unpackExtensionTypeHeader().getLength());
            case FLOAT -> other(unpacker.unpackDouble());
            case BOOLEAN -> other(unpacker.unpackBoolean());
            case NIL -> nil();
        };
    }

    private String text() throws IOException {
        int length = unpacker.unpackRawStringHeader();
        if (length < 0 || length > TEXT_BYTES_MAX || length > left()) {
            throw new MalformedException("text too long bytes=" + length);
        }
        try {
            return StandardCharsets.UTF_8
                    .newDecoder()
                    .onMalformedInput(CodingErrorAction.REPORT)
                    .onUnmappableCharacter(CodingErrorAction.REPORT)
                    .decode(ByteBuffer.wrap(unpacker.readPayload(length)))
                    .toString();
        } catch (CharacterCodingException e) {
            throw new MalformedException("text is not UTF-8");
        }
    }

    private Object integer(MessageFormat format) throws IOException {
        if (format != MessageFormat.UINT64) {
            return unpacker.unpackLong();
        }
        BigInteger number = unpacker.unpackBigInteger();
        return number.bitLength() > 63 ? OTHER : (Object) number.longValueExact();
    }

    private List<Object> list(int depth) throws IOException {
        int size = unpacker.unpackArrayHeader();
        checkSize(size, size, depth);
        List<Object> list = new ArrayList<>(Math.min(size, 64));
        for (int i = 0; i < size; i++) {
            Object value = value(depth);
            if (value != OTHER) {
                list.add(value);
            }
        }
        return list;
    }

    private Map<String, Object> map(int depth) throws IOException {
        int size = unpacker.unpackMapHeader();
        checkSize(size, 2L * size, depth);
        Map<String, Object> map = new LinkedHashMap<>();
        for (int i = 0; i < size; i++) {
            count(1);
            if (!unpacker.getNextFormat().getValueType().isStringType()) {
                throw new MalformedException("key is no text");
            }
            String key = text();
            Object value = value(depth);
            if (value != OTHER && map.put(key, value) != null) {
                throw new MalformedException("key twice");
            }
        }
        return map;
    }

    private void checkSize(int size, long bytesMin, int depth) throws MalformedException {
        if (size < 0 || bytesMin > left() || depth > DEPTH_MAX) {
            throw new MalformedException("too many or too deep count=" + size + " depth=" + depth);
        }
    }

    private void count(int values) throws MalformedException {
        valueCount += values;
        if (valueCount > VALUES_MAX) {
            throw new MalformedException("too many values max=" + VALUES_MAX);
        }
    }

    private Object over(int length) throws IOException {
        if (length < 0 || length > left()) {
            throw new MalformedException("bytes too long count=" + length);
        }
        return other(unpacker.readPayloadAsReference(length));
    }

    private Object nil() throws IOException {
        unpacker.unpackNil();
        return OTHER;
    }

    private static Object other(Object unused) {
        return OTHER;
    }
}
