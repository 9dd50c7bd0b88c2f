package dev.recado.transport.text;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteReader;
import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageView;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.LoopScratch;
import dev.recado.transport.TopicCaches;

/** What all text sessions of one event loop share: scratch, the topics named lately, and budgets of all loops. */
final class LoopBuffers {

    final LoopScratch scratch = new LoopScratch();
    final Draft draft = scratch.draft;
    final MessageView view = scratch.view;
    final ByteReader reader = scratch.reader;
    final TopicCaches topics = new TopicCaches();
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

    /** The scratch, emptied. */
    ByteWriter freshScratch() {
        return scratch.freshScratch();
    }
}
