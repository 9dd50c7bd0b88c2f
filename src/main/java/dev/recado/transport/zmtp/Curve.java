package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.security.Identity;
import dev.recado.transport.zmtp.curve.CurveKeys;
import dev.recado.transport.zmtp.curve.CurveServer;
import dev.recado.transport.zmtp.curve.CurveStep;
import dev.recado.transport.zmtp.wire.FrameReader;
import dev.recado.transport.zmtp.wire.Frames;
import dev.recado.transport.zmtp.wire.Metadata;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * CURVE of one connection: its handshake, then every frame sealed in a MESSAGE. What it opens becomes plain frames
 * again, and what it seals were plain frames, so that nothing else of a session knows of it. One owner.
 */
final class Curve {

    /**
     * What a broker needs for CURVE, shared by all connections.
     *
     * @param clients whose keys the operator admits
     * @param listed who those are that are no user's; null where the operator has no list and admits any
     */
    record Keys(
            CurveKeys pair,
            Predicate<byte[]> clients,
            @Nullable Identity listed,
            Consumer<byte[]> random) {}

    /** What sealing adds to a frame at most. */
    static final int OVERHEAD_BYTES_MAX = CurveServer.OVERHEAD_BYTES_MAX;

    private final CurveServer server;
    private final Keys keys;
    private final FrameReader reader = new FrameReader();
    private final ByteWriter scratch = new ByteWriter(256);
    private @Nullable Metadata metadata;

    /** {@code known}: whose key may come beside those that the operator has listed. */
    Curve(Keys keys, Predicate<byte[]> known) {
        server = new CurveServer(keys.pair(), keys.clients().or(known), keys.random());
        this.keys = keys;
    }

    /**
     * A command of the handshake came; answers why it is refused, or null. The peer is told already, or is not to be
     * told.
     */
    @Nullable
    String onHandshake(byte[] body, int from, int length, ByteWriter out) {
        scratch.clear();
        CurveStep step = server.onCommand(body, from, length, scratch);
        switch (step) {
            case WELCOME -> putCommand(out);
            case INITIATED -> {
                metadata = Metadata.read(body, server.payloadFrom(), server.payloadLength());
                return metadata == null ? "malformed metadata" : null;
            }
            case DENIED -> {
                putCommand(out);
                return server.refusal().detail();
            }
            default -> {
                return server.refusal().detail();
            }
        }
        return null;
    }

    /** The body in {@link #scratch}, which begins with the command's name. */
    private void putCommand(ByteWriter out) {
        Frames.putCommandBody(out, scratch.array(), 0, scratch.size());
    }

    /** What the client said of itself, once its INITIATE was opened, or null. */
    @Nullable
    Metadata metadata() {
        return metadata;
    }

    /** The client's key, of which it has proven to hold the secret. */
    byte[] clientKey() {
        return server.clientKey();
    }

    /** Whether the operator has listed keys at all: else any may come. */
    boolean hasList() {
        return keys.listed() != null;
    }

    /** Who the client is where the operator has listed its key and it is no user's; null where that is not so. */
    @Nullable
    Identity listed() {
        return keys.clients().test(server.clientKey()) ? keys.listed() : null;
    }

    /** Appends READY; traffic may follow. */
    void ready(ByteWriter properties, ByteWriter out) {
        scratch.clear();
        server.ready(properties.array(), 0, properties.size(), scratch);
        putCommand(out);
    }

    boolean isOpen() {
        return server.isReady();
    }

    /**
     * Opens a MESSAGE, in place, and appends the plain frame with its header; answers whether it was one. After that
     * nothing of the peer can be trusted.
     */
    boolean open(byte[] body, int from, int length, ByteWriter plain) {
        if (server.onCommand(body, from, length, scratch) != CurveStep.MESSAGE) {
            return false;
        }
        int flags = (server.flags() & CurveServer.MORE) != 0 ? FrameReader.MORE : 0;
        if ((server.flags() & CurveServer.COMMAND) != 0) {
            flags |= FrameReader.COMMAND;
        }
        Frames.put(plain, flags, body, server.payloadFrom(), server.payloadLength());
        return true;
    }

    /** Seals the plain frames in {@code bytes[from, to)}. */
    void seal(byte[] bytes, int from, int to, ByteWriter out) {
        int at = from;
        while (at < to) {
            if (reader.read(bytes, at, to, Integer.MAX_VALUE) != FrameReader.Outcome.FRAME) {
                throw new AssertionError("own output is not whole frames at=" + at + " to=" + to);
            }
            int flags = (reader.more() ? CurveServer.MORE : 0) | (reader.command() ? CurveServer.COMMAND : 0);
            server.seal(flags, bytes, reader.bodyStart(), reader.bodyLength(), out);
            at = reader.end();
        }
    }

    /** Forgets the keys of the connection. */
    void close() {
        server.close();
    }
}
