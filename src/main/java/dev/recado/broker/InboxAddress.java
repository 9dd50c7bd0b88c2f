package dev.recado.broker;

import org.jspecify.annotations.Nullable;

/**
 * Where an answer goes, as a {@code reply-to} header has it: {@code node/loop/token/correlation} of a session, or
 * {@code node/-1/hash/correlation} of a named inbox.
 */
public record InboxAddress(String nodeId, int loop, long token, long correlation) {

    private static final int PARTS = 4;

    /** What {@code text} says, or null where it is no such address. */
    public static @Nullable InboxAddress parse(String text) {
        String[] parts = text.split("/", -1);
        if (parts.length != PARTS) {
            return null;
        }
        try {
            return new InboxAddress(
                    parts[0], Integer.parseInt(parts[1]), Long.parseLong(parts[2]), Long.parseLong(parts[3]));
        } catch (NumberFormatException other) {
            return null;
        }
    }
}
