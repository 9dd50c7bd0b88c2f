package dev.recado.broker.session;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import java.nio.charset.StandardCharsets;

/**
 * Where one session's answers arrive: writes its address in front of the headers of a request. Made with the first
 * request. Owned by the session's loop.
 */
final class Inbox {

    private static final int KEPT_BYTES_MAX = 1_024;
    private static final byte[] NAME = Headers.REPLY_TO.getBytes(StandardCharsets.US_ASCII);

    private final ByteWriter headers = new ByteWriter(128);
    private final ByteWriter digits = new ByteWriter(20);
    private final long token;
    private byte[] prefix;

    /** {@code token} is what it is known by, whatever its name. */
    Inbox(long token, String prefix) {
        this.token = token;
        this.prefix = bytes(prefix);
    }

    private static byte[] bytes(String prefix) {
        return prefix.getBytes(StandardCharsets.UTF_8);
    }

    long token() {
        return token;
    }

    /** Requests ask for their answers at another address from now on. */
    void move(String newPrefix) {
        prefix = bytes(newPrefix);
    }

    String address(long correlation) {
        return new String(prefix, StandardCharsets.UTF_8) + correlation;
    }

    /** Sets the draft's headers to this address, then what they were; valid until the next call. */
    void address(Draft draft, long correlation) {
        digits.clear();
        digits.putDecimal(correlation);
        headers.clear(KEPT_BYTES_MAX);
        headers.putBlock(NAME, 0, NAME.length);
        headers.putVarLong(prefix.length + digits.size()).put(prefix);
        headers.put(digits.array(), 0, digits.size());
        headers.put(draft.headersBytes, draft.headersStart, draft.headersLength);
        draft.headers(headers.array(), 0, headers.size());
    }
}
