package dev.recado.core.message;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;

/**
 * A message inside a run. Optional fields are there only where their flag is set, in this order.
 *
 * <pre>
 *  int    length     bytes behind this field
 *  byte   flags
 *  block  key        KEY         varint length, bytes
 *  block  headers    HEADERS     varint length, then name and value as blocks, repeated; see {@link Headers}
 *  byte   codec      NATIVE      which transport wrote the native block
 *  block  native     NATIVE      varint length, raw bytes, of that transport alone
 *  varint parts      PARTS       how many parts, then the length of each as varints; their bytes are the payload
 *  byte   priority   PRIORITY
 *  varint ttlMs      TTL         from the publish time
 *  long   deliverAt  DELIVER_AT  wall clock in milliseconds; reserved
 *  bytes  payload                the rest
 * </pre>
 */
public final class MessageLayout {

    public static final int KEY = 1;
    public static final int HEADERS = 2;
    public static final int NATIVE = 4;
    public static final int PARTS = 8;
    public static final int PRIORITY = 16;
    public static final int TTL = 32;
    public static final int DELIVER_AT = 64;
    /** Set in no message of version 1. */
    public static final int RESERVED = 128;
    /** Bytes of the length field and the flags, the least that a message has. */
    public static final int OVERHEAD_BYTES = 5;

    private MessageLayout() {}

    /** Appends the message that {@code draft} describes and answers how many bytes that took. */
    public static int write(ByteWriter out, Draft draft) {
        int start = out.size();
        writeHead(out, draft);
        out.put(draft.payloadBytes, draft.payloadStart, draft.payloadLength);
        return out.size() - start;
    }

    /** Appends all but the payload, which has to follow. */
    public static void writeHead(ByteWriter out, Draft draft) {
        int start = out.skip(OVERHEAD_BYTES);
        int flags = 0;
        if (draft.keyLength > 0) {
            flags |= KEY;
            out.putBlock(draft.keyBytes, draft.keyStart, draft.keyLength);
        }
        if (draft.headersLength > 0) {
            flags |= HEADERS;
            out.putBlock(draft.headersBytes, draft.headersStart, draft.headersLength);
        }
        flags |= writeRareFields(out, draft);
        out.setInt(start, out.size() + draft.payloadLength - start - 4);
        out.array()[start + 4] = (byte) flags;
    }

    /** What {@link #write} takes, or a little less. */
    public static int sizeAtMost(Draft draft) {
        return (int) draft.bytes() + 64 + 5 * draft.partCount;
    }

    private static int writeRareFields(ByteWriter out, Draft draft) {
        int flags = 0;
        if (draft.nativeLength > 0) {
            flags |= NATIVE;
            out.put(draft.nativeCodec).putBlock(draft.nativeBytes, draft.nativeStart, draft.nativeLength);
        }
        if (draft.partCount > 0) {
            flags |= PARTS;
            out.putVarLong(draft.partCount);
            for (int i = 0; i < draft.partCount; i++) {
                out.putVarLong(draft.partLengths[i]);
            }
        }
        if (draft.priority > 0) {
            flags |= PRIORITY;
            out.put(draft.priority);
        }
        if (draft.ttlMs >= 0) {
            flags |= TTL;
            out.putVarLong(draft.ttlMs);
        }
        if (draft.deliverAtMs > 0) {
            flags |= DELIVER_AT;
            out.putLong(draft.deliverAtMs);
        }
        return flags;
    }

    /** Bytes of the message that begins at {@code at}, its length field included. */
    public static int length(byte[] bytes, int at) {
        return 4
                + ((bytes[at] & 0xFF) << 24
                        | (bytes[at + 1] & 0xFF) << 16
                        | (bytes[at + 2] & 0xFF) << 8
                        | bytes[at + 3] & 0xFF);
    }

    /** Whether exactly {@code count} messages fill {@code bytes[from, to)} by their length fields. */
    static boolean fills(byte[] bytes, int from, int to, int count) {
        int at = from;
        for (int i = 0; i < count; i++) {
            if (to - at < OVERHEAD_BYTES) {
                return false;
            }
            int length = length(bytes, at);
            if (length < OVERHEAD_BYTES || length > to - at) {
                return false;
            }
            at += length;
        }
        return at == to;
    }

    /** Reads the fields of the message at {@code at} into {@code view}; false where they do not hold together. */
    static boolean read(byte[] bytes, int at, MessageView view, ByteReader in) {
        in.wrap(bytes, at + 4, length(bytes, at) - 4);
        int flags = in.readByte();
        view.clear();
        view.bytes = bytes;
        if ((flags & KEY) != 0) {
            view.keyLength = in.readVarInt(in.remaining());
            view.keyStart = in.skip(view.keyLength);
        }
        if ((flags & HEADERS) != 0) {
            view.headersLength = in.readVarInt(in.remaining());
            view.headersStart = in.skip(view.headersLength);
        }
        if ((flags & ~(KEY | HEADERS)) != 0) {
            readRareFields(flags, view, in);
        }
        view.payloadStart = in.position();
        view.payloadLength = in.remaining();
        return !in.failed();
    }

    private static void readRareFields(int flags, MessageView view, ByteReader in) {
        if ((flags & NATIVE) != 0) {
            view.nativeCodec = in.readByte();
            view.nativeLength = in.readVarInt(in.remaining());
            view.nativeStart = in.skip(view.nativeLength);
        }
        if ((flags & PARTS) != 0) {
            view.partCount = in.readVarInt(in.remaining());
            view.partsStart = in.position();
            for (int i = 0; i < view.partCount; i++) {
                in.readVarInt(Integer.MAX_VALUE);
            }
        }
        if ((flags & PRIORITY) != 0) {
            view.priority = in.readByte();
        }
        if ((flags & TTL) != 0) {
            view.ttlMs = in.readVarLong();
        }
        if ((flags & DELIVER_AT) != 0) {
            view.deliverAtMs = in.readLong();
        }
    }
}
