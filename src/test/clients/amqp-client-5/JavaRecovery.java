package dev.recado.clients;

import static dev.recado.clients.JavaClient.bytes;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Delivery;
import com.rabbitmq.client.Recoverable;
import com.rabbitmq.client.RecoveryListener;
import java.util.Map;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A program whose broker is stopped and started again; the client brings connection and topology back by itself. */
final class JavaRecovery {

    private JavaRecovery() {}

    static void run(int port) throws Exception {
        Checks checks = new Checks();
        JavaClient client = new JavaClient(port);
        Channel channel = client.connection.createChannel();
        channel.exchangeDeclare("jvm-recovery", "topic", false, false, Map.of());
        channel.queueDeclare("jvm-stays", true, false, false, null);
        String named = JavaClient.queue(channel);
        channel.queueBind(named, "jvm-recovery", "a.*");
        channel.basicQos(5);
        BlockingQueue<Delivery> got = JavaClient.consume(channel, named, true);
        BlockingQueue<Delivery> stays = JavaClient.consume(channel, "jvm-stays", true);
        channel.confirmSelect();
        channel.basicPublish("jvm-recovery", "a.b", null, bytes("before"));
        Checks.equal("before", JavaClient.text(Checks.next(got)));
        CountDownLatch recovered = new CountDownLatch(1);
        ((Recoverable) client.connection).addRecoveryListener(new RecoveryListener() {
            @Override
            public void handleRecovery(Recoverable recoverable) {
                recovered.countDown();
            }

            @Override
            public void handleRecoveryStarted(Recoverable recoverable) {}
        });
        System.out.println("ready");
        System.out.flush();
        checks.check("connection and topology come back", () -> {
            Checks.that(recovered.await(Checks.PATIENCE_MS, TimeUnit.MILLISECONDS), "not recovered");
            channel.basicPublish("jvm-recovery", "a.b", true, null, bytes("after"));
            channel.basicPublish("", "jvm-stays", true, null, bytes("stays"));
            channel.waitForConfirmsOrDie(Checks.PATIENCE_MS);
            Checks.equal("after", JavaClient.text(Checks.next(got)));
            Checks.equal("stays", JavaClient.text(Checks.next(stays)));
            channel.queueDelete("jvm-stays");
            channel.exchangeDelete("jvm-recovery");
        });
        checks.end();
    }
}
