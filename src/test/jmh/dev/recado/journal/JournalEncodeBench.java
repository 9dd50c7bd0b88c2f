package dev.recado.journal;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.EntryHeader;
import dev.recado.core.message.EntryLayout;
import dev.recado.core.message.EntryType;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.RunLayout;
import java.nio.ByteBuffer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** An entry of 500 messages of 128 bytes on its way to the disk: first at its owner, then on the journal thread. */
@State(Scope.Thread)
public class JournalEncodeBench {

    private static final int MESSAGES = 500;
    private static final int PAYLOAD_BYTES = 128;

    private final ByteWriter entry = new ByteWriter(256 * 1024);
    private final EntryHeader header =
            new EntryHeader(EntryType.DATA, 1, 7, 1, 1, 7, 1_700_000_000_000L, 1_700_000_000_000L);
    private final GatherBuffer gathering = new GatherBuffer();
    private long sequence;

    public JournalEncodeBench() {
        EntryLayout.begin(entry);
        int run = entry.skip(RunLayout.HEADER_BYTES);
        int messages = entry.size();
        Draft draft = new Draft().payload(new byte[PAYLOAD_BYTES], 0, PAYLOAD_BYTES);
        for (int i = 0; i < MESSAGES; i++) {
            MessageLayout.write(entry, draft);
        }
        RunLayout.setHeader(entry, run, 1, 0, MESSAGES, entry.size() - messages, null, 0, 1);
        EntryLayout.finish(entry, 0, header);
    }

    /** Per message: the header of its entry, with the checksum. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int entry() {
        EntryLayout.finish(entry, 0, header);
        return entry.size();
    }

    /** Per message: its entry copied into a group, and that group sealed, with its own checksum. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public ByteBuffer[] group() {
        gathering.add(JournalLayout.KIND_ENTRY, entry.array(), 0, entry.size());
        ByteBuffer[] sealed = gathering.seal(1, sequence++, 0);
        gathering.clear();
        return sealed;
    }
}
