package dev.recado.transport.text;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Changes;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.transport.LargeOutput;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** The answers owed for publishes with CONFIRM:RANGE: opened, confirmed and written, a thousand in flight. */
@State(Scope.Thread)
public class PendingRepliesBench {

    private static final int MESSAGES = 1_000;

    private final PendingReplies replies = new PendingReplies();
    private final Topic topic =
            Changes.apply(Catalog.empty(8), Changes.createTopic("orders")).topic(TopicName.of("orders"));
    private final ByteWriter out = new ByteWriter(1024);
    private final LargeOutput large = new LargeOutput(ByteGauge.NONE);
    private long next;

    /** Per message. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int confirmRange() {
        long first = next;
        for (int i = 0; i < MESSAGES; i++) {
            replies.openPublish(next++, ConfirmMode.RANGE, -1, topic);
        }
        for (long ticket = first; ticket < next; ticket++) {
            replies.confirmed(ticket, 1, 0, ticket);
        }
        out.clear();
        replies.drain(out, Integer.MAX_VALUE, large);
        return out.size();
    }
}
