package dev.recado.bench;

import dev.recado.bench.LoadTransport.ConfirmDecoder;
import dev.recado.bench.LoadTransport.ConfirmEvents;
import dev.recado.bench.PublisherLink.Phase;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Reads one connection of one publisher. Owned by its {@link ConfirmLoop}. */
final class ConfirmReader implements ConfirmEvents {

    private final RunState run;
    private final PublisherLink link;
    private final LoadSocket socket;
    private final ConfirmDecoder decoder;
    private final LatencyLog.Writer latencies;
    private final boolean answers;

    private long nowNanos;
    private long measureFromNanos;
    private @Nullable Schedule schedule;
    private long stored;
    private boolean lost;

    ConfirmReader(
            RunState run, PublisherLink link, LoadSocket socket, ConfirmDecoder decoder, LatencyLog.Writer latencies) {
        this.run = run;
        this.link = link;
        this.socket = socket;
        this.decoder = decoder;
        this.latencies = latencies;
        answers = run.plan.isConfirmed();
    }

    /** Answers how many messages were confirmed. */
    long onReadable() {
        stored = 0;
        try {
            int count = socket.read();
            if (count < 0) {
                lose("the broker closed the connection");
                return 0;
            }
        } catch (IOException e) {
            lose(String.valueOf(e.getMessage()));
            return 0;
        }
        nowNanos = System.nanoTime();
        RunState.Times times = run.times();
        schedule = times == null ? null : times.schedule();
        measureFromNanos = times == null ? Long.MAX_VALUE : times.measureFromNanos();
        int at = decoder.read(socket.input(), 0, socket.inputSize(), this);
        if (!lost) {
            socket.consumed(at, decoder.neededBytes());
            link.answeredUpTo(link.ledger.answered());
        }
        return stored;
    }

    void onWritable() {
        link.blocked = false;
    }

    @Override
    public void onReady() {
        link.phase = Phase.READY;
    }

    @Override
    public void onStored(long count) {
        long first = link.ledger.answered();
        if (first + count > link.sent() || !answers) {
            onFailed("more confirmations than messages");
            return;
        }
        for (long sequence = first; sequence < first + count; sequence++) {
            long intended =
                    schedule == null ? link.keptIntended(sequence) : schedule.intendedNanos(link.index, sequence);
            if (intended - measureFromNanos >= 0) {
                latencies.record(nowNanos - intended);
            }
        }
        link.ledger.onStored(count);
        stored += count;
    }

    @Override
    public void onRefused(boolean certain, String why) {
        run.refused(why);
        if (answers) {
            link.ledger.onRefused(certain);
        }
    }

    @Override
    public void onFinished() {
        link.finished = true;
    }

    @Override
    public void onFailed(String why) {
        // Going on would only repeat it.
        run.fail(why);
        lose(why);
    }

    /** The connection is over: settles what nobody will answer and hands the publisher back. */
    void lose(String why) {
        if (lost) {
            return;
        }
        lost = true;
        socket.close();
        if (!run.isStopped()) {
            run.lostConnections.incrementAndGet();
            if (!run.plan.safety().resume()) {
                run.fail("connection lost: " + why);
            }
        }
        if (!run.plan.isNumbered()) {
            link.ledger.onSilence(link.sent());
        }
        link.answeredUpTo(link.ledger.answered());
        link.phase = Phase.LOST;
    }
}
