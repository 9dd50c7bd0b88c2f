package dev.recado.load.amqp;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import com.rabbitmq.client.ShutdownSignalException;
import dev.recado.load.amqp.Inbox.Arrival;
import dev.recado.load.amqp.Inbox.Receiver;
import dev.recado.load.step.Connection;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.Future;
import io.netty.util.concurrent.Promise;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * A connection with one channel, which confirms, of RabbitMQ's Java client.
 *
 * <p>That client blocks where the broker does not read. So a thread of each connection does what is asked of it, in
 * order, and no event loop waits: the rate of publishes does not follow the broker. Methods may be called from any
 * thread, and askers are told on the event loop.
 */
final class AmqpConnection implements Connection {

    /** So exact are time-outs. */
    static final long TICK_MS = 100;

    private final EventLoop loop;
    private final LongSupplier clock;
    private final long timeoutMs;
    private final ExecutorService worker = Executors.newSingleThreadExecutor(work -> {
        Thread thread = new Thread(work, "amqp-connection");
        thread.setDaemon(true);
        return thread;
    });
    private final Confirms confirms = new Confirms();
    private final Inbox inbox;
    private final ScheduledFuture<?> ticks;
    private volatile @Nullable Channel channel; // set by the worker, before anything else is done
    private volatile @Nullable String ended;

    /** Opens connections; the client's way to do so, which blocks. */
    interface Opener {
        com.rabbitmq.client.Connection open() throws Exception;
    }

    /** Something that blocks, on the channel. */
    private interface Work {
        void on(Channel channel) throws IOException;
    }

    private AmqpConnection(EventLoop loop, LongSupplier clock, long timeoutMs) {
        this.loop = loop;
        this.clock = clock;
        this.timeoutMs = timeoutMs;
        this.inbox = new Inbox(loop);
        this.ticks = loop.scheduleAtFixedRate(
                () -> confirms.onTick(clock.getAsLong(), timeoutMs), TICK_MS, TICK_MS, TimeUnit.MILLISECONDS);
    }

    /** A new connection whose answers come on that event loop. */
    static Future<AmqpConnection> open(Opener opener, EventLoop loop, LongSupplier clock, long timeoutMs) {
        Promise<AmqpConnection> opened = loop.newPromise();
        AmqpConnection connection = new AmqpConnection(loop, clock, timeoutMs);
        connection.worker.execute(() -> {
            try {
                connection.begin(opener.open());
                opened.trySuccess(connection);
            } catch (Exception failed) {
                connection.end(problemOf(failed));
                opened.tryFailure(failed);
            }
        });
        return opened;
    }

    private void begin(com.rabbitmq.client.Connection opened) throws IOException {
        opened.addShutdownListener(signal -> end(problemOf(signal)));
        Channel made = opened.createChannel();
        channel = made;
        made.addShutdownListener(signal -> end(problemOf(signal)));
        made.confirmSelect();
        made.addConfirmListener(
                (number, multiple) -> confirms.onConfirmed(number, multiple),
                (number, multiple) -> confirms.onRefused(number, multiple));
    }

    @Override
    public boolean isOpen() {
        return ended == null;
    }

    /** Publishes a persistent message through the default exchange; the asker hears when the broker confirmed it. */
    void publish(String queue, byte[] payload, Consumer<@Nullable String> asker) {
        long deadlineMs = clock.getAsLong() + timeoutMs;
        Consumer<@Nullable String> onLoop = told(asker);
        work(onLoop, on -> {
            if (confirms.add(on.getNextPublishSeqNo(), deadlineMs, onLoop)) {
                on.basicPublish("", queue, MessageProperties.MINIMAL_PERSISTENT_BASIC, payload);
            }
        });
    }

    /** Makes a durable queue. */
    void declare(String queue, Consumer<@Nullable String> asker) {
        ask(asker, on -> on.queueDeclare(queue, true, false, false, null));
    }

    /** Ends a queue. */
    void delete(String queue, Consumer<@Nullable String> asker) {
        ask(asker, on -> on.queueDelete(queue));
    }

    /** Takes messages of that queue, so many at a time, into the inbox. */
    void consume(String queue, int prefetchCount, Consumer<@Nullable String> asker) {
        ask(asker, on -> {
            on.basicQos(prefetchCount);
            on.basicConsume(
                    queue,
                    false,
                    (consumer, delivery) -> arrived(new Arrival(
                            delivery.getEnvelope().getDeliveryTag(),
                            delivery.getBody(),
                            delivery.getEnvelope().isRedeliver(),
                            clock.getAsLong())),
                    consumer -> end("consumer cancelled by the broker"));
        });
    }

    private void arrived(Arrival arrival) {
        onLoop(() -> {
            if (!inbox.add(arrival)) {
                end("more deliveries than any prefetch allows: limit=" + Inbox.ARRIVALS_MAX);
            }
        });
    }

    /** Hands over the next delivery, at once or as soon as it comes. */
    void receive(long waitMs, Receiver receiver) {
        onLoop(() -> inbox.receive(waitMs, receiver));
    }

    /** Acknowledges one delivery; the broker does not answer that. */
    void acknowledge(long tag) {
        work(problem -> {}, on -> on.basicAck(tag, false));
    }

    @Override
    public void close() {
        end("connection closed");
    }

    private void ask(Consumer<@Nullable String> asker, Work work) {
        Consumer<@Nullable String> onLoop = told(asker);
        work(onLoop, on -> {
            work.on(on);
            onLoop.accept(null);
        });
    }

    /** Has the worker do that; the asker hears where it fails. */
    private void work(Consumer<@Nullable String> asker, Work work) {
        try {
            worker.execute(() -> {
                Channel on = channel;
                String problem = ended;
                if (on == null || problem != null) {
                    asker.accept(problem == null ? "not connected" : problem);
                    return;
                }
                try {
                    work.on(on);
                } catch (IOException | RuntimeException failed) {
                    end(problemOf(failed));
                    asker.accept(problemOf(failed));
                }
            });
        } catch (RejectedExecutionException closed) {
            asker.accept("connection closed");
        }
    }

    /** An asker that is told once, on the event loop, whatever comes after. */
    private Consumer<@Nullable String> told(Consumer<@Nullable String> asker) {
        boolean[] done = {false}; // of the event loop
        return problem -> onLoop(() -> {
            if (!done[0]) {
                done[0] = true;
                asker.accept(problem);
            }
        });
    }

    private void onLoop(Runnable task) {
        if (!loop.isShuttingDown()) {
            loop.execute(task);
        }
    }

    private void end(String problem) {
        synchronized (this) {
            if (ended != null) {
                return;
            }
            ended = problem;
        }
        ticks.cancel(false);
        confirms.end(problem);
        onLoop(() -> inbox.end(problem));
        worker.execute(this::abort);
        worker.shutdown();
    }

    private void abort() {
        Channel made = channel;
        if (made != null) {
            made.getConnection().abort(Math.toIntExact(timeoutMs));
        }
    }

    /** Short, because the report cuts long messages off and counts equal ones together. */
    static String problemOf(Throwable cause) {
        if (cause.getCause() instanceof ShutdownSignalException signal) {
            return problemOf(signal);
        }
        if (cause instanceof ShutdownSignalException signal) {
            Object reason = signal.getReason();
            return reason == null ? "connection lost" : reason.toString();
        }
        String message = cause.getMessage();
        return message == null ? cause.toString() : message;
    }
}
