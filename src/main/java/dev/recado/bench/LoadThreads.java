package dev.recado.bench;

import dev.recado.bench.PublisherLink.Phase;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLongArray;

/**
 * The threads of a run and who works on which: publisher {@code p} on sending and confirming thread {@code p mod n},
 * group {@code g} on consuming thread {@code g mod n}. Made, started and read by the reporting thread.
 */
final class LoadThreads {

    private static final int RING_MIN = 1;
    /** Places whose messages all ledgers together remember, at 16 B each. */
    private static final int PLACES_MAX = 1 << 22;

    private final RunState run;
    private final LoadTransport transport;
    private final LatencyLog confirmLatencies;
    private final LatencyLog deliverLatencies;
    private final PublisherLink[] links;
    private final List<SenderLoop> senderLoops = new ArrayList<>();
    private final List<ConfirmLoop> confirmLoops = new ArrayList<>();
    private final List<ConsumerLoop> consumerLoops = new ArrayList<>();
    private final List<DeliveryLedger> ledgers = new ArrayList<>();
    private final List<Thread> threads = new ArrayList<>();
    /** Messages that each group has for the first time. */
    private final AtomicLongArray freshOfGroup;

    LoadThreads(RunState run, LoadTransport transport) throws IOException {
        this.run = run;
        this.transport = transport;
        int count = run.plan.setup().threads();
        confirmLatencies = new LatencyLog(count);
        deliverLatencies = new LatencyLog(count);
        freshOfGroup = new AtomicLongArray(run.plan.consuming().copies());
        links = new PublisherLink[run.plan.publishing().publishers()];
        int ring = run.plan.publishing().isOpenLoop() || !run.plan.isConfirmed()
                ? RING_MIN
                : Integer.highestOneBit(Math.max(1, (int) run.plan.unconfirmedMax() - 1)) * 2;
        for (int i = 0; i < links.length; i++) {
            links[i] = new PublisherLink(i, ring);
        }
        for (int i = 0; i < count; i++) {
            ConfirmLoop confirms = new ConfirmLoop(run, transport, confirmLatencies.writer(i));
            confirmLoops.add(confirms);
            senderLoops.add(senders(i, confirms));
        }
        makeConsumers();
    }

    private SenderLoop senders(int thread, ConfirmLoop confirms) {
        List<Sender> senders = new ArrayList<>();
        for (int p = thread; p < links.length; p += run.plan.setup().threads()) {
            senders.add(new Sender(run, links[p], transport.publisher(run.plan, p), confirms));
        }
        return new SenderLoop(run, senders);
    }

    private void makeConsumers() throws IOException {
        LoadPlan.Consuming consuming = run.plan.consuming();
        int members = consuming.tap() ? 1 : consuming.consumers();
        List<List<LoadConsumer>> ofThread = new ArrayList<>();
        senderLoops.forEach(loop -> ofThread.add(new ArrayList<>()));
        for (int group = 0; group < consuming.copies(); group++) {
            DeliveryLedger ledger = new DeliveryLedger(
                    run.lanes, links.length, run.plan.topics().count(), members, PLACES_MAX / consuming.copies());
            ledgers.add(ledger);
            int thread = group % run.plan.setup().threads();
            LatencyLog.Writer latencies = deliverLatencies.writer(thread);
            for (int member = 0; member < members; member++) {
                ofThread.get(thread)
                        .add(new LoadConsumer(run, transport, group, member, ledger, latencies, freshOfGroup));
            }
        }
        for (List<LoadConsumer> consumers : ofThread) {
            consumerLoops.add(new ConsumerLoop(run, consumers));
        }
    }

    void startConsumers() {
        for (int i = 0; i < consumerLoops.size(); i++) {
            start("bench-consume-" + i, consumerLoops.get(i));
        }
    }

    void startPublishers() {
        for (int i = 0; i < senderLoops.size(); i++) {
            Thread sender = thread("bench-send-" + i, senderLoops.get(i));
            confirmLoops.get(i).wakes(sender);
            start("bench-confirm-" + i, confirmLoops.get(i));
            sender.start();
        }
    }

    private void start(String name, Runnable work) {
        thread(name, work).start();
    }

    private Thread thread(String name, Runnable work) {
        Thread thread = new Thread(work, name);
        thread.setDaemon(true);
        threads.add(thread);
        return thread;
    }

    /**
     * Waits for the end of all threads, which {@link RunState#stop} has asked for, and settles what nobody answered.
     */
    void join(long limitMs) {
        long deadline = System.nanoTime() + limitMs * 1_000_000;
        boolean all = true;
        try {
            for (Thread thread : threads) {
                thread.join(Math.max(1, (deadline - System.nanoTime()) / 1_000_000));
                all &= !thread.isAlive();
                if (thread.isAlive()) {
                    run.fail("thread does not end: " + thread.getName());
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            run.fail("interrupted");
        }
        for (PublisherLink link : links) {
            LoadSocket socket = link.socket;
            if (socket != null) {
                socket.close();
            }
            if (all && run.plan.isConfirmed()) {
                link.ledger.onSilence(link.sent());
            } else if (all && link.finished) {
                link.ledger.onHandled(link.sent());
            }
        }
    }

    boolean areConsumersReady() {
        return consumerLoops.stream().allMatch(ConsumerLoop::isReady);
    }

    boolean arePublishersReady() {
        for (PublisherLink link : links) {
            if (link.phase != Phase.READY) {
                return false;
            }
        }
        return true;
    }

    /** Whether each publisher has sent its last message once. */
    boolean areSent() {
        for (PublisherLink link : links) {
            if (link.sent() < link.total) {
                return false;
            }
        }
        return true;
    }

    /** Whether each message has its answer. */
    boolean areAnswered() {
        boolean answers = run.plan.isConfirmed();
        for (PublisherLink link : links) {
            if (answers ? link.answered() < link.total : !link.finished) {
                return false;
            }
        }
        return true;
    }

    /** Messages that were sent and have no answer; publishers that wait for their last sign where there are none. */
    long unanswered() {
        boolean answers = run.plan.isConfirmed();
        long unanswered = 0;
        for (PublisherLink link : links) {
            unanswered += answers ? link.sent() - link.answered() : link.finished ? 0 : 1;
        }
        return unanswered;
    }

    /** Whether each group has as many messages as are confirmed, or sent where nothing is. */
    boolean areDelivered() {
        long expected = run.plan.isConfirmed() ? confirmed() : sent();
        for (int group = 0; group < freshOfGroup.length(); group++) {
            if (freshOfGroup.get(group) < expected) {
                return false;
            }
        }
        return true;
    }

    long sent() {
        long sent = 0;
        for (PublisherLink link : links) {
            sent += link.sent();
        }
        return sent;
    }

    long confirmed() {
        return confirmLoops.stream().mapToLong(ConfirmLoop::confirmed).sum();
    }

    long delivered() {
        return consumerLoops.stream().mapToLong(ConsumerLoop::delivered).sum();
    }

    long fresh() {
        return consumerLoops.stream().mapToLong(ConsumerLoop::fresh).sum();
    }

    long lastConfirmNanos() {
        return confirmLoops.stream()
                .mapToLong(ConfirmLoop::lastConfirmNanos)
                .filter(nanos -> nanos != 0)
                .max()
                .orElse(0);
    }

    long lastDeliveryNanos() {
        return consumerLoops.stream()
                .mapToLong(ConsumerLoop::lastDeliveryNanos)
                .filter(nanos -> nanos != 0)
                .max()
                .orElse(0);
    }

    long takeBehindNanos() {
        return senderLoops.stream().mapToLong(SenderLoop::takeBehindNanos).max().orElse(0);
    }

    LatencyLog confirmLatencies() {
        return confirmLatencies;
    }

    LatencyLog deliverLatencies() {
        return deliverLatencies;
    }

    /** All senders; after {@link #join}. */
    List<Sender> senders() {
        return senderLoops.stream().flatMap(loop -> loop.senders().stream()).toList();
    }

    /** After {@link #join}. */
    LoadResult.Counts counts() {
        long refused = 0;
        long unknown = 0;
        for (PublisherLink link : links) {
            refused += link.ledger.refusedCount();
            unknown += link.ledger.unknownCount();
        }
        return new LoadResult.Counts(
                sent(),
                new LoadResult.Answers(confirmed(), refused, unknown, run.refusal()),
                delivered(),
                fresh(),
                run.lostConnections.get());
    }

    /** After {@link #join}. */
    List<Verdict> verdicts() {
        PublishLedger[] published = new PublishLedger[links.length];
        long[] sent = new long[links.length];
        for (int i = 0; i < links.length; i++) {
            published[i] = links[i].ledger;
            sent[i] = links[i].sent();
        }
        return ledgers.stream()
                .map(ledger ->
                        ledger.verdict(published, sent, !run.plan.topics().temporary()))
                .toList();
    }
}
