package dev.recado.transport.text;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.transport.ByteBudget;

/** What all sessions of one event loop share: scratch, in which none keeps anything from one call to the next. */
final class LoopBuffers {

    /** What the largest answer or delivery leaves behind at most. */
    private static final int KEPT_BYTES_MAX = 512 * 1024;

    private static final byte[] NOTHING = {};

    final ByteWriter out = new ByteWriter(16 * 1024);
    final ByteWriter scratch = new ByteWriter(4 * 1024);
    final Draft draft = new Draft();
    final MessageView view = new MessageView();
    final ByteReader reader = new ByteReader();
    final TopicCache topics = new TopicCache();
    /** Told of the heap that large output of all sessions holds. */
    final ByteGauge large;

    /** Of all loops. */
    final BrowseBudget browsing;
    /** Of all loops: for large replies that came and are not written. */
    final ByteBudget replies;

    LoopBuffers(ByteGauge large, BrowseBudget browsing, ByteBudget replies) {
        this.large = large;
        this.browsing = browsing;
        this.replies = replies;
    }

    /** Nothing of a message stays behind. */
    void trim() {
        draft.clear();
        view.forget();
        reader.wrap(NOTHING, 0, 0);
    }

    /** The output, emptied. */
    ByteWriter freshOut() {
        out.clear(KEPT_BYTES_MAX);
        return out;
    }

    /** The scratch, emptied. */
    ByteWriter freshScratch() {
        scratch.clear(KEPT_BYTES_MAX);
        return scratch;
    }
}
