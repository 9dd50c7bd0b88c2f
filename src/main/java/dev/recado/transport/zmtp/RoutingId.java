package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageView;
import dev.recado.transport.zmtp.wire.Frames;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * The first frame of a request as a worker gets it, which tells whom an answer is for. A client that has an identity is
 * known by it. Any other, also one of another protocol, is known by a 0 (which no identity begins with) and the address
 * of its inbox.
 *
 * <p>The identity, or a 0, travels in the message's native block under {@link #CODEC}; the address in the header {@code
 * reply-to}, where workers of other protocols find it too.
 */
final class RoutingId {

    /** This transport's number as a writer of native blocks. */
    static final int CODEC = 2;

    private static final String INBOX = "zmtp-router/";
    private static final byte[] NOTHING = {};
    /** The native block of a client without an identity. */
    private static final byte[] ANONYMOUS = {0};

    private RoutingId() {}

    /** The name of the inbox of a client with an identity. */
    static String inboxOf(byte[] identity) {
        return INBOX + HexFormat.of().formatHex(identity);
    }

    /** Notes in a request whose it is, {@code identity} being empty for a client without one. */
    static void put(Draft draft, byte[] identity) {
        draft.nativeCodec = CODEC;
        draft.nativeBytes = identity.length > 0 ? identity : ANONYMOUS;
        draft.nativeStart = 0;
        draft.nativeLength = draft.nativeBytes.length;
    }

    /** Whether a stored request is a ZeroMQ client's, so that its frames hold its envelope. */
    static boolean isOfZmtp(MessageView request) {
        return request.nativeCodec == CODEC && request.nativeLength > 0;
    }

    /** Appends the frame for a stored request; one that nobody waits for gets the frame of a 0 alone. */
    static void putFrame(MessageView request, ByteWriter out) {
        if (isOfZmtp(request) && request.bytes[request.nativeStart] != 0) {
            Frames.put(out, true, request.bytes, request.nativeStart, request.nativeLength);
            return;
        }
        String address = request.headersLength == 0
                ? null
                : Headers.find(request.bytes, request.headersStart, request.headersLength, Headers.REPLY_TO);
        byte[] text =
                address == null || address.length() > 254 ? NOTHING : address.getBytes(StandardCharsets.ISO_8859_1);
        Frames.putHeader(out, true, 1 + text.length);
        out.put(0).put(text);
    }

    /** The address in a frame that begins with 0, or null where the frame is an identity. */
    static @Nullable String address(byte[] bytes, int from, int length) {
        return length > 0 && bytes[from] == 0
                ? new String(bytes, from + 1, length - 1, StandardCharsets.ISO_8859_1)
                : null;
    }
}
