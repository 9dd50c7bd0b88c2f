package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.Decoded;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Pipelined PUBs of 128 bytes, cut into the reads that a socket makes, so that commands lie across two of them. */
@State(Scope.Thread)
public class TextCodecBench {

    private static final int MESSAGES = 1_000;
    private static final int PAYLOAD_BYTES = 128;
    private static final int READ_BYTES = 16 * 1024;

    private final TextCodec codec = new TextCodec(64 * 1024, 1 << 20, new ByteBudget(1 << 20).lender(), () -> {});
    private final byte[] stream = stream();

    private static byte[] stream() {
        ByteWriter out = new ByteWriter(MESSAGES * (PAYLOAD_BYTES + 32));
        byte[] payload = new byte[PAYLOAD_BYTES];
        for (int i = 0; i < MESSAGES; i++) {
            out.putAscii("PUB:orders:")
                    .putDecimal(PAYLOAD_BYTES)
                    .put('\n')
                    .put(payload)
                    .put('\n');
        }
        return out.toByteArray();
    }

    /** Per message. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int parse() {
        int payloadBytes = 0;
        for (int at = 0; at < stream.length; at += READ_BYTES) {
            codec.feed(stream, at, Math.min(READ_BYTES, stream.length - at));
            while (codec.next() == Decoded.COMMAND) {
                payloadBytes += codec.command().payloadLength;
            }
            codec.keep();
        }
        return payloadBytes;
    }
}
