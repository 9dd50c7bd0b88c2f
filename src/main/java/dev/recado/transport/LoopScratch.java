package dev.recado.transport;

import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;

/**
 * Scratch of the sessions of one event loop, in which none keeps anything from one call to the next. Owned by its
 * loop.
 */
public final class LoopScratch {

    /** What the largest answer or delivery leaves behind at most. */
    private static final int KEPT_BYTES_MAX = 512 * 1024;

    private static final byte[] NOTHING = {};

    public final Draft draft = new Draft();
    public final MessageView view = new MessageView();
    public final ByteReader reader = new ByteReader();
    private final ByteWriter out = new ByteWriter(16 * 1024);
    private final ByteWriter scratch = new ByteWriter(4 * 1024);

    /** Nothing of a message stays behind, and no large array. */
    public void trim() {
        draft.clear();
        view.forget();
        reader.wrap(NOTHING, 0, 0);
        out.clear(KEPT_BYTES_MAX);
        scratch.clear(KEPT_BYTES_MAX);
    }

    /** The output, emptied. */
    public ByteWriter freshOut() {
        out.clear(KEPT_BYTES_MAX);
        return out;
    }

    /** The scratch, emptied. */
    public ByteWriter freshScratch() {
        scratch.clear(KEPT_BYTES_MAX);
        return scratch;
    }
}
