package dev.recado.core.message;

import java.util.List;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Reads headers with their kinds out of the native block of a stored message, where its headers are texts alone; for
 * messages that the broker itself publishes again. Implemented by transports whose native blocks have headers, which
 * are found as these are. Callable from any thread.
 */
public interface NativeHeaders {

    /** Which native blocks it reads. */
    int codec();

    /** Those of one block, valid as long as its bytes are; it throws for no block whatever. */
    HeaderView read(byte[] bytes, int start, int length);

    /** Those of {@code draft}, or null where its block has none, or nobody reads it. */
    static @Nullable HeaderView of(Draft draft) {
        for (NativeHeaders reader : Found.ALL) {
            if (reader.codec() == draft.nativeCodec) {
                return reader.read(draft.nativeBytes, draft.nativeStart, draft.nativeLength);
            }
        }
        return null;
    }

    /** Looked for when the first one is needed. */
    final class Found {
        private static final List<NativeHeaders> ALL =
                ServiceLoader.load(NativeHeaders.class, NativeHeaders.class.getClassLoader()).stream()
                        .map(ServiceLoader.Provider::get)
                        .toList();

        private Found() {}
    }
}
