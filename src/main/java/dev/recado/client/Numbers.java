package dev.recado.client;

/** Numbers in the broker's answers, and the clock. */
final class Numbers {

    private Numbers() {}

    /** The number after the last colon of {@code OK:<text>}. */
    static long afterLastColon(String text) {
        try {
            return Long.parseLong(text.substring(text.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            throw new RecadoException(RecadoException.Kind.PROTOCOL, "expected a number at the end of OK:" + text, e);
        }
    }

    /** Milliseconds of the monotonic clock. */
    static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
