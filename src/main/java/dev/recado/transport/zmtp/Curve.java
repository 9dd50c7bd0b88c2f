package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.security.Identity;
import dev.recado.transport.zmtp.wire.Command;
import dev.recado.transport.zmtp.wire.Metadata;
import org.jspecify.annotations.Nullable;

/** Port to one connection's CURVE: its handshake, then every frame sealed in a command MESSAGE. One owner. */
interface Curve {

    /** A command of the handshake came; answers why it is refused, or null. */
    @Nullable
    String onHandshake(Command command, ByteWriter out);

    /** What the client said of itself, once its INITIATE was opened, or null. */
    @Nullable
    Metadata metadata();

    /** Whether the client's key is one that the broker was told to admit. */
    boolean isListed();

    /** Who such a client is. */
    Identity identity();

    /** Appends the sealed READY; traffic may follow. */
    void ready(ByteWriter metadata, ByteWriter out);

    boolean isOpen();

    /** Opens a MESSAGE and appends the plain frame, its header included; answers why it is refused, or null. */
    @Nullable
    String open(Command message, ByteWriter plain);

    /** Seals the plain frames in {@code bytes[from, to)}, each in a MESSAGE. */
    void seal(byte[] bytes, int from, int to, ByteWriter out);
}
