package dev.recado.bench;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadTransport.ConsumerCodec;
import dev.recado.bench.LoadTransport.DeliveryEvents;
import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** One consumer: one connection, one member of one group. Owned by its {@link ConsumerLoop}. */
final class LoadConsumer implements DeliveryEvents {

    private static final int INPUT_BYTES = 128 << 10;

    private final RunState run;
    private final LoadPlan.Address broker;
    private final LoadTransport transport;
    private final int group;
    private final int member;
    private final DeliveryLedger ledger;
    private final LatencyLog.Writer latencies;
    private final Stamp stamp;
    private final ReconnectPlan backOff;
    private final ByteWriter out = new ByteWriter(256);
    private final boolean verify;
    private final AtomicLongArray freshOfGroup;

    private @Nullable LoadSocket socket;
    private @Nullable SelectionKey key;
    private @Nullable ConsumerCodec codec;
    private long connectAtNanos = Long.MIN_VALUE;
    private boolean everReady;
    private boolean ready;
    private long greetedAtNanos;

    private long nowNanos;
    private long measureFromNanos;
    private long delivered;
    private long fresh;
    private long freshTold;

    LoadConsumer(
            RunState run,
            LoadTransport transport,
            int group,
            int member,
            DeliveryLedger ledger,
            LatencyLog.Writer latencies,
            AtomicLongArray freshOfGroup) {
        this.run = run;
        broker = run.plan.setup().endpoints().consumers();
        this.transport = transport;
        this.group = group;
        this.member = member;
        this.ledger = ledger;
        this.latencies = latencies;
        this.freshOfGroup = freshOfGroup;
        verify = run.plan.safety().verify();
        stamp = new Stamp(
                run.plan.setup().run(),
                run.plan.publishing().publishers(),
                run.plan.publishing().sizeBytes());
        backOff = new ReconnectPlan(run.plan.safety().resumeWaitMs());
    }

    /** Connects where there is no connection and it is time; answers when to come again, or a far time. */
    long onTurn(Selector selector, long turnNanos) {
        if (socket != null && !ready && turnNanos - greetedAtNanos > Sender.GREETING_NANOS) {
            lose("no answer to the greeting");
        }
        if (socket != null) {
            return Long.MAX_VALUE;
        }
        if (turnNanos < connectAtNanos) {
            return connectAtNanos;
        }
        try {
            LoadSocket opened = LoadSocket.connect(broker, INPUT_BYTES);
            codec = transport.consumer(run.plan, group, member);
            ledger.onConnected(member);
            out.clear();
            codec.greet(out);
            socket = opened;
            ready = false;
            greetedAtNanos = turnNanos;
            key = opened.channel().register(selector, SelectionKey.OP_READ, this);
            flush(opened);
            return Long.MAX_VALUE;
        } catch (IOException e) {
            connectAtNanos = backOff.onFailure(turnNanos);
            if (!everReady || !run.plan.safety().resume() || backOff.isOver(turnNanos)) {
                run.failUnreachable("cannot reach " + broker + ": " + e.getMessage());
            }
            return connectAtNanos;
        }
    }

    void onKey(SelectionKey selected) {
        LoadSocket mine = socket;
        ConsumerCodec reader = codec;
        if (mine == null || reader == null) {
            return;
        }
        try {
            if (selected.isWritable()) {
                selected.interestOpsAnd(~SelectionKey.OP_WRITE);
            }
            if (selected.isReadable() && mine.read() < 0) {
                lose("the broker closed the connection");
                return;
            }
            nowNanos = System.nanoTime();
            RunState.Times times = run.times();
            measureFromNanos = times == null ? Long.MAX_VALUE : times.measureFromNanos();
            int at = reader.read(mine.input(), 0, mine.inputSize(), this, out);
            if (socket == mine) {
                mine.consumed(at, reader.neededBytes());
                flush(mine);
            }
        } catch (IOException e) {
            lose(String.valueOf(e.getMessage()));
        }
    }

    private void flush(LoadSocket mine) throws IOException {
        SelectionKey registered = key;
        if (out.size() > 0 && !mine.write(out) && registered != null) {
            registered.interestOpsOr(SelectionKey.OP_WRITE);
        }
    }

    @Override
    public void onReady() {
        everReady = true;
        ready = true;
        backOff.onConnected();
    }

    @Override
    public void onDelivery(int topic, int partition, long offset, int attempt, byte[] bytes, int from, int to) {
        delivered++;
        switch (stamp.read(bytes, from, to)) {
            case CORRUPT -> ledger.onCorrupt(topic, partition, offset);
            case FOREIGN -> ledger.onForeign(topic, partition, offset);
            case OURS -> {
                boolean first =
                        verify ? ledger.onDelivery(member, topic, partition, offset, attempt, stamp) : attempt <= 1;
                if (first) {
                    fresh++;
                    if (stamp.intendedNanos() - measureFromNanos >= 0) {
                        latencies.record(nowNanos - stamp.intendedNanos());
                    }
                }
            }
        }
    }

    @Override
    public void onFailed(String why) {
        run.fail(why);
        lose(why);
    }

    private void lose(String why) {
        LoadSocket mine = socket;
        if (mine == null) {
            return;
        }
        mine.close();
        socket = null;
        key = null;
        ledger.onLost();
        connectAtNanos = backOff.onFailure(System.nanoTime());
        if (!run.isStopped()) {
            run.lostConnections.incrementAndGet();
            if (!run.plan.safety().resume()) {
                run.fail("connection lost: " + why);
            }
        }
    }

    void close() {
        LoadSocket mine = socket;
        if (mine != null) {
            mine.close();
        }
    }

    /** Adds what is new to what the reporting thread sees of the group. */
    void tellFresh() {
        if (fresh != freshTold) {
            freshOfGroup.getAndAdd(group, fresh - freshTold);
            freshTold = fresh;
        }
    }

    boolean isReady() {
        return everReady;
    }

    /** Deliveries so far. */
    long delivered() {
        return delivered;
    }

    /** Messages that its group got for the first time here. */
    long fresh() {
        return fresh;
    }
}
