package dev.recado.transport.text.wire;

import dev.recado.base.ErrorCode;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The one table between {@link ErrorCode} and the words of the text protocol: {@code ERROR:words} or {@code
 * ERROR:words: detail}.
 */
public final class ErrorText {

    private static final Map<String, ErrorCode> CODES = codes();

    private ErrorText() {}

    private static Map<String, ErrorCode> codes() {
        Map<String, ErrorCode> codes = new HashMap<>();
        for (ErrorCode code : ErrorCode.values()) {
            codes.put(words(code), code);
        }
        return codes;
    }

    /** The code of what stands behind {@code ERROR:}, or null where it is none of these words. */
    public static @Nullable ErrorCode code(String text) {
        int colon = text.indexOf(':');
        return CODES.get(colon < 0 ? text : text.substring(0, colon));
    }

    /** What stands behind {@code ERROR:} for a code, without a detail. */
    public static String words(ErrorCode code) {
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
            case IN_USE -> "In use";
            case NOT_EMPTY -> "Not empty";
        };
    }
}
