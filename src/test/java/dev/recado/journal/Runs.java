package dev.recado.journal;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.RunLayout;
import dev.recado.core.message.StoredRun;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Makes runs as an owner would. */
final class Runs {

    private Runs() {}

    static StoredRun run(int partition, long baseOffset, int count, byte[] payload, long timeMs) {
        return run(partition, baseOffset, count, payload, timeMs, timeMs);
    }

    static StoredRun run(
            int partition, long baseOffset, int count, byte[] payload, long publishTimeMs, long logTimeMs) {
        ByteWriter messages = new ByteWriter(64);
        Draft draft = new Draft();
        for (int i = 0; i < count; i++) {
            MessageLayout.write(messages, draft.clear().payload(payload, 0, payload.length));
        }
        ByteWriter out = new ByteWriter(64);
        RunLayout.setHeader(
                out, out.skip(RunLayout.headerBytes(null)), partition, baseOffset, count, messages.size(), null, 0, 1);
        out.put(messages.array(), 0, messages.size());
        @Nullable StoredRun run = RunLayout.read(out.toByteArray(), 0, out.size(), publishTimeMs, logTimeMs, 7);
        if (run == null) {
            throw new AssertionError("run does not hold together");
        }
        return run;
    }

    /** A run in words, for comparisons: where its bytes lie does not matter. */
    static String text(StoredRun run) {
        int hash = 1;
        for (int i = run.start(); i < run.end(); i++) {
            hash = hash * 31 + run.bytes()[i];
        }
        return run.partition() + "@" + run.baseOffset() + "+" + run.count() + " t=" + run.publishTimeMs() + "/"
                + run.logTimeMs() + " l=" + run.lamport() + " #" + hash;
    }

    static List<String> texts(List<StoredRun> runs) {
        return runs.stream().map(Runs::text).toList();
    }
}
