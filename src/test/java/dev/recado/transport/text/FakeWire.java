package dev.recado.transport.text;

import dev.recado.transport.FakeSocket;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** A client of the text protocol, which reads lines. */
final class FakeWire extends FakeSocket<TextSession> {

    private int read;

    /** The next line that was written, or null. */
    @Nullable
    String nextLine() {
        for (int at = read; at < received.size(); at++) {
            if (received.array()[at] == '\n') {
                String line = new String(received.array(), read, at - read, StandardCharsets.UTF_8);
                read = at + 1;
                return line;
            }
        }
        return null;
    }

    /** Everything written and not read as lines. */
    String rest() {
        String rest = new String(received.array(), read, received.size() - read, StandardCharsets.UTF_8);
        read = received.size();
        return rest;
    }
}
