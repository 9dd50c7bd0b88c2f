package dev.recado.core.topic;

import dev.recado.base.ByteReader;
import java.util.Arrays;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Reads values of which many in a row are the same: where the bytes are those of the one before, that is answered
 * again, in the place of a second object that is equal to it.
 */
final class Repeats<T> {

    private final Function<ByteReader, T> decode;
    private @Nullable T last;
    private byte[] bytes = {};
    private int from;
    private int length;

    /** {@code decode} reads one value, and as many bytes whenever they are the same. */
    Repeats(Function<ByteReader, T> decode) {
        this.decode = decode;
    }

    T read(ByteReader in) {
        int at = in.position();
        T before = last;
        if (before != null && isRepeatedAt(in, at)) {
            in.skip(length);
            return before;
        }
        T read = decode.apply(in);
        if (!in.failed()) {
            last = read;
            bytes = in.array();
            from = at;
            length = in.position() - at;
        }
        return read;
    }

    private boolean isRepeatedAt(ByteReader in, int at) {
        return in.remaining() >= length && Arrays.equals(bytes, from, from + length, in.array(), at, at + length);
    }
}
