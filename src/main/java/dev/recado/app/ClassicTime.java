package dev.recado.app;

import dev.recado.app.classic.ClassicWriter;
import dev.recado.core.message.Headers;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How a message keeps the TIMESTAMP of the classic file that it was read from: in a header, as it stood there. A
 * publish time is the broker's own, which ages and positions count from.
 */
final class ClassicTime {

    static final String HEADER = "classic-timestamp";

    /** Bytes that a message with the header is larger, at most. */
    static final int BYTES_MAX = 64;

    private ClassicTime() {}

    static byte[] headers(long timestamp) {
        return Headers.of(Map.of(HEADER, Long.toString(timestamp)));
    }

    /** TIMESTAMP for a file: that of the header, or where there is none, or one of another form, the publish time. */
    static long timestamp(@Nullable String header, long publishTimeMs) {
        boolean kept = header != null && header.matches("[0-9]{1,18}");
        return kept ? Long.parseLong(header) : ClassicWriter.timestampOf(publishTimeMs);
    }
}
