package dev.recado.apps.coffee.node;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.DefaultConsumer;
import com.rabbitmq.client.Envelope;
import com.rabbitmq.client.ShutdownSignalException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * Messages of one queue for a thread that takes them in handfuls. At most {@code prefetch} are here unacknowledged. The
 * client's thread puts in, the owner's takes out.
 */
public final class Inlet {

    private static final int WAIT_MS = 200;
    /** Rows take several times the memory of their bytes, so not all that wait are read at once. */
    private static final int BYTES_A_TURN = 4 << 20;

    /** One message. */
    public record Delivery(long tag, byte[] body) {}

    private final Channel channel;
    private final LinkedBlockingQueue<Delivery> waiting = new LinkedBlockingQueue<>();
    private volatile boolean cancelled;

    private Inlet(Channel channel) {
        this.channel = channel;
    }

    /** Of a queue that any number of consumers share. */
    public static Inlet open(Channel channel, String queue, int prefetch) throws IOException {
        return open(channel, queue, prefetch, false);
    }

    /** Of a queue all messages of which one has to have: fails where it is consumed already. */
    public static Inlet openAlone(Channel channel, String queue, int prefetch) throws IOException {
        return open(channel, queue, prefetch, true);
    }

    private static Inlet open(Channel channel, String queue, int prefetch, boolean alone) throws IOException {
        Inlet inlet = new Inlet(channel);
        channel.basicQos(prefetch);
        channel.basicConsume(queue, false, "", false, alone, Map.of(), inlet.consumer());
        return inlet;
    }

    private DefaultConsumer consumer() {
        return new DefaultConsumer(channel) {
            @Override
            public void handleDelivery(
                    String consumerTag, Envelope envelope, AMQP.BasicProperties properties, byte[] body) {
                waiting.add(new Delivery(envelope.getDeliveryTag(), body));
            }

            @Override
            public void handleCancel(String consumerTag) {
                cancelled = true;
            }

            @Override
            public void handleShutdownSignal(String consumerTag, ShutdownSignalException signal) {
                cancelled = true;
            }
        };
    }

    /** Waits a moment for a message and takes what is there then, up to about 4 MiB; perhaps nothing. */
    public List<Delivery> take() throws IOException, InterruptedException {
        if (cancelled || !channel.isOpen()) {
            throw new IOException("the consumer has ended");
        }
        List<Delivery> taken = new ArrayList<>();
        Delivery first = waiting.poll(WAIT_MS, TimeUnit.MILLISECONDS);
        int bytes = 0;
        for (Delivery next = first; next != null; next = bytes < BYTES_A_TURN ? waiting.poll() : null) {
            taken.add(next);
            bytes += next.body().length;
        }
        return taken;
    }

    /** All of them and those before; what they stand for must be safe elsewhere. */
    public void acknowledge(List<Delivery> taken) throws IOException {
        channel.basicAck(taken.get(taken.size() - 1).tag(), true);
    }
}
