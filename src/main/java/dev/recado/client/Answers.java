package dev.recado.client;

import dev.recado.base.PercentCodec;

/** Fields of the broker's answers, and the clock. */
final class Answers {

    private Answers() {}

    /** The number after the last colon of {@code OK:<text>}. */
    static long afterLastColon(String text) {
        try {
            return Long.parseLong(text.substring(text.lastIndexOf(':') + 1));
        } catch (NumberFormatException e) {
            throw new RecadoException(RecadoException.Kind.PROTOCOL, "expected a number at the end of OK:" + text, e);
        }
    }

    /** What stands behind the first colon of {@code OK:<text>}, decoded. */
    static String afterFirstColon(String text) {
        return decoded(text.substring(text.indexOf(':') + 1));
    }

    /** What stands behind the last colon of {@code OK:<text>}, decoded. */
    static String lastField(String text) {
        return decoded(text.substring(text.lastIndexOf(':') + 1));
    }

    /** The text that a field stands for. */
    static String decoded(String field) {
        String text = PercentCodec.decode(field);
        if (text == null) {
            throw CommandStream.fault("a % lacks its digits in " + field);
        }
        return text;
    }

    /** Milliseconds of the monotonic clock. */
    static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }
}
