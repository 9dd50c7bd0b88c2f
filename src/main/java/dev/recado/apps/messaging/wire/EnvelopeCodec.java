package dev.recado.apps.messaging.wire;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.msgpack.core.MessageBufferPacker;
import org.msgpack.core.MessagePack;

/**
 * The envelope as MessagePack. ZeroMQ frames it, so there are two outcomes: an envelope, or malformed.
 *
 * <pre>
 * map {
 *   "service":   str   1 to 32 bytes
 *   "user":      str   1 to 64 bytes
 *   "timestamp": int   milliseconds since 1970, 0 to 2^53 - 1
 *   "clock":     int   Lamport clock, 0 to 2^53 - 1
 *   other names: str | int | array | map with text as keys
 * }
 * </pre>
 *
 * Values of other types under other names are read over. Numbers stay below 2^53 so that every language has them
 * exactly.
 */
public final class EnvelopeCodec {

    /** A message with more bytes is malformed. */
    public static final int BYTES_MAX = 1 << 20;

    /** The largest number of a clock: what a double still counts exactly. */
    public static final long CLOCK_MAX = (1L << 53) - 1;

    /** The longest text of a value, in bytes. */
    public static final int TEXT_BYTES_MAX = PackTree.TEXT_BYTES_MAX;

    /** The longest name of a user, a channel or a server, in bytes. */
    public static final int NAME_BYTES_MAX = 64;

    private static final int SERVICE_BYTES_MAX = 32;

    /**
     * What came of the bytes of a peer.
     *
     * @param envelope null where they are malformed
     * @param problem what is wrong with them then
     */
    public record Decoded(@Nullable Envelope envelope, String problem) {}

    private EnvelopeCodec() {}

    /** The bytes of an envelope of our own; {@link #BYTES_MAX} is the caller's to keep. */
    public static byte[] encode(Envelope envelope) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("service", envelope.service());
        all.put("user", envelope.user());
        all.put("timestamp", envelope.timestampMs());
        all.put("clock", envelope.clock());
        all.putAll(envelope.fields());
        try (MessageBufferPacker packer = MessagePack.newDefaultBufferPacker()) {
            pack(packer, all);
            return packer.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException("an array refused to be written", e);
        }
    }

    private static void pack(MessageBufferPacker packer, Object value) throws IOException {
        if (value instanceof String text) {
            packer.packString(text);
        } else if (value instanceof Long number) {
            packer.packLong(number);
        } else if (value instanceof List<?> list) {
            packer.packArrayHeader(list.size());
            for (Object one : list) {
                pack(packer, one);
            }
        } else if (value instanceof Map<?, ?> map) {
            packer.packMapHeader(map.size());
            for (Map.Entry<?, ?> entry : map.entrySet()) {
                packer.packString((String) entry.getKey());
                pack(packer, entry.getValue());
            }
        } else {
            throw new IllegalArgumentException("no value of an envelope: " + value.getClass());
        }
    }

    /** Reads what a peer sent; never throws for it. */
    public static Decoded decode(byte[] bytes) {
        if (bytes.length > BYTES_MAX) {
            return malformed("message too long bytes=" + bytes.length);
        }
        PackTree tree = new PackTree(bytes);
        Map<String, Object> fields = tree.read();
        if (fields == null) {
            return malformed(tree.problem());
        }
        if (!(fields.remove("service") instanceof String service) || isNot(service, SERVICE_BYTES_MAX)) {
            return malformed("no service");
        }
        if (!(fields.remove("user") instanceof String user) || isNot(user, NAME_BYTES_MAX)) {
            return malformed("no user");
        }
        if (!(fields.remove("timestamp") instanceof Long timestamp) || isNotClock(timestamp)) {
            return malformed("no timestamp");
        }
        if (!(fields.remove("clock") instanceof Long clock) || isNotClock(clock)) {
            return malformed("no clock");
        }
        return new Decoded(new Envelope(service, user, timestamp, clock, fields), "");
    }

    private static boolean isNot(String text, int bytesMax) {
        return text.isEmpty() || Names64.bytes(text) > bytesMax;
    }

    private static boolean isNotClock(long number) {
        return number < 0 || number > CLOCK_MAX;
    }

    private static Decoded malformed(String problem) {
        return new Decoded(null, problem);
    }
}
