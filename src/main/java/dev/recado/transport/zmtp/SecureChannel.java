package dev.recado.transport.zmtp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.InputAssembly;
import dev.recado.transport.Lender;
import dev.recado.transport.zmtp.wire.FrameReader;

/**
 * Both directions of a connection behind a handshake of CURVE. Incoming frames are opened and put together again by a
 * decoder of plain frames; outgoing ones are sealed as a whole slice. One owner.
 */
final class SecureChannel {

    /** What a sealed frame has beside a plain one, for the limits of the decoder of sealed frames. */
    static final int OVERHEAD_BYTES_MAX = Curve.OVERHEAD_BYTES_MAX + MessageDecoder.FRAME_BYTES;

    private final Curve curve;
    private final ChannelBudget memory;
    private final MessageDecoder opened;
    /** Bytes at the beginning of the output that are older than the channel. */
    private int olderBytes;

    SecureChannel(Curve curve, int olderBytes, int messageBytesMax, Lender budget) {
        this.curve = curve;
        this.olderBytes = olderBytes;
        long messageBytes = messageBytesMax + (long) FrameReader.HEADER_BYTES_MAX;
        memory = new ChannelBudget(budget, 2 * messageBytes + OVERHEAD_BYTES_MAX, this::isWithinMessage);
        opened = new MessageDecoder(messageBytesMax, memory);
    }

    /** Both assemblies, of sealed frames and of what was opened, ask it for memory. */
    ChannelBudget memory() {
        return memory;
    }

    /** Whether frames were opened of a message that goes on. */
    private boolean isWithinMessage() {
        return opened.input().unreadBytes() > 0;
    }

    /** Cuts what was opened into messages and commands. */
    MessageDecoder opened() {
        return opened;
    }

    /** Where a large message grows: one of several sealed frames here, else where {@code sealed} has it. */
    InputAssembly assembling(MessageDecoder sealed) {
        return opened.input().reservedBytes() > 0 ? opened.input() : sealed.input();
    }

    /**
     * Opens the frame that {@code sealed} brought, into {@code plain}, which has to stay until {@link #opened} has kept
     * it; answers whether it was a frame of the channel. libzmq does not mark it as a command, others do.
     */
    boolean open(MessageDecoder sealed, ByteWriter plain) {
        if (sealed.frameCount() != 1 || !curve.open(sealed.bytes(), sealed.start(0), sealed.length(0), plain)) {
            return false;
        }
        opened.input().feed(plain.array(), 0, plain.size());
        return true;
    }

    /** Seals the frames in {@code plain} and answers {@code sealed}. */
    ByteWriter seal(ByteWriter plain, ByteWriter sealed) {
        sealed.put(plain.array(), 0, olderBytes);
        curve.seal(plain.array(), olderBytes, plain.size(), sealed);
        olderBytes = 0;
        return sealed;
    }

    void close() {
        opened.close();
    }
}
