package dev.recado.core.message;

import dev.recado.base.ByteWriter;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** A message of 128 bytes as it is stored, into an array that is large enough. */
@State(Scope.Thread)
public class MessageLayoutBench {

    private static final int MESSAGES = 500;
    private static final int PAYLOAD_BYTES = 128;

    private final byte[] input = new byte[16 * 1024];
    private final Draft draft = new Draft();
    private final ByteWriter out = new ByteWriter(MESSAGES * (PAYLOAD_BYTES + MessageLayout.OVERHEAD_BYTES));

    /** Per message. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int write() {
        out.clear();
        for (int i = 0; i < MESSAGES; i++) {
            MessageLayout.write(out, draft.clear().payload(input, i, PAYLOAD_BYTES));
        }
        return out.size();
    }
}
