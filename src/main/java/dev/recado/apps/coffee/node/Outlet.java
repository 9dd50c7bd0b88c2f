package dev.recado.apps.coffee.node;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.MessageProperties;
import java.io.IOException;
import java.util.Map;
import java.util.concurrent.TimeoutException;

/** Publishes persistent messages and waits for the broker to confirm them. Not thread-safe: one owner. */
public final class Outlet {

    /** A broker that holds its publishers up answers later than one that is well, but it answers. */
    private static final long CONFIRM_MS = 60_000;

    private static final int UNCONFIRMED_MAX = 256;
    private static final AMQP.BasicProperties PERSISTENT = MessageProperties.PERSISTENT_BASIC;

    private final Channel channel;
    private int unconfirmed;

    public Outlet(Channel channel) throws IOException {
        this.channel = channel;
        channel.confirmSelect();
    }

    /** Counts for nothing before {@link #confirm} has returned. */
    public void publish(String exchange, String routingKey, byte[] body)
            throws IOException, TimeoutException, InterruptedException {
        channel.basicPublish(exchange, routingKey, PERSISTENT, body);
        onPublished();
    }

    /** Publishes what nobody can read to where somebody may look at it; as {@link #publish}. */
    void park(byte[] body, String node, String wrong) throws IOException, TimeoutException, InterruptedException {
        Map<String, Object> headers = Map.of("coffee-node", node, "coffee-wrong", wrong);
        channel.basicPublish(
                "", Topology.UNREADABLE, PERSISTENT.builder().headers(headers).build(), body);
        onPublished();
    }

    private void onPublished() throws IOException, TimeoutException, InterruptedException {
        if (++unconfirmed == UNCONFIRMED_MAX) {
            confirm();
        }
    }

    /** Waits until the broker has all of it; where it does not take a message, the connection counts as broken. */
    public void confirm() throws IOException, TimeoutException, InterruptedException {
        if (unconfirmed > 0) {
            channel.waitForConfirmsOrDie(CONFIRM_MS);
            unconfirmed = 0;
        }
    }
}
