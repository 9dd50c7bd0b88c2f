package dev.recado.apps.coffee.node;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.Answer;
import dev.recado.apps.coffee.data.CoffeeRow.Sale;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.query.Aggregation;
import dev.recado.apps.coffee.query.CoffeeQuery;
import dev.recado.apps.coffee.query.QueryOptions;
import dev.recado.apps.coffee.session.SessionTracker.Verdict;
import dev.recado.apps.coffee.state.BatchSink;
import dev.recado.apps.coffee.state.OwnDisk;
import dev.recado.apps.coffee.state.SessionState;
import dev.recado.apps.coffee.state.SessionStates;
import dev.recado.apps.coffee.state.SortedSales;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The aggregator of one query for its share of the sessions. It acknowledges a batch once that is in its state, and
 * forgets a session once the broker has confirmed the answer.
 */
public final class AggregatorNode {

    /**
     * Where it keeps its state and for how long.
     *
     * @param directory its own
     * @param keepMs how long a session that is over is remembered
     * @param idleMs after how long without a batch a session is given up; only while this node could have got one
     */
    public record Keeping(Path directory, long keepMs, long idleMs) {}

    private static final class Sums implements BatchSink {
        private final Aggregation aggregation;

        private Sums(Aggregation aggregation) {
            this.aggregation = aggregation;
        }

        @Override
        public void onBatch(Batch batch) {
            batch.rows().forEach(row -> aggregation.add(batch.table(), row));
        }
    }

    private static final Logger LOG = LoggerFactory.getLogger(AggregatorNode.class);
    /** What waits in memory is as many of the longest batches at most: half of a heap of 256 MiB. */
    private static final int PREFETCH = 128;
    /** So few that they fit into a batch whatever their texts are. */
    private static final int ANSWER_ROWS = 1_000;

    private final CoffeeQuery query;
    private final int share;
    private final QueryOptions options;
    private final Topology topology;
    private final AmqpLoop loop;
    private final BatchIntake intake;
    private final HeardTime time = new HeardTime();

    /** {@code share} from 0, one for each aggregator of the query. */
    public AggregatorNode(CoffeeQuery query, int share, QueryOptions options, Topology topology, AmqpLoop loop) {
        this.query = query;
        this.share = share;
        this.options = options;
        this.topology = topology;
        this.loop = loop;
        intake = new BatchIntake("aggregator " + query.text() + "." + share, query::wrong);
    }

    /** Works until the loop's stop. */
    public void run(Keeping keeping) throws IOException {
        try (SessionStates<Sums> states = SessionStates.open(
                keeping.directory(),
                query.inputs(),
                keeping.keepMs(),
                session -> new Sums(query.newAggregation(options)),
                time.heardMs())) {
            LOG.info(
                    "aggregator begins query={} share={} sessions={}",
                    query.text(),
                    share,
                    states.sessions().size());
            loop.run(connection -> work(connection, states, keeping.idleMs()));
        } catch (UncheckedIOException e) {
            throw e.getCause();
        }
    }

    private void work(Connection connection, SessionStates<Sums> states, long idleMs)
            throws IOException, TimeoutException, InterruptedException {
        Channel channel = connection.createChannel();
        topology.declare(channel);
        Outlet outlet = new Outlet(channel);
        answerWhole(states, outlet);
        Inlet inlet = Inlet.openAlone(channel, Topology.queue(query, share), PREFETCH);
        time.begin(nowMs());
        while (!loop.stop().isRequested()) {
            List<Inlet.Delivery> taken = inlet.take();
            if (!taken.isEmpty()) {
                List<BatchIntake.Came> came = intake.readAll(taken, outlet);
                OwnDisk.run(() -> keep(states, came));
                inlet.acknowledge(taken);
                answerWhole(states, outlet);
            }
            for (UUID session : states.idle(idleMs, time.look(nowMs()))) {
                giveUp(states, session, outlet);
                LOG.warn("session given up: nothing came query={} session={} idleMs={}", query.text(), session, idleMs);
            }
        }
    }

    private static long nowMs() {
        return System.nanoTime() / 1_000_000;
    }

    /**
     * Answers with nothing, as not complete, since the client waits. Never with the sums so far: should a crash come
     * between answer and forgetting, and then the rest, both answers would be mixed.
     */
    private void giveUp(SessionStates<Sums> states, UUID session, Outlet outlet)
            throws IOException, TimeoutException, InterruptedException {
        for (CoffeeTable result : query.results()) {
            publish(outlet, Batch.eos(session, result, 0, false));
        }
        outlet.confirm();
        OwnDisk.run(() -> states.finish(session, System.currentTimeMillis()));
    }

    private void keep(SessionStates<Sums> states, List<BatchIntake.Came> came) throws IOException {
        long heardMs = time.heardMs();
        for (BatchIntake.Came one : came) {
            Batch batch = one.batch();
            boolean isNew = states.state(batch.session()) == null;
            Verdict verdict = states.take(batch, one.body(), heardMs);
            if (isNew && states.state(batch.session()) != null) {
                LOG.info("session began query={} session={}", query.text(), batch.session());
            }
            if (verdict == Verdict.STRANGE) {
                LOG.error(
                        "strange batch dropped query={} session={} table={} number={} eos={}",
                        query.text(),
                        batch.session(),
                        batch.table().text(),
                        batch.number(),
                        batch.isEos());
            }
        }
        states.commit();
    }

    private void answerWhole(SessionStates<Sums> states, Outlet outlet)
            throws IOException, TimeoutException, InterruptedException {
        for (SessionState<Sums> state : states.whole()) {
            boolean isComplete =
                    state.tracker().isComplete() && state.sink().aggregation.isExact();
            for (CoffeeTable result : query.results()) {
                answer(state, result, isComplete, outlet);
            }
            outlet.confirm();
            OwnDisk.run(() -> states.finish(state.session(), System.currentTimeMillis()));
            LOG.info("session ended query={} session={} complete={}", query.text(), state.session(), isComplete);
        }
    }

    /** The same batches each time, so that those of an answer that is given again are repeats. */
    private void answer(SessionState<Sums> state, CoffeeTable result, boolean isComplete, Outlet outlet)
            throws IOException, TimeoutException, InterruptedException {
        UUID session = state.session();
        long number = 0;
        try (Stream<Answer> answer = state.sink().aggregation.answer(result, order -> sales(state, order))) {
            Iterator<Answer> rows = answer.iterator();
            while (rows.hasNext()) {
                List<CoffeeRow> some = new ArrayList<>();
                while (rows.hasNext() && some.size() < ANSWER_ROWS) {
                    some.add(rows.next());
                }
                publish(outlet, Batch.ofRows(session, result, number++, some));
            }
        }
        publish(outlet, Batch.eos(session, result, number, isComplete));
    }

    /** From the batches on disk, where all of them are by now. */
    private static Stream<Sale> sales(SessionState<Sums> state, Comparator<Sale> order) {
        SortedSales sorted = OwnDisk.ask(() -> state.sales(CoffeeTable.TRANSACTIONS, order));
        return sorted.stream().onClose(() -> OwnDisk.run(sorted::close));
    }

    private void publish(Outlet outlet, Batch batch) throws IOException, TimeoutException, InterruptedException {
        String routingKey = topology.routingKey(batch.table(), batch.session());
        outlet.publish(Topology.RESULTS, routingKey, BatchCodec.encode(batch));
    }
}
