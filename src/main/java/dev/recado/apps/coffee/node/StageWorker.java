package dev.recado.apps.coffee.node;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.recado.apps.coffee.query.QueryOptions;
import dev.recado.apps.coffee.query.Stage;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One of any number of workers of a stage. It keeps nothing: of each batch it publishes one, waits for the confirms of
 * a handful, then acknowledges them. Where it dies in between, another makes the same batches again.
 */
public final class StageWorker {

    private static final Logger LOG = LoggerFactory.getLogger(StageWorker.class);

    /** Few, so that equal workers get equal shares. */
    private static final int PREFETCH = 16;

    private final Stage stage;
    private final QueryOptions options;
    private final Topology topology;
    private final AmqpLoop loop;
    private final BatchIntake intake;
    private long batches;

    public StageWorker(Stage stage, QueryOptions options, Topology topology, AmqpLoop loop) {
        this.stage = stage;
        this.options = options;
        this.topology = topology;
        this.loop = loop;
        intake = new BatchIntake("worker " + stage.text(), stage::wrong);
    }

    /** Works until the loop's stop; answers how many batches it has worked on. */
    public long run() {
        loop.run(this::work);
        LOG.info("worker ends stage={} batches={} unreadable={}", stage.text(), batches, intake.unreadable());
        return batches;
    }

    private void work(Connection connection) throws IOException, TimeoutException, InterruptedException {
        Channel channel = connection.createChannel();
        topology.declare(channel);
        Outlet outlet = new Outlet(channel);
        Inlet inlet = Inlet.open(channel, Topology.queue(stage), PREFETCH);
        while (!loop.stop().isRequested()) {
            List<Inlet.Delivery> taken = inlet.take();
            for (Inlet.Delivery delivery : taken) {
                Batch batch = intake.read(delivery.body(), outlet);
                if (batch != null) {
                    Batch made = batch.withRows(stage.apply(batch.rows(), options));
                    String routingKey = topology.routingKey(batch.table(), batch.session());
                    outlet.publish(Topology.exchange(stage), routingKey, BatchCodec.encode(made));
                }
            }
            outlet.confirm();
            if (!taken.isEmpty()) {
                inlet.acknowledge(taken);
                batches += taken.size();
            }
        }
    }
}
