package dev.recado.it;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;

/** One connection that speaks ZMTP 3.0 by hand, to see what ZeroMQ's libraries keep to themselves. */
final class RawZmtp implements AutoCloseable {

    private static final int READ_MS_MAX = 20_000;
    private static final int COMMAND_FLAG = 4;
    private static final int GREETING_BYTES = 64;
    private static final int MECHANISM_AT = 12;

    private final Socket socket;
    private final DataInputStream input;

    /** Connects and exchanges greetings. */
    RawZmtp(int port, String mechanism) throws IOException {
        socket = new Socket(InetAddress.getLoopbackAddress(), port);
        socket.setSoTimeout(READ_MS_MAX);
        input = new DataInputStream(socket.getInputStream());
        byte[] greeting = new byte[GREETING_BYTES];
        greeting[0] = (byte) 0xFF;
        greeting[9] = 0x7F;
        greeting[10] = 3;
        byte[] name = mechanism.getBytes(StandardCharsets.US_ASCII);
        System.arraycopy(name, 0, greeting, MECHANISM_AT, name.length);
        socket.getOutputStream().write(greeting);
        input.readFully(new byte[GREETING_BYTES]);
    }

    /** Sends a short command. */
    void command(String name, String data) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        frame.write(COMMAND_FLAG);
        frame.write(1 + name.length() + data.length());
        frame.write(name.length());
        frame.writeBytes((name + data).getBytes(StandardCharsets.ISO_8859_1));
        socket.getOutputStream().write(frame.toByteArray());
    }

    /** The metadata of a READY with a type of socket. */
    static String socketType(String type) {
        return "\13Socket-Type\0\0\0" + (char) type.length() + type;
    }

    /** The name and the data of the next short command, with a blank between; {@code closed} at the end. */
    String nextCommand() throws IOException {
        try {
            int flags = input.readUnsignedByte();
            byte[] body = new byte[input.readUnsignedByte()];
            input.readFully(body);
            if (flags != COMMAND_FLAG) {
                throw new AssertionError("not a short command, flags=" + flags);
            }
            String text = new String(body, StandardCharsets.ISO_8859_1);
            int nameLength = text.charAt(0);
            return text.substring(1, 1 + nameLength) + " " + text.substring(1 + nameLength);
        } catch (EOFException end) {
            return "closed";
        }
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
