package dev.recado.transport.text;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;
import dev.recado.transport.text.wire.ErrorText;

/** The lines of the text protocol that say what went wrong, in the words of {@link ErrorText}. */
final class ErrorWords {

    private static final int DETAIL_CHARS_MAX = 512;

    private ErrorWords() {}

    /** Codes whose line the protocol fixes to the letter, so that a client may compare it whole. */
    private static boolean isBare(ErrorCode code) {
        return switch (code) {
            case TOPIC_FULL, DISK_LOW, UNKNOWN_OUTCOME, SEQUENCE_TOO_OLD -> true;
            default -> false;
        };
    }

    /** The line, without its end. */
    static String line(ErrorCode code, String detail) {
        String word = "ERROR:" + ErrorText.words(code);
        return isBare(code) || detail.isEmpty() ? word : word + ": " + oneLine(detail);
    }

    static String line(Refusal refusal) {
        String line = line(refusal.code(), refusal.detail());
        if (refusal.partly().isEmpty()) {
            return line;
        }
        boolean hasDetail = !isBare(refusal.code()) && !refusal.detail().isEmpty();
        return line + (hasDetail ? ", " : ": ") + refusal.partly();
    }

    /** The line for a failed future; what is no {@link BrokerException} is our bug and tells no inner words. */
    static String line(Throwable failure) {
        return failure instanceof BrokerException known ? line(BrokerException.refusal(known)) : "ERROR:Internal error";
    }

    private static String oneLine(String detail) {
        int length = Math.min(detail.length(), DETAIL_CHARS_MAX);
        StringBuilder out = new StringBuilder(length);
        for (int i = 0; i < length; i++) {
            char c = detail.charAt(i);
            out.append(c < ' ' || c == 127 ? '?' : c);
        }
        return out.toString();
    }
}
