package dev.recado.apps.coffee.gateway;

import com.rabbitmq.client.Channel;
import com.rabbitmq.client.Connection;
import com.rabbitmq.client.ShutdownSignalException;
import dev.recado.apps.Stop;
import dev.recado.apps.coffee.data.CoffeeRow;
import dev.recado.apps.coffee.data.CoffeeRow.SaleItem;
import dev.recado.apps.coffee.data.CoffeeTable;
import dev.recado.apps.coffee.data.RowRules;
import dev.recado.apps.coffee.node.AmqpLoop;
import dev.recado.apps.coffee.node.BrokerLostException;
import dev.recado.apps.coffee.node.Outlet;
import dev.recado.apps.coffee.node.Topology;
import dev.recado.apps.coffee.state.DamagedStateException;
import dev.recado.apps.coffee.state.OwnDisk;
import dev.recado.apps.coffee.wire.Batch;
import dev.recado.apps.coffee.wire.BatchCodec;
import dev.recado.apps.coffee.wire.GatewayFrame;
import dev.recado.apps.coffee.wire.GatewayFrame.Fetched;
import dev.recado.apps.coffee.wire.GatewayFrame.Left;
import dev.recado.apps.coffee.wire.GatewayFrame.Position;
import dev.recado.apps.coffee.wire.GatewayFrame.Progress;
import dev.recado.apps.coffee.wire.GatewayFrame.RefusalCode;
import dev.recado.apps.coffee.wire.GatewayFrame.Refused;
import dev.recado.apps.coffee.wire.GatewayFrame.Rows;
import dev.recado.apps.coffee.wire.GatewayFrame.Taken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeoutException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One client that is connected, on a thread and an AMQP connection of its own: takes its batches, then hands it the
 * answer. Owns the session's positions meanwhile.
 */
final class SessionTalk {

    private static final Logger LOG = LoggerFactory.getLogger(SessionTalk.class);
    private static final long LOOK_MS = 100;
    private static final int PROGRESS_EVERY_LOOKS = 10;

    /** What the client did wrong; the connection ends with it. */
    private static final class InvalidException extends Exception {
        private static final long serialVersionUID = 1;

        private InvalidException(String message) {
            super(message);
        }
    }

    private final ClientLink link;
    private final SessionPositions positions;
    private final GatewayAnswers answers;
    private final AmqpLoop amqp;
    private final Topology topology;
    private final Stop stop;

    SessionTalk(ClientLink link, SessionPositions positions, GatewayAnswers answers, AmqpLoop amqp, Topology topology) {
        this.link = link;
        this.positions = positions;
        this.answers = answers;
        this.amqp = amqp;
        this.topology = topology;
        stop = amqp.stop();
    }

    /** How a talk ends. */
    enum Outcome {
        /** The client has its answer, so that the session is over. */
        FETCHED,
        /** The client will not come back. */
        LEFT,
        /** It may come back. */
        GONE
    }

    /** Talks until the connection ends, or ends it. */
    Outcome run() throws IOException {
        link.send(new GatewayFrame.Welcome(positions.positions()));
        try {
            if (!positions.isEnded() && !upload()) {
                return Outcome.LEFT;
            }
            return !stop.isRequested() && handOver() ? Outcome.FETCHED : Outcome.GONE;
        } catch (InvalidException e) {
            LOG.warn("client refused session={} why={}", positions.session(), e.getMessage());
            link.refuse(new Refused(RefusalCode.INVALID, String.valueOf(e.getMessage())));
        } catch (TimeoutException | ShutdownSignalException | BrokerLostException e) {
            LOG.warn("the broker is not there session={} cause={}", positions.session(), String.valueOf(e));
            link.refuse(new Refused(RefusalCode.UNAVAILABLE, "the gateway has lost its broker"));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            positions.rollBack();
        }
        return Outcome.GONE;
    }

    /** Answers whether the client stayed. */
    private boolean upload() throws IOException, TimeoutException, InterruptedException, InvalidException {
        try (Connection connection = connect()) {
            Outlet outlet = outlet(connection);
            boolean stays = true;
            while (stays && !positions.isEnded() && !stop.isRequested()) {
                stays = take(link.receive(), outlet);
            }
            return stays;
        }
    }

    private Connection connect() throws BrokerLostException, TimeoutException {
        try {
            return amqp.connect();
        } catch (IOException e) {
            throw new BrokerLostException("no connection", e);
        }
    }

    private Outlet outlet(Connection connection) throws BrokerLostException {
        try {
            Channel channel = connection.createChannel();
            topology.declare(channel);
            return new Outlet(channel);
        } catch (IOException e) {
            throw new BrokerLostException("no channel with all exchanges and queues", e);
        }
    }

    /** Answers whether the client stays. */
    private boolean take(List<GatewayFrame> frames, Outlet outlet)
            throws IOException, TimeoutException, InterruptedException, InvalidException {
        Set<CoffeeTable> moved = EnumSet.noneOf(CoffeeTable.class);
        boolean stays = true;
        for (GatewayFrame frame : frames) {
            if (frame instanceof Left) {
                stays = false;
                break;
            }
            if (!(frame instanceof Rows rows)) {
                throw new InvalidException("expected rows");
            }
            Batch batch = rows.batch();
            check(batch);
            moved.add(batch.table());
            if (isNext(batch)) {
                publish(batch, outlet);
            }
        }
        outlet.confirm();
        OwnDisk.run(positions::commit);
        for (CoffeeTable table : moved) {
            link.send(new Taken(positions.position(table)));
        }
        return stays;
    }

    private void publish(Batch batch, Outlet outlet) throws IOException, TimeoutException, InterruptedException {
        CoffeeTable table = batch.table();
        String routingKey = topology.routingKey(table, batch.session());
        boolean isEos = batch.rows().isEmpty();
        Batch sent = isEos
                ? Batch.eos(batch.session(), table, batch.number(), true)
                : batch.withRows(batch.rows().stream().map(SessionTalk::needed).toList());
        outlet.publish(Topology.exchange(table), routingKey, BatchCodec.encode(sent));
        if (isEos) {
            positions.onEnd(table);
        } else {
            positions.onBatch(table, batch.rows().size());
        }
    }

    /** No query asks to which purchase an item belongs, and that is half of its bytes. */
    private static CoffeeRow needed(CoffeeRow row) {
        return row instanceof SaleItem item ? item.withoutSale() : row;
    }

    /** Whether it is new: what was taken before is told again and dropped. */
    private boolean isNext(Batch batch) throws InvalidException {
        Position position = positions.position(batch.table());
        boolean isRepeat = batch.number() < position.batches()
                || position.isEnded() && batch.rows().isEmpty() && batch.number() == position.batches();
        if (!isRepeat && (position.isEnded() || batch.number() != position.batches())) {
            throw new InvalidException(batch.table().text() + " batch " + batch.number() + ": expected "
                    + (position.isEnded() ? "none, the table has ended" : position.batches()));
        }
        return !isRepeat;
    }

    private void check(Batch batch) throws InvalidException {
        String where = batch.table().text() + " batch " + batch.number();
        if (!batch.session().equals(positions.session())) {
            throw new InvalidException(where + ": of another session");
        }
        if (batch.table().isResult() || batch.isEos() || !batch.isComplete()) {
            throw new InvalidException(where + ": not a client's");
        }
        int number = 0;
        for (CoffeeRow row : batch.rows()) {
            String wrong = RowRules.wrong(batch.table(), row);
            if (wrong != null) {
                throw new InvalidException(where + " row " + number + ": " + wrong);
            }
            number++;
        }
    }

    private boolean handOver() throws IOException {
        int all = CoffeeTable.results().size();
        int done = answers.tablesDone(positions.session());
        for (int looks = 0; done < all; looks++) {
            if (looks % PROGRESS_EVERY_LOOKS == 0) {
                link.send(new Progress(done));
            }
            if (stop.within(LOOK_MS)) {
                return false;
            }
            done = answers.tablesDone(positions.session());
        }
        AnswerStream out = new AnswerStream(link);
        try {
            answers.write(positions.session(), out);
        } catch (DamagedStateException e) {
            // Not the client's doing, and no other time helps.
            throw new UncheckedIOException(e);
        }
        out.end();
        while (true) {
            for (GatewayFrame frame : link.receive()) {
                if (frame instanceof Fetched) {
                    return true;
                }
            }
        }
    }
}
