package dev.recado.transport.text;

import dev.recado.base.ByteGauge;
import dev.recado.base.ByteWriter;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.session.Batches;
import dev.recado.core.message.DeliveryBatch;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.StartPosition;
import dev.recado.transport.ByteBudget;
import dev.recado.transport.FakeBroker;
import dev.recado.transport.FakeLink;
import dev.recado.transport.FakeSubscription;
import dev.recado.transport.LargeOutput;
import dev.recado.transport.WrittenMarks;
import java.util.List;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;

/** Stored messages of 128 bytes as {@code MSG} with its header and payload. */
@State(Scope.Thread)
public class TextSubscriptionBench {

    private static final int MESSAGES = 500;
    private static final int PAYLOAD_BYTES = 128;
    private static final long FIRST_OFFSET = 1_000_000;

    private final ByteWriter out = new ByteWriter(MESSAGES * (PAYLOAD_BYTES + 64));
    private final TextSubscription member = subscription(false);
    private final TextSubscription tap = subscription(true);
    private final StoredRun run = run();
    private final DeliveryBatch deliveries = deliveries(run);

    private static TextSubscription subscription(boolean tap) {
        TextSubscription.Target target = new TextSubscription.Target(
                new LoopBuffers(ByteGauge.NONE, new BrowseBudget(0), new ByteBudget(0)),
                new LargeOutput(ByteGauge.NONE),
                new WrittenMarks());
        TextSubscription made = new TextSubscription(1, new TextSubscription.Wish(tap, false, false, MESSAGES), target);
        SubscribeSpec spec =
                new SubscribeSpec(SubscribeSpec.Kind.GROUP, "orders", "billing", null, MESSAGES, StartPosition.next());
        // Nothing is acknowledged or reported, so that the group is never asked.
        made.joined(new FakeSubscription(new FakeLink(new FakeBroker(), null), spec, null, 1, ""));
        made.announce();
        return made;
    }

    private static StoredRun run() {
        ByteWriter messages = new ByteWriter(MESSAGES * (PAYLOAD_BYTES + MessageLayout.OVERHEAD_BYTES));
        Draft draft = new Draft().payload(new byte[PAYLOAD_BYTES], 0, PAYLOAD_BYTES);
        for (int i = 0; i < MESSAGES; i++) {
            MessageLayout.write(messages, draft);
        }
        byte[] bytes = messages.toByteArray();
        return new StoredRun(bytes, 0, 0, bytes.length, 1, FIRST_OFFSET, MESSAGES, 1, 1, 1, null, 0, 1);
    }

    /** A batch as a group fills it, except that each message is a run of its own. */
    private static DeliveryBatch deliveries(StoredRun run) {
        DeliveryBatch batch = Batches.batch(0);
        int length = run.length() / MESSAGES;
        for (int i = 0; i < MESSAGES; i++) {
            int at = i * length;
            StoredRun one = new StoredRun(run.bytes(), at, at, length, 1, FIRST_OFFSET + i, 1, 1, 1, 1, null, 0, 1);
            Batches.add(batch, one, 1);
        }
        return batch;
    }

    /** Per message delivered to a member of a group. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int deliver() {
        return encode(member, deliveries);
    }

    /** Per tapped message, with one tap. */
    @Benchmark
    @OperationsPerInvocation(MESSAGES)
    public int tap() {
        return encode(tap, Batches.tap(0, List.of(run), false));
    }

    private int encode(TextSubscription to, Object batch) {
        to.add(batch);
        out.clear();
        to.encode(out, Integer.MAX_VALUE);
        return out.size();
    }
}
