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

    /**
     * Counts for nothing before {@link #confirm} has returned.
     *
     * @throws BrokerLostException where the connection has broken, or as of {@link #confirm}
     */
    public void publish(String exchange, String routingKey, byte[] body)
            throws BrokerLostException, TimeoutException, InterruptedException {
        publish(exchange, routingKey, PERSISTENT, body);
    }

    private void publish(String exchange, String routingKey, AMQP.BasicProperties properties, byte[] body)
            throws BrokerLostException, TimeoutException, InterruptedException {
        try {
            channel.basicPublish(exchange, routingKey, properties, body);
        } catch (IOException e) {
            throw new BrokerLostException("the broker takes no message", e);
        }
        if (++unconfirmed == UNCONFIRMED_MAX) {
            confirm();
        }
    }

    /** Publishes what nobody can read to where somebody may look at it; as {@link #publish}. */
    void park(byte[] body, String node, String wrong)
            throws BrokerLostException, TimeoutException, InterruptedException {
        Map<String, Object> headers = Map.of("coffee-node", node, "coffee-wrong", wrong);
        publish("", Topology.UNREADABLE, PERSISTENT.builder().headers(headers).build(), body);
    }

    /**
     * Waits until the broker has all of it.
     *
     * @throws BrokerLostException where it does not take a message; its connection counts as broken
     */
    public void confirm() throws BrokerLostException, TimeoutException, InterruptedException {
        if (unconfirmed > 0) {
            try {
                channel.waitForConfirmsOrDie(CONFIRM_MS);
            } catch (IOException e) {
                throw new BrokerLostException("the broker has refused a message", e);
            }
            unconfirmed = 0;
        }
    }
}
