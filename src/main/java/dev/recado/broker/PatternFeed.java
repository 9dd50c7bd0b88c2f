package dev.recado.broker;

import dev.recado.base.ByteWriter;
import dev.recado.base.Refusal;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Topic;
import java.util.List;

/**
 * Copies what a partition has committed to the queues of pattern subscriptions, with the header {@code topic} that
 * names its origin. Owned by the partition's loop.
 */
final class PatternFeed implements Receipts {

    private final Loop loop;
    private final ByteWriter headers = new ByteWriter(256);
    private final MessageView view = new MessageView();
    private final Draft draft = new Draft();

    PatternFeed(Loop loop) {
        this.loop = loop;
    }

    void feed(Topic topic, PatternQueues.Queue[] queues, List<StoredRun> runs) {
        for (StoredRun run : runs) {
            int at = run.messagesStart();
            for (int i = 0; i < run.count(); i++) {
                copy(topic, queues, run, at);
                at += MessageLayout.length(run.bytes(), at);
            }
        }
    }

    private void copy(Topic topic, PatternQueues.Queue[] queues, StoredRun run, int at) {
        view.read(run.bytes(), at);
        view.copyTo(draft);
        headers.clear();
        Headers.put(headers, Headers.TOPIC, topic.name().name());
        headers.put(view.bytes, view.headersStart, view.headersLength);
        draft.headers(headers.array(), 0, headers.size());
        for (PatternQueues.Queue queue : queues) {
            loop.builders().add(queue.shard(), queue.partition(), draft, this, 0, null, 0);
        }
    }

    @Override
    public void onConfirmed(long firstTicket, int count, int partitionIndex, long firstOffset, long bytes) {
        // The copies are nobody's publish.
    }

    @Override
    public void onRefused(long firstTicket, int count, Refusal refusal, long bytes) {
        // A queue that ended takes no more.
    }

    @Override
    public void onParked(long bytes) {
        // Never parked: the policy is drop-oldest.
    }
}
