package dev.recado.broker.session;

import dev.recado.base.ByteWriter;
import dev.recado.core.message.Draft;
import dev.recado.core.message.Headers;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.MessageView;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Topic;
import dev.recado.shard.PatternBlock;
import dev.recado.shard.ShardLoop;
import java.util.Arrays;
import java.util.List;

/**
 * Copies what partitions of one loop have committed for the queues of pattern subscriptions, once for all of them, with
 * the header {@code topic} that names its origin. Owned by that loop.
 */
public final class PatternFeed {

    /** Bytes of one copy, or one larger message: what a queue keeps and drops at once. */
    private static final int BLOCK_BYTES_MAX = 64 * 1024;

    private static final ByteWriter NOTHING = new ByteWriter(0);

    private final SharedBySessions sessions;
    private final ShardLoop loop;
    private final ByteWriter headers = new ByteWriter(256);
    private final MessageView view = new MessageView();
    private final Draft draft = new Draft();
    private ByteWriter block = NOTHING;
    private int count;
    /** Of all messages of the block: when they were published. */
    private long publishTimeMs;

    public PatternFeed(SharedBySessions sessions, ShardLoop loop) {
        this.sessions = sessions;
        this.loop = loop;
    }

    /** {@code runs} of {@code topic} are committed. */
    public void feed(Topic topic, List<StoredRun> runs) {
        PatternQueues.Match match = sessions.patterns().matching(topic);
        if (match.isEmpty()) {
            return;
        }
        headers.clear();
        Headers.put(headers, Headers.TOPIC, topic.name().name());
        int added = headers.size();
        for (StoredRun run : runs) {
            int at = run.messagesStart();
            if (run.publishTimeMs() != publishTimeMs) {
                send(match);
                publishTimeMs = run.publishTimeMs();
            }
            for (int i = 0; i < run.count(); i++) {
                int length = MessageLayout.length(run.bytes(), at);
                if (count > 0 && block.size() + length > BLOCK_BYTES_MAX) {
                    send(match);
                }
                if (count == 0) {
                    int more = Math.min(run.count() - i, BLOCK_BYTES_MAX / (added + 64)) * (added + 16);
                    block = new ByteWriter(Math.max(length, Math.min(run.end() - at, BLOCK_BYTES_MAX)) + more);
                }
                copy(run, at, added);
                at += length;
            }
        }
        send(match);
        headers.clear(1024);
    }

    private void copy(StoredRun run, int at, int added) {
        view.read(run.bytes(), at);
        view.copyTo(draft);
        headers.truncate(added);
        headers.put(view.bytes, view.headersStart, view.headersLength);
        draft.headers(headers.array(), 0, headers.size());
        MessageLayout.write(block, draft);
        count++;
    }

    private void send(PatternQueues.Match match) {
        if (count == 0) {
            return;
        }
        int size = block.size();
        byte[] bytes = block.array();
        if (bytes.length - size > 64 + size / 8) {
            bytes = Arrays.copyOf(bytes, size);
        }
        PatternBlock made = new PatternBlock(
                bytes, size, count, publishTimeMs, sessions.node().nextLamport());
        block = NOTHING;
        count = 0;
        draft.clear();
        view.forget();
        for (BoundPattern[] queues : match.byLoop()) {
            int theirs = queues[0].queue().loop().index();
            if (theirs == loop.index()) {
                PatternMail.put(made, queues);
            } else {
                sessions.loops()
                        .get(theirs)
                        .patternMail()
                        .send(made, queues, sessions.node().settings().patternMailBytesMax(), loop.counters());
            }
        }
    }
}
