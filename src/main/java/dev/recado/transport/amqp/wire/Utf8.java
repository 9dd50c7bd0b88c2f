package dev.recado.transport.amqp.wire;

/** Tells text from other bytes without making a string. */
final class Utf8 {

    private static final int CONTINUATION_BITS = 6;
    private static final int SURROGATE_FIRST = 0xD800;
    private static final int SURROGATE_LAST = 0xDFFF;

    private Utf8() {}

    /** Whether the slice is UTF-8: no stray or missing continuation, no longer form than needed, no surrogate. */
    static boolean isValid(byte[] bytes, int from, int length) {
        int end = from + length;
        int at = from;
        while (at < end) {
            int first = bytes[at];
            int more = first >= 0 ? 0 : continuations(first & 0xFF);
            if (more < 0 || more >= end - at || more > 0 && !isSequence(bytes, at, more)) {
                return false;
            }
            at += 1 + more;
        }
        return true;
    }

    private static int continuations(int first) {
        if (first < 0xC2 || first > 0xF4) {
            return -1;
        }
        return first < 0xE0 ? 1 : first < 0xF0 ? 2 : 3;
    }

    private static boolean isSequence(byte[] bytes, int at, int more) {
        int point = bytes[at] & 0x3F >> more;
        for (int i = 1; i <= more; i++) {
            if ((bytes[at + i] & 0xC0) != 0x80) {
                return false;
            }
            point = point << CONTINUATION_BITS | bytes[at + i] & 0x3F;
        }
        if (more == 2) {
            return point >= 0x800 && (point < SURROGATE_FIRST || point > SURROGATE_LAST);
        }
        return more == 1 || point >= 0x10000 && point <= Character.MAX_CODE_POINT;
    }
}
