package dev.recado.transport;

import dev.recado.base.ByteWriter;
import java.nio.charset.StandardCharsets;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Something large that is encoded a slice at a time, as the socket takes it. What it is made from is neither copied nor
 * changed meanwhile. One owner.
 */
@FunctionalInterface
public interface SlicedOutput {

    /** With so much room a call gets on; with less it may append nothing. */
    int ROOM_BYTES_LEAST = 64;

    /**
     * Appends what comes next, until nothing is left or {@code out} is about to hold more than {@code bytesMax};
     * answers whether something is left.
     */
    boolean next(ByteWriter out, int bytesMax);

    /** Bytes as they are; the array is not changed until they are written. */
    static SlicedOutput bytes(byte[] bytes, int from, int length) {
        return new SlicedOutput() {
            private int at = from;

            @Override
            public boolean next(ByteWriter out, int bytesMax) {
                int count = Math.min(from + length - at, bytesMax - out.size());
                if (count > 0) {
                    out.put(bytes, at, count);
                    at += count;
                }
                return at < from + length;
            }
        };
    }

    /** Text as UTF-8. */
    static SlicedOutput text(String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        return bytes(bytes, 0, bytes.length);
    }

    /** One after the other; each is asked for when its turn comes. */
    static SlicedOutput sequence(Iterator<? extends SlicedOutput> parts) {
        return new SlicedOutput() {
            private @Nullable SlicedOutput current;

            @Override
            public boolean next(ByteWriter out, int bytesMax) {
                while (true) {
                    SlicedOutput part = current;
                    if (part == null) {
                        if (!parts.hasNext()) {
                            return false;
                        }
                        part = parts.next();
                        current = part;
                    }
                    if (part.next(out, bytesMax)) {
                        return true;
                    }
                    current = null;
                    if (bytesMax - out.size() < ROOM_BYTES_LEAST) {
                        return parts.hasNext();
                    }
                }
            }
        };
    }
}
