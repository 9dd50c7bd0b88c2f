package dev.recado.apps.coffee.node;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.ShutdownSignalException;
import dev.recado.apps.Stop;
import dev.recado.base.BackOff;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.security.GeneralSecurityException;
import java.util.SplittableRandom;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Does some work on a connection, and again on a new one where that breaks, with a wait that doubles from 100 ms to 5
 * s, and begins at 100 ms again once a connection has lasted for longer than that. The client's own recovery is off:
 * what was on its way when a connection broke is for the work to know.
 */
public final class AmqpLoop {

    /** What is done on one connection: it returns when it is to stop. */
    public interface Work {
        void run(Connection connection) throws IOException, TimeoutException, InterruptedException;
    }

    private static final Logger LOG = LoggerFactory.getLogger(AmqpLoop.class);
    private static final long FIRST_WAIT_MS = 100;
    private static final long LAST_WAIT_MS = 5_000;
    private static final int HEARTBEAT_S = 20;
    private static final int TIMEOUT_MS = 10_000;

    private final ConnectionFactory factory = new ConnectionFactory();
    private final String name;
    private final Stop stop;
    private final BackOff backOff;

    /**
     * @param uri of the broker, {@code amqp://user:password@host:port/vhost}
     * @param name of the node, which the broker shows
     * @throws IllegalArgumentException where the URI is none
     */
    public AmqpLoop(String uri, String name, Stop stop) {
        this.name = name;
        this.stop = stop;
        backOff = new BackOff(FIRST_WAIT_MS, LAST_WAIT_MS, new SplittableRandom(System.nanoTime()));
        try {
            if (new URI(uri).getScheme() == null) {
                throw new URISyntaxException("", "no scheme");
            }
            factory.setUri(uri);
        } catch (URISyntaxException | GeneralSecurityException e) {
            throw new IllegalArgumentException("not an AMQP address such as amqp://guest:guest@127.0.0.1:5672", e);
        }
        factory.setAutomaticRecoveryEnabled(false);
        factory.setRequestedHeartbeat(HEARTBEAT_S);
        factory.setConnectionTimeout(TIMEOUT_MS);
        factory.setHandshakeTimeout(TIMEOUT_MS);
    }

    /** One attempt, for whoever has somebody else to try again. */
    public Connection connect() throws IOException, TimeoutException {
        return factory.newConnection(name);
    }

    /** Works until it is to stop; what the work throws for another reason than its connection ends it. */
    public void run(Work work) {
        while (!stop.isRequested()) {
            boolean isConnected = false;
            long beganNanos = System.nanoTime();
            try (Connection connection = factory.newConnection(name)) {
                isConnected = true;
                LOG.info("connected node={} broker={}:{}", name, factory.getHost(), factory.getPort());
                work.run(connection);
            } catch (IOException | TimeoutException | ShutdownSignalException e) {
                onBroken(e, isConnected, (System.nanoTime() - beganNanos) / 1_000_000);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
    }

    private void onBroken(Exception e, boolean isConnected, long lastedMs) {
        if (!stop.isRequested()) {
            long waitMs = isConnected ? backOff.nextDelayMs(lastedMs) : backOff.nextDelayMs();
            if (isConnected) {
                LOG.warn("lost the connection to the broker node={} retryMs={} cause={}", name, waitMs, told(e));
            } else {
                LOG.warn("no connection to the broker node={} retryMs={} cause={}", name, waitMs, told(e));
            }
            stop.within(waitMs);
        }
    }

    /** The client wraps what the broker says without repeating it. */
    private static String told(Exception e) {
        Throwable cause = e.getCause();
        if (e.getMessage() != null || cause == null) {
            return e.toString();
        }
        if (cause instanceof ShutdownSignalException shutdown
                && shutdown.getReason() instanceof AMQP.Channel.Close close) {
            return close.getReplyCode() + " " + close.getReplyText();
        }
        return cause.toString();
    }

    /** Host and port of the broker. */
    public String broker() {
        return factory.getHost() + ":" + factory.getPort();
    }

    public Stop stop() {
        return stop;
    }
}
