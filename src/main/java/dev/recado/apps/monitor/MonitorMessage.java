package dev.recado.apps.monitor;

import dev.recado.base.Quantities;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * What monitors say to each other, a line each way over TCP:
 *
 * <pre>
 *   KIND SP id LF      KIND in capitals, id of the sender in decimal digits, 1 to 999999999
 * </pre>
 *
 * A line has at most {@link #LINE_BYTES_MAX} bytes, its end included.
 */
record MonitorMessage(Kind kind, int from) {

    static final int LINE_BYTES_MAX = 32;
    static final int ID_MAX = 999_999_999;

    /** The messages of the Bully algorithm, and the leader's sign of life. */
    enum Kind {
        /** To those with a higher id: is one of you there? */
        ELECTION,
        /** The answer to it: I am, leave it to me. */
        ALIVE,
        /** To all others: I lead. */
        VICTORY,
        /** To all others, again and again: I still do. */
        HEARTBEAT
    }

    byte[] encode() {
        return (kind + " " + from + "\n").getBytes(StandardCharsets.US_ASCII);
    }

    /** What a line without its end says; null where it is none of these messages. */
    static @Nullable MonitorMessage decode(String line) {
        int space = line.indexOf(' ');
        if (space < 0) {
            return null;
        }
        Kind kind = kind(line.substring(0, space));
        long id = Quantities.number(line.substring(space + 1));
        return kind == null || id < 1 || id > ID_MAX ? null : new MonitorMessage(kind, (int) id);
    }

    private static @Nullable Kind kind(String word) {
        for (Kind kind : Kind.values()) {
            if (kind.name().equals(word)) {
                return kind;
            }
        }
        return null;
    }

    @Override
    public String toString() {
        return kind.name().toLowerCase(Locale.ROOT) + " from " + from;
    }
}
