package dev.recado.bench.amqp;

import dev.recado.base.ByteWriter;
import dev.recado.bench.LoadPlan;
import dev.recado.bench.LoadTransport;
import dev.recado.transport.amqp.wire.MethodId;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Load over AMQP 0-9-1, on any broker that speaks it: a topic is a queue, or a fanout exchange with a queue for each
 * group or tap. As {@code guest}; the plan's namespace is a virtual host.
 */
public final class AmqpLoad implements LoadTransport {

    private static final long PREPARE_MS = 60_000;

    @Override
    public String name() {
        return "amqp";
    }

    @Override
    public boolean hasTopics() {
        return true;
    }

    @Override
    public List<String> kinds() {
        return List.of("queue");
    }

    @Override
    public @Nullable String cannot(LoadPlan plan) {
        if (plan.safety().resume()) {
            return "publishes have no numbers over amqp by which a resend would be known: leave out --resume";
        }
        if (plan.topics().durability().equals("os")) {
            return "a queue is durable or not over amqp: --durability fsync or memory";
        }
        return plan.topics().partitions() == 1 ? null : "a queue has one partition: leave out --partitions";
    }

    @Override
    public LoadPlan.Endpoints endpoints(boolean tap) {
        return LoadPlan.Endpoints.both(new LoadPlan.Address("127.0.0.1", 5672));
    }

    @Override
    public void prepare(LoadPlan plan) throws IOException {
        Targets targets = new Targets(plan);
        try (AmqpAdmin admin = AmqpAdmin.connect(plan.setup(), PREPARE_MS)) {
            ByteWriter out = admin.out();
            for (int topic = 0; topic < plan.topics().count(); topic++) {
                if (targets.hasExchanges()) {
                    ClientWords.putDeclareFanout(targets.exchange(topic), targets.isDurable(), out);
                    admin.await(MethodId.EXCHANGE_DECLARE_OK);
                }
                for (int group = 0; group < queues(plan); group++) {
                    ClientWords.putDeclareQueue(targets.queue(topic, group), targets.isDurable(), out);
                    admin.await(MethodId.QUEUE_DECLARE_OK);
                    if (targets.hasExchanges()) {
                        ClientWords.putBind(targets.queue(topic, group), targets.exchange(topic), out);
                        admin.await(MethodId.QUEUE_BIND_OK);
                    }
                }
            }
        }
    }

    /** The protocol has no words for the broker's figures. */
    @Override
    public Map<String, String> finish(LoadPlan plan, long limitMs) throws IOException {
        Targets targets = new Targets(plan);
        try (AmqpAdmin admin = AmqpAdmin.connect(plan.setup(), limitMs)) {
            for (int topic = 0; topic < plan.topics().count(); topic++) {
                boolean mayGo = plan.topics().temporary();
                for (int group = 0; group < queues(plan) && (mayGo || targets.hasExchanges()); group++) {
                    ClientWords.putDeleteQueue(targets.queue(topic, group), admin.out());
                    admin.await(MethodId.QUEUE_DELETE_OK);
                }
                if (mayGo && targets.hasExchanges()) {
                    ClientWords.putDeleteExchange(targets.exchange(topic), admin.out());
                    admin.await(MethodId.EXCHANGE_DELETE_OK);
                }
            }
        }
        return Map.of();
    }

    /** Queues that are made for each topic: those of taps come with their consumers and go with them. */
    private static int queues(LoadPlan plan) {
        return plan.consuming().tap() ? 0 : plan.consuming().groups();
    }

    @Override
    public PublishEncoder publisher(LoadPlan plan, int publisher) {
        return new AmqpPublishEncoder(plan, publisher);
    }

    @Override
    public ConfirmDecoder confirms(LoadPlan plan) {
        return new AmqpConfirmDecoder(plan.isConfirmed());
    }

    @Override
    public ConsumerCodec consumer(LoadPlan plan, int group, int member) {
        return new AmqpConsumerCodec(plan, group);
    }
}
