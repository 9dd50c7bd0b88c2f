package dev.recado.bench.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Frames;
import dev.recado.transport.zmtp.wire.Greeting;
import dev.recado.transport.zmtp.wire.Metadata;
import java.nio.ByteBuffer;

/** What our sockets say beside messages. */
final class Words {

    static final String NULL = "NULL";

    /** Time to live in front of a PING's context: 0 asks the peer to keep no watch of us. */
    private static final int TTL_BYTES = 2;

    private Words() {}

    /** Greeting and READY at once: nothing in them depends on what the peer says. */
    static void putGreeting(SocketType type, ByteWriter out) {
        Greeting.putStart(out);
        Greeting.putRest(out, NULL, false);
        ByteWriter metadata = new ByteWriter(64);
        Metadata.put(metadata, type.name(), null);
        Frames.putCommand(out, Command.READY, metadata.array(), 0, metadata.size());
    }

    /** A PING; its PONG, which comes when everything before it was read, repeats the context. */
    static void putPing(byte[] context, ByteWriter out) {
        byte[] data = new byte[TTL_BYTES + context.length];
        System.arraycopy(context, 0, data, TTL_BYTES, context.length);
        Frames.putCommand(out, Command.PING, data, 0, data.length);
    }

    /** Answers a well-formed PING, whose time to live nobody here needs. */
    static void putPong(Command ping, ByteWriter out) {
        Frames.putCommand(out, Command.PONG, ping.bytes(), ping.dataStart() + TTL_BYTES, ping.dataLength() - TTL_BYTES);
    }

    /** Whether a PING has its time to live and no more context than its PONG may repeat. */
    static boolean isWellFormed(Command ping) {
        int length = ping.dataLength() - TTL_BYTES;
        return length >= 0 && length <= Command.PING_CONTEXT_BYTES_MAX;
    }

    /** The beginning of every payload of the run, which is what its consumers subscribe to. */
    static byte[] prefix(int run) {
        return ByteBuffer.allocate(Integer.BYTES).putInt(run).array();
    }
}
