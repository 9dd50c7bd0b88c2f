package dev.recado.bench;

import java.io.IOException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.util.List;

/** One consuming thread. A group lies in one loop with all its members, so that its ledger has one owner. */
final class ConsumerLoop implements Runnable {

    private static final long SELECT_MS_MAX = 100;

    private final RunState run;
    private final List<LoadConsumer> consumers;
    private final Selector selector;

    private volatile int ready;
    private volatile long delivered;
    private volatile long fresh;
    private volatile long lastDeliveryNanos;

    ConsumerLoop(RunState run, List<LoadConsumer> consumers) throws IOException {
        this.run = run;
        this.consumers = List.copyOf(consumers);
        selector = Selector.open();
    }

    @Override
    public void run() {
        try (selector) {
            while (!run.isStopped()) {
                selector.select(connect());
                boolean any = !selector.selectedKeys().isEmpty();
                for (SelectionKey key : selector.selectedKeys()) {
                    if (key.isValid() && key.attachment() instanceof LoadConsumer consumer) {
                        consumer.onKey(key);
                    }
                }
                selector.selectedKeys().clear();
                if (any) {
                    publish();
                }
            }
            consumers.forEach(LoadConsumer::close);
        } catch (IOException | RuntimeException | Error e) {
            run.fail("consuming thread failed: " + e);
        }
    }

    /** Connects who has no connection; answers for how long to wait, in milliseconds. */
    private long connect() {
        long nowNanos = System.nanoTime();
        long againNanos = nowNanos + SELECT_MS_MAX * 1_000_000;
        for (LoadConsumer consumer : consumers) {
            againNanos = Math.min(againNanos, consumer.onTurn(selector, nowNanos));
        }
        return Math.max(1, (againNanos - nowNanos) / 1_000_000);
    }

    private void publish() {
        int readyNow = 0;
        long deliveredNow = 0;
        long freshNow = 0;
        for (LoadConsumer consumer : consumers) {
            readyNow += consumer.isReady() ? 1 : 0;
            deliveredNow += consumer.delivered();
            freshNow += consumer.fresh();
            consumer.tellFresh();
        }
        if (deliveredNow != delivered) {
            lastDeliveryNanos = System.nanoTime();
        }
        ready = readyNow;
        delivered = deliveredNow;
        fresh = freshNow;
    }

    /** Whether each consumer has been subscribed once; any thread, as the next ones. */
    boolean isReady() {
        return ready == consumers.size();
    }

    long delivered() {
        return delivered;
    }

    long fresh() {
        return fresh;
    }

    long lastDeliveryNanos() {
        return lastDeliveryNanos;
    }
}
