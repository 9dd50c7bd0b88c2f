package dev.recado.clients;

import static dev.recado.clients.JavaClient.queue;
import static dev.recado.clients.JavaClient.refused;

import com.rabbitmq.client.AMQP;
import com.rabbitmq.client.AuthenticationFailureException;
import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ConnectionFactory;
import java.io.IOException;
import java.util.Map;

/** Channels and connections that the broker closes, with the codes that programs look at; what goes on goes on. */
final class JavaErrors {

    private final JavaClient client;

    JavaErrors(JavaClient client) {
        this.client = client;
    }

    void all(Checks checks) {
        checks.check("404 closes the channel alone", this::notFound);
        checks.check("404 for a publish to no exchange", this::noExchange);
        checks.check("403 for the broker's own names", this::accessRefused);
        checks.check("406 for another queue or exchange of that name", this::otherwise);
        checks.check("406 for a delivery tag that is not known", this::unknownTag);
        checks.check("403 for a consumer beside an exclusive one", this::exclusiveConsumer);
        checks.check("540 for immediate ends the connection", this::immediate);
        checks.check("503 for an unknown type of exchange ends the connection", this::unknownType);
        checks.check("a wrong password", this::wrongPassword);
        checks.check("an unknown virtual host", this::unknownVirtualHost);
        checks.check("the user id of somebody else", this::userId);
    }

    private void notFound() throws Exception {
        Channel witness = client.connection.createChannel();
        String queue = queue(witness);
        client.talk(channel -> refused(
                404,
                "NOT_FOUND - no queue 'jvm-none' in vhost '/'",
                on -> on.queueDeclarePassive("jvm-none"),
                channel));
        client.talk(channel ->
                refused(404, "no queue 'jvm-none'", on -> on.basicConsume("jvm-none", (t, d) -> {}, t -> {}), channel));
        client.talk(channel -> refused(404, "no queue 'jvm-none'", on -> on.basicGet("jvm-none", true), channel));
        client.talk(channel -> refused(404, "no queue 'jvm-none'", on -> on.queuePurge("jvm-none"), channel));
        client.talk(
                channel -> refused(404, "no exchange 'jvm-none'", on -> on.queueBind(queue, "jvm-none", ""), channel));
        Checks.equal(0L, witness.messageCount(queue));
        witness.close();
    }

    private void noExchange() throws Exception {
        client.talk(channel -> {
            channel.confirmSelect();
            refused(404, "no exchange 'jvm-none'", on -> on.basicPublish("jvm-none", "", null, new byte[9]), channel);
        });
    }

    private void accessRefused() throws Exception {
        client.talk(channel -> refused(403, "ACCESS_REFUSED", on -> on.exchangeDeclare("amq.mine", "topic"), channel));
        client.talk(channel ->
                refused(403, "ACCESS_REFUSED", on -> on.queueDeclare("amq.mine", false, false, false, null), channel));
        client.talk(channel -> refused(403, "ACCESS_REFUSED", on -> on.queueBind(queue(on), "", "key"), channel));
    }

    private void otherwise() throws Exception {
        client.talk(channel -> {
            channel.queueDeclare("jvm-other", true, false, false, Map.of("x-message-ttl", 1_000));
            channel.exchangeDeclare("jvm-other", "topic");
        });
        client.talk(channel -> refused(
                406,
                "inequivalent arg 'x-message-ttl' for queue 'jvm-other' in vhost '/'",
                on -> on.queueDeclare("jvm-other", true, false, false, Map.of("x-message-ttl", 2_000)),
                channel));
        client.talk(channel -> refused(
                406,
                "inequivalent arg 'durable' for queue 'jvm-other' in vhost '/'",
                on -> on.queueDeclare("jvm-other", false, false, false, Map.of("x-message-ttl", 1_000)),
                channel));
        client.talk(channel -> refused(
                406,
                "inequivalent arg 'type' for exchange 'jvm-other' in vhost '/'",
                on -> on.exchangeDeclare("jvm-other", "direct"),
                channel));
        client.talk(channel -> {
            channel.queueDelete("jvm-other");
            channel.exchangeDelete("jvm-other");
        });
    }

    private void unknownTag() throws Exception {
        client.talk(channel -> refused(406, "unknown delivery tag 7", on -> on.basicAck(7, false), channel));
    }

    private void exclusiveConsumer() throws Exception {
        client.talk(channel -> {
            String queue = queue(channel);
            channel.basicConsume(queue, true, "alone", false, true, Map.of(), (t, d) -> {}, t -> {});
            Channel other = client.connection.createChannel();
            refused(403, "in exclusive use", on -> on.basicConsume(queue, (t, d) -> {}, t -> {}), other);
        });
    }

    private void connectionEnds(int code, String part, JavaClient.Talk talk) throws Exception {
        ConnectionFactory plain = client.factory.clone();
        plain.setAutomaticRecoveryEnabled(false);
        Connection other = plain.newConnection("ends");
        refused(code, part, talk, other.createChannel());
        Checks.until("it is closed", () -> !other.isOpen());
    }

    private void immediate() throws Exception {
        connectionEnds(540, "immediate=true", on -> on.basicPublish("", "none", false, true, null, new byte[1]));
    }

    private void unknownType() throws Exception {
        connectionEnds(503, "unknown exchange type 'odd'", on -> on.exchangeDeclare("jvm-odd", "odd"));
    }

    private void wrongPassword() throws Exception {
        ConnectionFactory wrong = client.factory.clone();
        wrong.setPassword("wrong");
        try (Connection ignored = wrong.newConnection()) {
            throw new AssertionError("let in");
        } catch (AuthenticationFailureException refused) {
            Checks.that(refused.getMessage().contains("ACCESS_REFUSED"), refused);
        }
    }

    private void unknownVirtualHost() throws Exception {
        ConnectionFactory wrong = client.factory.clone();
        wrong.setVirtualHost("nowhere");
        try (Connection ignored = wrong.newConnection()) {
            throw new AssertionError("let in");
        } catch (IOException refused) {
            Checks.that(
                    String.valueOf(refused.getCause()).contains("NOT_ALLOWED - vhost nowhere not found"),
                    refused,
                    refused.getCause());
        }
    }

    private void userId() throws Exception {
        AMQP.BasicProperties mine =
                new AMQP.BasicProperties.Builder().userId("guest").build();
        client.talk(channel -> {
            channel.confirmSelect();
            channel.basicPublish("", queue(channel), mine, new byte[1]);
            channel.waitForConfirmsOrDie(Checks.PATIENCE_MS);
            refused(
                    406,
                    "user_id property set to 'other' but authenticated user was 'guest'",
                    on -> on.basicPublish(
                            "", "q", mine.builder().userId("other").build(), new byte[1]),
                    channel);
        });
    }
}
