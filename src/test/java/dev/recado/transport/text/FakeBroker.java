package dev.recado.transport.text;

import dev.recado.base.ByteWriter;
import dev.recado.broker.Broker;
import dev.recado.broker.Link;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionPort;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.Topic;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A broker of simple lists: the real catalog, topics as lists of messages, groups as {@link FakeGroup}. Nothing happens
 * by itself: {@link #turn} confirms, delivers and ends the turn until all is quiet. One thread.
 */
final class FakeBroker implements Broker {

    static final long PUBLISH_TIME_MS = 1_700_000_000_000L;

    /** A topic's messages by partition, its groups and its taps. */
    static final class Log {
        final List<List<StoredRun>> partitions = new ArrayList<>();
        final Map<String, FakeGroup> groups = new LinkedHashMap<>();
        final List<FakeSubscription> taps = new ArrayList<>();
    }

    final List<FakeLink> links = new ArrayList<>();
    final Map<Integer, Log> logs = new HashMap<>();
    final List<FakeSubscription> patterns = new ArrayList<>();
    final Map<String, Map<Long, Long>> producers = new HashMap<>();
    Catalog catalog = Catalog.empty(8);
    /** While set, publishes wait for {@link FakeLink#confirm} and {@link FakeLink#refuse}. */
    boolean holdConfirms;
    /** Called when a turn has something to do. */
    Runnable onActivity = () -> {};

    @Override
    public String version() {
        return "recado/0.1.0";
    }

    @Override
    public String nodeId() {
        return "n1";
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
    public String inboxAddress(String name, long correlation) {
        return "n1/-1/" + Math.abs((long) name.hashCode()) + "/" + correlation;
    }

    Log log(Topic topic) {
        return logs.computeIfAbsent(topic.id(), id -> {
            Log log = new Log();
            for (int i = 0; i < topic.partitionCount(); i++) {
                log.partitions.add(new ArrayList<>());
            }
            return log;
        });
    }

    /** Runs until nothing is left to do. */
    void turn() {
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
    long store(Topic topic, int partition, byte[] message) {
        Log log = log(topic);
        List<StoredRun> messages = log.partitions.get(partition);
        StoredRun run = run(message, messages.size());
        messages.add(run);
        log.groups.values().forEach(group -> group.ready.add(new FakeGroup.Ready(partition, run, 1)));
        log.taps.forEach(tap -> tap.link.tap(tap, partition, run));
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

    static StoredRun run(byte[] message, long offset) {
        return new StoredRun(message, 0, 0, message.length, 1, offset, 1, PUBLISH_TIME_MS, 1, null, 0, 1);
    }

    static byte[] message(Draft draft) {
        ByteWriter out = new ByteWriter(64);
        MessageLayout.write(out, draft);
        return out.toByteArray();
    }
}
