package dev.recado.transport.zmtp;

import static org.assertj.core.api.Assertions.assertThat;

import dev.recado.transport.FakeSocket;
import dev.recado.transport.zmtp.wire.FrameReader;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Recorded;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** A program that speaks ZMTP. */
final class ZmtpPeer extends FakeSocket<ZmtpSession> {

    private final FrameReader frame = new FrameReader();
    private int read;

    /** The program is gone. */
    void hangUp() {
        close();
    }

    /** Sends a message or a command, see {@link Frame}. */
    void send(String text) {
        send(Frame.wire(text));
    }

    /** Greets with a version, waits for the greeting, and says what it is. */
    void greet(String type, String identity, int minor) {
        byte[] greeting = Arrays.copyOf(Recorded.PUSH, Greeting.BYTES);
        greeting[Greeting.MAJOR_AT + 1] = (byte) minor;
        send(greeting);
        assertThat(received.size()).isEqualTo(Greeting.BYTES);
        read = Greeting.BYTES;
        String id = identity.isEmpty() ? "" : "\\x08Identity" + length(Frame.bytes(identity).length) + identity;
        send("/READY \\x0bSocket-Type" + length(type.length()) + type + id);
    }

    /** Does not read so many bytes that come first. */
    void passOver(int bytes) {
        read = bytes;
    }

    private static String length(int bytes) {
        return String.format("\\x00\\x00\\x00\\x%02x", bytes);
    }

    /** The body of the next frame behind the greeting. */
    byte[] nextBody() {
        read = Math.max(read, Greeting.BYTES);
        assertThat(frame.read(received.array(), read, received.size(), Integer.MAX_VALUE - 16))
                .isEqualTo(FrameReader.Outcome.FRAME);
        read = frame.end();
        return Arrays.copyOfRange(received.array(), frame.bodyStart(), frame.end());
    }

    /** What comes next, as {@link Frame} writes it (data of a command behind a blank), or null. */
    @Nullable
    String next() {
        StringBuilder text = new StringBuilder();
        int at = read;
        boolean more = true;
        while (more) {
            if (frame.read(received.array(), at, received.size(), Integer.MAX_VALUE - 16)
                    != FrameReader.Outcome.FRAME) {
                return null;
            }
            if (frame.command()) {
                int name = received.array()[frame.bodyStart()];
                int data = frame.bodyStart() + 1 + name;
                // The reason of an ERROR stands behind its length.
                boolean error = name == 5 && received.array()[frame.bodyStart() + 1] == 'E';
                text.append('/').append(Frame.text(received.array(), frame.bodyStart() + 1, name));
                data += error ? 1 : 0;
                text.append(data < frame.end() ? " " : "");
                text.append(Frame.text(received.array(), data, frame.end() - data));
            } else {
                text.append('[')
                        .append(Frame.text(received.array(), frame.bodyStart(), frame.bodyLength()))
                        .append(']');
            }
            at = frame.end();
            more = frame.more();
        }
        read = at;
        return text.toString();
    }
}
