package dev.recado.clients;

import static dev.recado.clients.JavaClient.publish;
import static dev.recado.clients.JavaClient.queue;
import static dev.recado.clients.JavaClient.untilReady;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import com.rabbitmq.client.impl.CredentialsProvider;
import com.rabbitmq.client.impl.CredentialsRefreshService;
import com.rabbitmq.client.impl.DefaultCredentialsProvider;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.Callable;
import java.util.concurrent.LinkedBlockingQueue;

/** Queues are declared, counted, purged and deleted; connections come and go. */
final class JavaQueues {

    private final JavaClient client;

    JavaQueues(JavaClient client) {
        this.client = client;
    }

    void all(Checks checks) {
        checks.check("passive declare, with all the other bits that this client sets", this::passive);
        checks.check("a durable queue is declared twice", this::twice);
        checks.check("purge and delete tell how many there were", this::purgeAndDelete);
        checks.check("unknown things are deleted and cancelled without a word", this::idempotent);
        checks.check("auto-delete", this::autoDelete);
        checks.check("auto-delete by the answer", this::autoDeleteAtOnce);
        checks.check("an exclusive queue ends with its connection", this::exclusive);
        checks.check("x-expires, with nobody looking", this::expires);
        checks.check("a full queue drops its head, or refuses", this::full);
        checks.check("a listener for connection.blocked does no harm", this::blockedListener);
        checks.check("update-secret", this::updateSecret);
        checks.check("channel numbers are used again", this::channelNumbers);
    }

    private void passive() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-passive", true, false, false, Map.of("x-message-ttl", 60_000));
            publish(channel, "jvm-passive", "one", "two");
            untilReady(channel, "jvm-passive", 2);
            AMQP.Queue.DeclareOk known = channel.queueDeclarePassive("jvm-passive");
            Checks.equal(2, known.getMessageCount());
            Checks.equal(0, known.getConsumerCount());
            channel.exchangeDeclare("jvm-passive", "topic", true, false, Map.of());
            channel.exchangeDeclarePassive("jvm-passive");
            channel.exchangeDelete("jvm-passive");
            channel.queueDelete("jvm-passive");
        });
    }

    private void twice() throws Exception {
        client.talk(channel -> {
            for (Object ttl : new Object[] {60_000, 60_000L, (short) 30_000, 30_000}) {
                String name = "jvm-twice-" + ttl;
                channel.queueDeclare(name, true, false, false, Map.of("x-message-ttl", ttl, "x-max-length", 10));
                channel.queueDeclare(name, true, false, false, Map.of("x-message-ttl", ttl, "x-max-length", 10L));
            }
            channel.queueDelete("jvm-twice-60000");
            channel.queueDelete("jvm-twice-30000");
        });
    }

    private void purgeAndDelete() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-purge", true, false, false, null);
            publish(channel, "jvm-purge", "1", "2", "3");
            untilReady(channel, "jvm-purge", 3);
            Checks.equal(3, channel.queuePurge("jvm-purge").getMessageCount());
            publish(channel, "jvm-purge", "4", "5");
            untilReady(channel, "jvm-purge", 2);
            Checks.equal(2, channel.queueDelete("jvm-purge").getMessageCount());
        });
    }

    private void idempotent() throws Exception {
        client.talk(channel -> {
            Checks.equal(0, channel.queueDelete("jvm-none").getMessageCount());
            channel.exchangeDelete("jvm-none");
            channel.queueUnbind(queue(channel), "amq.direct", "none");
            channel.exchangeUnbind("amq.fanout", "amq.direct", "none");
        });
    }

    private boolean isThere(String queue) throws Exception {
        Channel channel = client.connection.createChannel();
        try {
            channel.queueDeclarePassive(queue);
            channel.close();
            return true;
        } catch (IOException gone) {
            return false;
        }
    }

    private void useAutoDelete() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-auto", false, false, true, null);
            String tag = channel.basicConsume("jvm-auto", true, (any, delivery) -> {}, any -> {});
            channel.basicCancel(tag);
        });
    }

    private void autoDelete() throws Exception {
        useAutoDelete();
        Checks.until("it is gone", () -> !isThere("jvm-auto"));
    }

    private void autoDeleteAtOnce() throws Exception {
        for (int i = 0; i < 20; i++) {
            useAutoDelete();
            Checks.that(!isThere("jvm-auto"), "it is there still, try", i);
        }
    }

    private void exclusive() throws Exception {
        client.talk(channel -> {
            try (Connection other = client.factory.newConnection("other")) {
                other.createChannel().queueDeclare("jvm-mine", false, true, false, null);
                JavaClient.refused(405, "RESOURCE_LOCKED", on -> on.queueDeclarePassive("jvm-mine"), channel);
            }
        });
        client.talk(channel ->
                JavaClient.refused(404, "no queue 'jvm-mine'", on -> on.queueDeclarePassive("jvm-mine"), channel));
    }

    private void expires() throws Exception {
        client.talk(channel -> channel.queueDeclare("jvm-expires", true, false, false, Map.of("x-expires", 100)));
        Checks.until("it is gone", () -> {
            boolean there = isThere("jvm-expires");
            if (there) {
                // Being asked is a use of it.
                Checks.pause(250);
            }
            return !there;
        });
    }

    private void full() throws Exception {
        client.talk(channel -> {
            channel.confirmSelect();
            channel.queueDeclare("jvm-head", true, false, false, Map.of("x-max-length", 2));
            publish(channel, "jvm-head", "1", "2", "3", "4");
            channel.waitForConfirmsOrDie(Checks.PATIENCE_MS);
            untilReady(channel, "jvm-head", 2);
            Checks.equal("3", new String(channel.basicGet("jvm-head", true).getBody()));
            channel.queueDelete("jvm-head");
            channel.queueDeclare(
                    "jvm-full", true, false, false, Map.of("x-max-length", 2, "x-overflow", "reject-publish"));
            publish(channel, "jvm-full", "1", "2");
            Checks.that(channel.waitForConfirms(Checks.PATIENCE_MS), "nack too early");
            publish(channel, "jvm-full", "3");
            Checks.that(!channel.waitForConfirms(Checks.PATIENCE_MS), "no nack");
            channel.queueDelete("jvm-full");
        });
    }

    private void blockedListener() throws Exception {
        try (Connection other = client.factory.newConnection("blocked")) {
            BlockingQueue<String> said = new LinkedBlockingQueue<>();
            other.addBlockedListener(said::add, () -> said.add("unblocked"));
            Channel channel = other.createChannel();
            String queue = queue(channel);
            channel.confirmSelect();
            publish(channel, queue, "one");
            channel.waitForConfirmsOrDie(Checks.PATIENCE_MS);
            Checks.that(said.isEmpty(), said);
        }
    }

    private void updateSecret() throws Exception {
        List<Callable<Boolean>> refreshes = new ArrayList<>();
        ConnectionFactory tokens = client.factory.clone();
        tokens.setCredentialsProvider(new DefaultCredentialsProvider("guest", "guest") {
            @Override
            public Duration getTimeBeforeExpiration() {
                return Duration.ofMinutes(5);
            }
        });
        tokens.setCredentialsRefreshService(new CredentialsRefreshService() {
            @Override
            public String register(CredentialsProvider provider, Callable<Boolean> refresh) {
                refreshes.add(refresh);
                return "one";
            }

            @Override
            public void unregister(CredentialsProvider provider, String id) {}

            @Override
            public boolean isApproachingExpiration(Duration left) {
                return false;
            }
        });
        try (Connection other = tokens.newConnection("secret")) {
            Checks.that(refreshes.get(0).call(), "not refreshed");
            queue(other.createChannel());
        }
    }

    private void channelNumbers() throws Exception {
        for (int i = 0; i < 50; i++) {
            Channel channel = client.connection.createChannel(77);
            Checks.that(channel != null, "77 is in use");
            queue(channel);
            channel.close();
        }
    }
}
