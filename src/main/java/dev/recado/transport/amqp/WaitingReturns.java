package dev.recado.transport.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.transport.amqp.wire.BodyFrames;
import java.util.ArrayDeque;

/**
 * Messages of a channel that go back to their publisher and are too large to be encoded at once; its publishes are
 * confirmed behind them. While one waits the connection performs nothing more, which bounds them. One owner.
 */
final class WaitingReturns implements MessageSource {

    private final int channel;
    private final MessageOutlet outlet;
    private final Runnable onAllWritten;
    private final ArrayDeque<Returned> waiting = new ArrayDeque<>(0);
    private boolean writing;

    /** {@code head} is all before the body's frames. */
    private record Returned(byte[] head, byte[] body) {}

    WaitingReturns(int channel, MessageOutlet outlet, Runnable onAllWritten) {
        this.channel = channel;
        this.outlet = outlet;
        this.onAllWritten = onAllWritten;
    }

    void add(byte[] head, byte[] body) {
        if (waiting.isEmpty()) {
            outlet.ready(this);
        }
        waiting.add(new Returned(head, body));
        outlet.returnsWait(1);
    }

    /** Whether one is not written to its end. */
    boolean isPending() {
        return writing || !waiting.isEmpty();
    }

    @Override
    public boolean isWaiting() {
        return !waiting.isEmpty();
    }

    @Override
    public void encode(ByteWriter out, int bytesMax) {
        Returned next = waiting.poll();
        if (next != null) {
            out.put(next.head);
            writing = true;
            BodyFrames frames = new BodyFrames().start(channel, 0, next.body.length, outlet.frameBytesMax());
            outlet.large().holdAndBegin(new BodySlices(next.body, frames), next.body.length, this::written);
        }
    }

    private void written() {
        writing = false;
        outlet.returnsWait(-1);
        if (waiting.isEmpty()) {
            onAllWritten.run();
        }
    }

    /** The channel is over. */
    void close() {
        outlet.notReady(this);
        outlet.returnsWait(-waiting.size());
        waiting.clear();
    }
}
