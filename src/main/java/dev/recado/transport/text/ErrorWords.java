package dev.recado.transport.text;

import dev.recado.base.BrokerException;
import dev.recado.base.ErrorCode;
import dev.recado.base.Refusal;

/** The one table from {@link ErrorCode} to the words of the text protocol. */
final class ErrorWords {

    private static final int DETAIL_CHARS_MAX = 512;

    private ErrorWords() {}

    /** What stands behind {@code ERROR:} for a code. */
    static String of(ErrorCode code) {
        return switch (code) {
            case MALFORMED -> "Malformed";
            case UNKNOWN_COMMAND -> "Unknown command";
            case INVALID_ARGUMENT -> "Invalid argument";
            case MESSAGE_TOO_LONG -> "Message too long";
            case TOPIC_NOT_FOUND -> "Unknown topic";
            case TOPIC_EXISTS -> "Topic exists";
            case GROUP_NOT_FOUND -> "Unknown group";
            case GROUP_EXISTS -> "Group exists";
            case GROUP_FULL -> "Group full";
            case EXCHANGE_NOT_FOUND -> "Unknown exchange";
            case EXCHANGE_EXISTS -> "Exchange exists";
            case TOPIC_FULL -> "Topic full";
            case DISK_LOW -> "Disk low";
            case MEMORY_LOW -> "Memory low";
            case SEQUENCE_TOO_OLD -> "Sequence too old";
            case UNKNOWN_OUTCOME -> "Unknown outcome";
            case NOT_AUTHENTICATED -> "Not authenticated";
            case NOT_AUTHORIZED -> "Not authorized";
            case TOO_MANY_CONNECTIONS -> "Too many clients";
            case SESSION_REPLACED -> "Session replaced";
            case TIMEOUT -> "Timeout";
            case IDLE -> "Idle";
            case STOPPING -> "Stopping";
            case NOT_ALLOWED -> "Not allowed";
            case DAMAGED -> "Data damaged";
            case STORAGE_FAILED -> "Storage failed";
            case NOT_FOUND -> "Not found";
            case LIMIT_REACHED -> "Limit reached";
            case NOT_ROUTED -> "Not routed";
            case NAME_IN_USE -> "Name in use";
            case SESSION_CLOSED -> "Session closed";
        };
    }

    /** Codes whose line the protocol fixes to the letter, so that a client may compare it whole. */
    private static boolean isBare(ErrorCode code) {
        return switch (code) {
            case TOPIC_FULL, DISK_LOW, UNKNOWN_OUTCOME, SEQUENCE_TOO_OLD -> true;
            default -> false;
        };
    }

    /** The line, without its end. */
    static String line(ErrorCode code, String detail) {
        String word = "ERROR:" + of(code);
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
        return failure instanceof BrokerException known ? line(known.code(), known.detail()) : "ERROR:Internal error";
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
