package dev.recado.transport;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.Ledger;
import dev.recado.broker.Broker;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionPort;
import dev.recado.broker.TapBatch;
import dev.recado.broker.session.Batches;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.Topic;
import io.vertx.core.Future;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A broker of simple lists: the real catalog, topics as lists of messages, groups as {@link FakeGroup}. Nothing happens
 * by itself: {@link #turn} confirms, delivers and ends the turn until all is quiet. One thread.
 */
public final class FakeBroker implements Broker {

    public static final long PUBLISH_TIME_MS = 1_700_000_000_000L;

    /** A topic's messages by partition, its groups and its taps. */
    public static final class Log {
        public final List<List<StoredRun>> partitions = new ArrayList<>();
        public final Map<String, FakeGroup> groups = new LinkedHashMap<>();
        public final List<FakeSubscription> taps = new ArrayList<>();
    }

    public final List<FakeLink> links = new ArrayList<>();
    /** What transports said of sessions that failed. */
    public final List<Throwable> sessionFailures = new ArrayList<>();

    public final Map<Integer, Log> logs = new HashMap<>();
    public final List<FakeSubscription> patterns = new ArrayList<>();
    public final Map<String, Map<Long, Long>> producers = new HashMap<>();
    /** Sessions whose inbox has a name, by it. */
    public final Map<String, FakeLink> inboxes = new HashMap<>();
    /** Answers that nobody waits for, or that a session could not take. */
    public int repliesDropped;
    /** What sessions settled that they could not hold. */
    public int acksIgnored;

    private final Ledger ledger = new Ledger();

    public Catalog catalog = Catalog.empty(8);
    /** While set, publishes wait for {@link FakeLink#confirm} and {@link FakeLink#refuse}. */
    public boolean holdConfirms;
    /** Called when a turn has something to do. */
    public Runnable onActivity = () -> {};

    @Override
    public String version() {
        return "recado/0.2.0";
    }

    @Override
    public String nodeId() {
        return "n1";
    }

    @Override
    public Ledger ledger() {
        return ledger;
    }

    @Override
    public Catalog catalog() {
        return catalog;
    }

    @Override
    public Link open(SessionPort port, Patience patience) {
        FakeLink link = new FakeLink(this, port);
        links.add(link);
        return link;
    }

    @Override
    public Future<Catalog> change(CatalogChange change) {
        CatalogResult result = catalog.apply(change);
        if (result instanceof CatalogResult.Refused refused) {
            return Future.failedFuture(BrokerException.of(refused.refusal()));
        }
        if (result instanceof CatalogResult.Applied granted) {
            catalog = granted.catalog();
        }
        if (change instanceof CatalogChange.DeleteTopic) {
            links.forEach(FakeLink::endOrphans);
        }
        return Future.succeededFuture(catalog);
    }

    @Override
    public void onSessionFailure(Throwable failure) {
        sessionFailures.add(failure);
    }

    @Override
    public String inboxAddress(String name, long correlation) {
        return "n1/-1/" + token(name) + "/" + correlation;
    }

    static String token(String name) {
        return String.valueOf(Math.abs((long) name.hashCode()));
    }

    public Log log(Topic topic) {
        return logs.computeIfAbsent(topic.id(), id -> {
            Log log = new Log();
            for (int i = 0; i < topic.partitionCount(); i++) {
                log.partitions.add(new ArrayList<>());
            }
            return log;
        });
    }

    /** Runs until nothing is left to do. */
    public void turn() {
        boolean busy = true;
        while (busy) {
            busy = false;
            for (FakeLink link : List.copyOf(links)) {
                busy |= link.work();
            }
            for (Log log : logs.values()) {
                for (FakeGroup group : log.groups.values()) {
                    busy |= group.deliver();
                }
            }
            for (FakeSubscription pattern : patterns) {
                busy |= pattern.group.deliver();
            }
            for (FakeLink link : List.copyOf(links)) {
                busy |= link.endTurn();
            }
        }
    }

    /** Stores a message and answers its offset. */
    public long store(Topic topic, int partition, byte[] message) {
        Log log = log(topic);
        List<StoredRun> messages = log.partitions.get(partition);
        StoredRun run = run(message, messages.size());
        messages.add(run);
        log.groups.values().forEach(group -> group.ready.add(new FakeGroup.Ready(partition, run, 1)));
        List<FakeSubscription> taps =
                log.taps.stream().filter(FakeSubscription::isServed).toList();
        TapBatch batch = Batches.tap(partition, List.of(run), taps.size() > 1);
        taps.forEach(tap -> tap.link.tap(tap, batch));
        for (FakeSubscription pattern : patterns) {
            if (topic.name()
                    .name()
                    .matches(pattern.spec
                            .topic()
                            .replace(".", "\\.")
                            .replace("*", "[^.]*")
                            .replace("#", ".*"))) {
                pattern.group.ready.add(new FakeGroup.Ready(0, run(message, pattern.writtenBytes++), 1));
            }
        }
        return run.baseOffset();
    }

    public static StoredRun run(byte[] message, long offset) {
        return new StoredRun(
                message, 0, 0, message.length, 1, offset, 1, PUBLISH_TIME_MS, PUBLISH_TIME_MS, 1, null, 0, 1);
    }

    public static byte[] message(Draft draft) {
        ByteWriter out = new ByteWriter(64);
        MessageLayout.write(out, draft);
        return out.toByteArray();
    }
}
