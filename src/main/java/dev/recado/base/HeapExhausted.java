package dev.recado.base;

import org.jspecify.annotations.Nullable;

/**
 * Tells an exhausted Java heap from its likes. After it any allocation anywhere may have failed, in code that nobody
 * wrote for that: what the process holds is no longer to be trusted, and the process ends.
 */
public final class HeapExhausted {

    private static final String DIRECT = "Cannot reserve";

    private HeapExhausted() {}

    /**
     * Whether {@code failure} or one of its causes says that the heap is exhausted (or that a thread cannot be made). A
     * refusal of direct memory is none: the one who asked gets nothing and all others are untouched. Netty refuses with
     * a class of its own, the JDK with a text that it never translates.
     */
    public static boolean is(@Nullable Throwable failure) {
        Throwable cause = failure;
        for (int depth = 0; cause != null && depth < 16; depth++) {
            if (cause.getClass() == OutOfMemoryError.class) {
                String text = cause.getMessage();
                return text == null || !text.startsWith(DIRECT);
            }
            cause = cause.getCause();
        }
        return false;
    }
}
