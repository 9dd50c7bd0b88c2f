package dev.recado.bench;

import dev.recado.bench.PublisherLink.Phase;
import java.io.IOException;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** One confirming thread: reads what the broker answers to the publishers of one {@link SenderLoop} and wakes it. */
final class ConfirmLoop implements Runnable {

    private static final long SELECT_MS = 100;

    private final RunState run;
    private final LoadTransport transport;
    private final LatencyLog.Writer latencies;
    private final Selector selector;
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>();

    private volatile @Nullable Thread sender;
    private volatile long confirmed;
    private volatile long lastConfirmNanos;

    ConfirmLoop(RunState run, LoadTransport transport, LatencyLog.Writer latencies) throws IOException {
        this.run = run;
        this.transport = transport;
        this.latencies = latencies;
        selector = Selector.open();
    }

    /** The thread to wake; before either starts. */
    void wakes(Thread thread) {
        sender = thread;
    }

    /** A publisher has a new connection. Any thread. */
    void add(PublisherLink link) {
        execute(() -> register(link));
    }

    /** A publisher cannot write on; its {@code blocked} is taken back when it can. Any thread. */
    void awaitWritable(PublisherLink link) {
        execute(() -> {
            SelectionKey key = link.key;
            if (key != null && key.isValid() && link.phase == Phase.READY) {
                key.interestOpsOr(SelectionKey.OP_WRITE);
            }
        });
    }

    /** A publisher's connection is of no more use. Any thread. */
    void giveUp(PublisherLink link, String why) {
        execute(() -> {
            SelectionKey key = link.key;
            if (key != null && key.attachment() instanceof ConfirmReader reader) {
                reader.lose(why);
            }
        });
    }

    private void execute(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void register(PublisherLink link) {
        LoadSocket socket = link.socket;
        if (socket == null) {
            return;
        }
        ConfirmReader reader = new ConfirmReader(run, link, socket, transport.confirms(run.plan), latencies);
        try {
            link.key = socket.channel().register(selector, SelectionKey.OP_READ, reader);
        } catch (ClosedChannelException e) {
            reader.lose("closed");
        }
    }

    @Override
    public void run() {
        try (selector) {
            while (!run.isStopped()) {
                selector.select(SELECT_MS);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                long count = confirmed;
                long before = count;
                for (SelectionKey key : selector.selectedKeys()) {
                    count += onKey(key);
                }
                selector.selectedKeys().clear();
                if (count != before) {
                    confirmed = count;
                    lastConfirmNanos = System.nanoTime();
                }
                LockSupport.unpark(sender);
            }
        } catch (IOException | RuntimeException | Error e) {
            run.fail("confirming thread failed: " + e);
        }
    }

    /** Answers how many messages were confirmed. */
    private static long onKey(SelectionKey key) {
        ConfirmReader reader = (ConfirmReader) key.attachment();
        try {
            if (key.isWritable()) {
                key.interestOpsAnd(~SelectionKey.OP_WRITE);
                reader.onWritable();
            }
            return key.isReadable() ? reader.onReadable() : 0;
        } catch (CancelledKeyException e) {
            return 0;
        }
    }

    /** Messages confirmed so far; any thread. */
    long confirmed() {
        return confirmed;
    }

    long lastConfirmNanos() {
        return lastConfirmNanos;
    }
}
