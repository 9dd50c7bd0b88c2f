package dev.recado.transport;

import static java.nio.charset.StandardCharsets.UTF_8;

import dev.recado.base.BrokerException;
import dev.recado.base.ByteWriter;
import dev.recado.base.ErrorCode;
import dev.recado.base.Ledger;
import dev.recado.base.Refusal;
import dev.recado.broker.BrokerAdmin;
import dev.recado.broker.Link;
import dev.recado.broker.Party;
import dev.recado.broker.Patience;
import dev.recado.broker.SessionInfo;
import dev.recado.broker.SessionPort;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.TapBatch;
import dev.recado.broker.session.Access;
import dev.recado.broker.session.AdminDoor;
import dev.recado.broker.session.Batches;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.Draft;
import dev.recado.core.message.MessageLayout;
import dev.recado.core.message.StoredRun;
import dev.recado.core.topic.Catalog;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.CatalogResult;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicFigures;
import dev.recado.security.Audit;
import dev.recado.security.Identity;
import io.vertx.core.Future;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * A broker of simple lists: the real catalog, topics as lists of messages, groups as {@link FakeGroup}. Nothing happens
 * by itself: {@link #turn} confirms, delivers and ends the turn until all is quiet. It keeps the rules of the real one
 * ({@link dev.recado.broker.BrokerContract}), but for those that {@link FakeContractTest} lists. One thread.
 */
public final class FakeBroker extends FakeRights {

    public static final long PUBLISH_TIME_MS = 1_700_000_000_000L;

    /** A topic's messages by partition, its groups and its taps. */
    public static final class Log {
        public final List<List<StoredRun>> partitions = new ArrayList<>();
        /** Offsets that the next messages get; a purge leaves them. */
        final long[] ends;

        public final Map<String, FakeGroup> groups = new LinkedHashMap<>();
        public final List<FakeSubscription> taps = new ArrayList<>();
        /** How often somebody used the topic without being a member. */
        public int uses;

        Log(int partitionCount) {
            ends = new long[partitionCount];
            for (int i = 0; i < partitionCount; i++) {
                partitions.add(new ArrayList<>());
            }
        }

        /** Has {@code group} hand out what lies from {@code from} on. */
        void fill(FakeGroup group, StartPosition from) {
            browse(from, Integer.MAX_VALUE, Long.MAX_VALUE)
                    .forEach(one -> group.ready.add(new FakeGroup.Ready(one.partitionIndex(), one.run(), 1)));
        }

        List<Browsed> browse(StartPosition from, int count, long bytesMax) {
            List<Browsed> found = new ArrayList<>();
            long bytes = 0;
            for (int i = 0; i < partitions.size(); i++) {
                List<StoredRun> runs = partitions.get(i);
                long first = first(from, runs);
                for (StoredRun run : runs) {
                    if (found.size() < count && bytes < bytesMax && run.baseOffset() >= first) {
                        bytes += run.length();
                        found.add(new Browsed(i, run.baseOffset(), run, run.messagesStart()));
                    }
                }
            }
            return found;
        }

        private static long first(StartPosition from, List<StoredRun> runs) {
            long last = runs.isEmpty() ? 0 : runs.get(runs.size() - 1).baseOffset();
            if (from instanceof StartPosition.AtOffset at) {
                return at.offset();
            }
            return from instanceof StartPosition.Last ? last : from instanceof StartPosition.Next ? last + 1 : 0;
        }

        /** Answers how many messages groups have not finished, or how many there were where there is no group. */
        long purge() {
            long kept = partitions.stream().mapToLong(List::size).sum();
            partitions.forEach(List::clear);
            if (groups.isEmpty()) {
                return kept;
            }
            return groups.values().stream()
                    .mapToLong(FakeGroup::forgetAll)
                    .max()
                    .orElse(0);
        }

        /** The same but for what members hold, of which the logs keep the messages. */
        long purgeUnheld() {
            return groups.isEmpty()
                    ? purge()
                    : groups.values().stream()
                            .mapToLong(FakeGroup::forgetReady)
                            .max()
                            .orElse(0);
        }

        /** Answers whether there is such a group. */
        boolean reset(String group, StartPosition from) {
            FakeGroup moved = groups.get(group);
            if (moved != null) {
                moved.forgetAll();
                fill(moved, from);
            }
            return moved != null;
        }
    }

    public final List<FakeLink> links = new ArrayList<>();
    /** What transports said of sessions that failed. */
    public final List<Throwable> sessionFailures = new ArrayList<>();

    public final Map<Integer, Log> logs = new HashMap<>();
    public final List<FakeSubscription> patterns = new ArrayList<>();
    public final Map<String, Map<Long, Long>> producers = new HashMap<>();
    /** Payloads, as texts, of what was published without waiting for the disk. */
    public final List<String> unsynced = new ArrayList<>();

    final FakeInboxes inboxes = new FakeInboxes(links);
    /** Answers that nobody waits for, or that a session could not take. */
    public int repliesDropped;
    /** What sessions settled that they could not hold. */
    public int acksIgnored;

    /** Ids of consumers that the broker has picked. */
    final Set<String> pickedIds = new HashSet<>();

    private final Map<FakeLink, Party> parties = new HashMap<>();
    private final Map<UUID, Party> exclusive = new HashMap<>();
    private final Ledger ledger = new Ledger();
    private final FakeAdmin admin = new FakeAdmin(this, new ArrayDeque<>());

    public Catalog catalog = Catalog.empty(8);
    private @Nullable Refusal shortage;
    /** While set, publishes wait for {@link FakeLink#confirm} and {@link FakeLink#refuse}. */
    public boolean holdConfirms;
    /** Happens once, before the next change that a session asks for. */
    public Runnable beforeNextChange = () -> {};
    /** Happens once, before a session asks next to have a topic described or to have messages of it. */
    public Runnable beforeNextAsk = () -> {};
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
    public Link open(SessionPort port, Patience patience, SessionInfo info, Identity identity, Party party) {
        FakeLink link = new FakeLink(this, port);
        link.identify(identity);
        link.introduce(info);
        links.add(link);
        parties.put(link, party);
        return new FakeDoor(link, identity);
    }

    /** Who has published hears of it. */
    public void shortage(@Nullable Refusal now) {
        shortage = now;
        links.stream().filter(FakeLink::hasPublished).forEach(link -> link.tell(to -> to.onShortage(now)));
    }

    @Override
    public @Nullable Refusal shortage() {
        return shortage;
    }

    /** Of a topic for one party alone it is known whose it is; nobody else is kept from it. */
    void onChange(FakeLink link, CatalogChange change) {
        if (change instanceof CatalogChange.CreateTopic made && made.settings().isExclusive()) {
            exclusive.put(made.uuid(), parties.get(link));
        }
    }

    /** With the last link of a party its topics end. */
    void onClosed(FakeLink link) {
        Party party = parties.remove(link);
        if (!parties.containsValue(party)) {
            exclusive.forEach((topic, owner) -> {
                if (owner == party) {
                    change(new CatalogChange.DeleteTopic(topic), Identity.BROKER);
                }
            });
            exclusive.values().removeIf(owner -> owner == party);
        }
    }

    @Override
    public BrokerAdmin admin(Identity identity) {
        return new AdminDoor(admin, new Access(identity), Audit.NONE);
    }

    @Override
    public Future<Catalog> change(CatalogChange change, Identity identity) {
        Refusal refusal = new Access(identity).change(change, catalog);
        if (refusal != null) {
            return Future.failedFuture(BrokerException.of(refusal));
        }
        CatalogResult result = catalog.apply(change);
        if (result instanceof CatalogResult.Refused refused) {
            return Future.failedFuture(BrokerException.of(refused.refusal()));
        }
        if (result instanceof CatalogResult.Applied granted) {
            catalog = granted.catalog();
        }
        if (change instanceof CatalogChange.DeleteTopic || change instanceof CatalogChange.DeleteNamespace) {
            links.forEach(FakeLink::endOrphans);
            logs.keySet().removeIf(id -> catalog.topic(id) == null);
        }
        if (change instanceof CatalogChange.DeleteNamespace deleted) {
            Refusal gone = Refusal.fatal(ErrorCode.NOT_FOUND, "namespace=" + deleted.name());
            links.stream()
                    .filter(link -> link.namespace().equals(deleted.name()))
                    .forEach(link -> link.later.add(() -> link.end(gone)));
        }
        return Future.succeededFuture(catalog);
    }

    @Override
    public void onSessionFailure(Throwable failure) {
        sessionFailures.add(failure);
    }

    @Override
    public String inboxAddress(String name, long correlation) {
        return inboxes.address(name, correlation);
    }

    /** Whether a session that {@code link} may not end has the consumer's id. */
    boolean isHeldByAnother(SubscribeSpec spec, Topic topic, FakeLink link) {
        return log(topic).groups.values().stream()
                .flatMap(group -> group.members.stream())
                .anyMatch(one ->
                        one.link != link && one.consumerId.equals(spec.consumerId()) && !link.mayReplace(one.link));
    }

    /** Whether a member is there, or wants to be there, as the only one. */
    boolean isExcluded(SubscribeSpec spec, Topic topic) {
        FakeGroup group = log(topic).groups.get(spec.group() == null ? "" : spec.group());
        return group != null
                && group.members.stream()
                        .filter(one -> !one.ceased)
                        .anyMatch(one -> spec.exclusive() || one.spec.exclusive());
    }

    /** Why it is refused by either. */
    static Refusal taken(SubscribeSpec spec) {
        return spec.consumerId() == null
                ? Refusal.of(ErrorCode.IN_USE, "group=" + spec.group())
                : Refusal.of(ErrorCode.NAME_IN_USE, "consumer=" + spec.consumerId());
    }

    /** A place in a group. */
    private int readers;

    FakeSubscription join(FakeLink link, SubscribeSpec spec, Topic topic) {
        String id = spec.consumerId() == null ? "c1" : spec.consumerId();
        if (spec.consumerId() == null) {
            pickedIds.add(id);
        }
        boolean isAlone = spec.kind() == SubscribeSpec.Kind.READER;
        String shared = spec.group() != null ? spec.group() : pickedIds.contains(id) ? "auto-1" : id;
        String name = isAlone ? GroupDef.READER + ++readers : shared;
        FakeGroup group = log(topic).groups.computeIfAbsent(name, unused -> {
            FakeGroup fresh = new FakeGroup(name);
            boolean pulls = spec.kind() == SubscribeSpec.Kind.PULL;
            log(topic).fill(fresh, pulls ? StartPosition.first() : spec.from());
            return fresh;
        });
        for (FakeSubscription other : List.copyOf(group.members)) {
            if (other.link != link && spec.consumerId() != null && other.consumerId.equals(id)) {
                other.link.end(FakeDoor.replaced("consumer=" + id));
            }
        }
        boolean isConsumer = spec.kind() == SubscribeSpec.Kind.PULL;
        FakeSubscription made = new FakeSubscription(link, spec, group, topic.partitionCount(), isConsumer ? id : "");
        group.members.add(made);
        return made;
    }

    public Log log(Topic topic) {
        return logs.computeIfAbsent(topic.id(), id -> new Log(topic.partitionCount()));
    }

    void asked() {
        Runnable before = beforeNextAsk;
        beforeNextAsk = () -> {};
        before.run();
    }

    /** Runs until nothing is left to do. */
    public void turn() {
        boolean busy = true;
        while (busy) {
            busy = admin.work();
            for (FakeLink link : List.copyOf(links)) {
                busy |= link.work();
            }
            for (Log log : List.copyOf(logs.values())) {
                for (FakeGroup group : List.copyOf(log.groups.values())) {
                    busy |= group.deliver();
                }
            }
            for (FakeSubscription pattern : List.copyOf(patterns)) {
                busy |= pattern.group.deliver();
            }
            for (FakeLink link : List.copyOf(links)) {
                busy |= link.endTurn();
            }
        }
    }

    /** Always the same ones. */
    static TopicFigures figures(Topic topic, Log log) {
        List<TopicFigures.PartitionFigures> partitions = new ArrayList<>();
        for (int i = 0; i < topic.partitionCount(); i++) {
            partitions.add(new TopicFigures.PartitionFigures(
                    i, 0, 0, log.partitions.get(i).size(), 0.5));
        }
        List<TopicFigures.GroupFigures> groups = new ArrayList<>();
        for (GroupDef group : topic.groups()) {
            long oldestMs = 1_700_000_000_000L;
            groups.add(new TopicFigures.GroupFigures(
                    group,
                    1,
                    0,
                    new TopicFigures.Unfinished(0, 2, 1, 1, 0),
                    new TopicFigures.Totals(3, 4, 0, 0),
                    new TopicFigures.Held(560, 0),
                    oldestMs));
        }
        return new TopicFigures(topic, new TopicFigures.Counts(2, 64, 0, 2, 1_000, 0, 0), partitions, groups);
    }

    static int partition(Topic topic, Draft draft) {
        int hash = 0;
        for (int i = 0; i < draft.keyLength; i++) {
            hash = hash * 31 + draft.keyBytes[draft.keyStart + i];
        }
        return Math.floorMod(hash, topic.partitionCount());
    }

    /** Stores a message and answers its offset. */
    public long store(Topic topic, int partition, byte[] message) {
        Log log = log(topic);
        StoredRun run = run(message, log.ends[partition]++);
        log.partitions.get(partition).add(run);
        log.groups.values().forEach(group -> group.ready.add(new FakeGroup.Ready(partition, run, 1)));
        List<FakeSubscription> taps =
                log.taps.stream().filter(FakeSubscription::isServed).toList();
        TapBatch batch = Batches.tap(partition, List.of(run), taps.size() > 1);
        taps.forEach(tap -> tap.link.tap(tap, batch));
        for (FakeSubscription pattern : patterns) {
            if (pattern.takes(topic.name())) {
                pattern.group.ready.add(new FakeGroup.Ready(0, run(message, pattern.writtenBytes++), 1));
            }
        }
        return run.baseOffset();
    }

    public static StoredRun run(byte[] message, long offset) {
        return new StoredRun(
                message, 0, 0, message.length, 1, offset, 1, PUBLISH_TIME_MS, PUBLISH_TIME_MS, 1, null, 0, 1);
    }

    void published(Draft draft) {
        if (draft.isUnsynced) {
            unsynced.add(new String(draft.payloadBytes, draft.payloadStart, draft.payloadLength, UTF_8));
        }
    }

    public static byte[] message(Draft draft) {
        ByteWriter out = new ByteWriter(64);
        MessageLayout.write(out, draft);
        return out.toByteArray();
    }
}
