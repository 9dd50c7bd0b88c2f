package dev.recado.transport.amqp;

import dev.recado.transport.amqp.wire.FieldCursor;
import dev.recado.transport.amqp.wire.FieldTable;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A name and a password as one of the mechanisms carries them.
 *
 * @param password cleared by who takes it
 */
record Credentials(String user, byte[] password) {

    /** What the response to a mechanism holds; null where that mechanism is not offered or says it otherwise. */
    static @Nullable Credentials read(String mechanism, byte[] response) {
        return switch (mechanism) {
            case "PLAIN" -> plain(response);
            case "AMQPLAIN" -> amqPlain(response);
            default -> null;
        };
    }

    /** RFC 4616: an identity to act as, which must be empty here, name and password, each behind a zero. */
    private static @Nullable Credentials plain(byte[] response) {
        int name = response.length > 0 && response[0] == 0 ? 1 : -1;
        int end = name;
        while (end > 0 && end < response.length && response[end] != 0) {
            end++;
        }
        if (end < 1 || end >= response.length) {
            return null;
        }
        byte[] password = Arrays.copyOfRange(response, end + 1, response.length);
        return new Credentials(new String(response, name, end - name, StandardCharsets.UTF_8), password);
    }

    /** A table without its length. */
    private static @Nullable Credentials amqPlain(byte[] response) {
        FieldTable table = FieldTable.read(response, 0, response.length);
        FieldCursor at = new FieldCursor();
        if (table == null || !table.find("LOGIN", at) || !at.isText()) {
            return null;
        }
        String user = at.text();
        if (!table.find("PASSWORD", at) || !at.isText()) {
            return null;
        }
        byte[] password = Arrays.copyOfRange(at.bytes(), at.valueStart(), at.valueStart() + at.valueLength());
        return new Credentials(user, password);
    }
}
