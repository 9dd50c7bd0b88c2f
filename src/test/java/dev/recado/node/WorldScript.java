package dev.recado.node;

import static dev.recado.node.WorldTruth.require;

import dev.recado.broker.SlowTap;
import dev.recado.broker.SubscribeSpec;
import dev.recado.broker.session.BrokerSettings;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.PartitionGroup;
import dev.recado.core.group.Strategy;
import dev.recado.core.message.Browsed;
import dev.recado.core.message.MessageView;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Durability;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Partition;
import dev.recado.core.topic.Spilling;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicKind;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardProbe;
import java.util.List;
import java.util.Random;
import java.util.UUID;

/** What the sessions of a {@link NodeWorld} do, by chance. */
final class WorldScript {

    private static final List<String> NAMES =
            List.of("log", "queue", "wide", "latest", "short", "full", "loose", "memory");
    private static final List<Strategy> STRATEGIES = List.of(Strategy.values());
    private static final int SESSIONS_MAX = 6;
    private static final int KIB = 1024;

    /** No lease is shorter. */
    static final long LEASE_MS_MIN = 1_000;

    private final NodeWorld world;
    private final Random random;
    private long published;

    WorldScript(NodeWorld world) {
        this.world = world;
        this.random = world.random();
    }

    static BrokerSettings settings() {
        BrokerSettings base = TestNode.settings();
        return new BrokerSettings(
                base.nodeId(),
                NodeWorld.LOOPS,
                new BrokerSettings.Publishing(
                        256 * KIB,
                        base.publishing().unconfirmedBytesMax(),
                        base.publishing().mailboxBytesMax(),
                        64 * KIB,
                        256 * KIB,
                        2_000),
                base.groups(),
                base.taps(),
                new BrokerSettings.Storage(
                        32 * KIB, 32 * KIB, 0, 100, base.storage().producerExpireAfterMs(), 500),
                base.defaults());
    }

    private static TopicSettings settingsOf(String name) {
        return switch (name) {
            case "queue" -> NodeRig.queue();
            case "wide" -> log(3, 0, Overflow.BLOCK, -1, 1 << 20);
            case "latest" -> log(1, 20, Overflow.DROP_OLDEST, -1, 1 << 20);
            case "short" -> log(1, 0, Overflow.BLOCK, 3_000, 1 << 20);
            case "full" -> log(1, 15, Overflow.BLOCK, -1, 1 << 20);
            case "loose" -> NodeRig.settings(TopicKind.LOG, Durability.OS, 1, 0, 0, Overflow.BLOCK, -1);
            case "memory" -> NodeRig.memory(0, Overflow.BLOCK).with(Spilling.KEY, true);
            default -> log(1, 0, Overflow.BLOCK, -1, 16 * KIB);
        };
    }

    private static TopicSettings log(int partitions, long limit, Overflow overflow, long ttlMs, long retentionBytes) {
        TopicSettings base = TopicSettings.DEFAULT;
        return base.with(TopicSettings.PARTITIONS, partitions)
                .with(TopicSettings.RETENTION_TIME, ttlMs < 0 ? -1 : 2 * ttlMs)
                .with(TopicSettings.RETENTION_BYTES, retentionBytes)
                .with(TopicSettings.LIMIT_MESSAGES, limit)
                .with(TopicSettings.OVERFLOW, overflow)
                .with(TopicSettings.TTL, ttlMs);
    }

    /** One event: a session does something, or time passes. */
    void step() {
        WorldSession session = session();
        int what = random.nextInt(100);
        if (what < 30) {
            publish(session);
        } else if (what < 55) {
            world.tell(session, session::settleOne);
        } else if (what < 65) {
            subscribe(session);
        } else if (what < 70) {
            world.tell(session, session::closeOne);
        } else if (what < 73) {
            boolean quits = random.nextBoolean();
            world.tell(session, () -> session.close(quits));
        } else if (what < 85) {
            world.pass(random.nextInt(random.nextInt(12) == 0 ? 6_000 : 100));
        } else {
            rare(session, random.nextInt(15));
        }
        world.run(random.nextInt(20));
    }

    private void rare(WorldSession session, int what) {
        switch (what) {
            case 0, 1 -> change(session);
            case 2, 3 -> purge(session);
            case 4, 5 -> reset(session);
            case 6, 7, 8 -> world.node().journal().checkpoint(() -> {});
            case 9 -> shrinkDisk();
            case 10 -> world.giveSpace();
            case 11 -> world.schedule().putWallAhead((random.nextInt(9) - 4L) * 2_400_000L);
            case 12 ->
                world.node().owners().forEach(shard -> shard.loop()
                        .dispatch(() -> shard.feed().flush()));
            case 13 -> browse(session);
            default -> takeAll(session);
        }
    }

    private void takeAll(WorldSession session) {
        int times = random.nextInt(30);
        world.tell(session, () -> {
            for (int i = 0; i < times && session.heldCount() > 0; i++) {
                session.settleOne();
            }
        });
    }

    private void shrinkDisk() {
        world.disk().capacity(world.disk().usedBytes() + random.nextInt(100 * KIB));
        world.facts().count("small disk");
    }

    private WorldSession session() {
        List<WorldSession> sessions = world.sessions();
        if (sessions.isEmpty() || sessions.size() < SESSIONS_MAX && random.nextInt(10) == 0) {
            return world.open();
        }
        return sessions.get(random.nextInt(sessions.size()));
    }

    private String name() {
        return NAMES.get(random.nextInt(NAMES.size()));
    }

    private Topic topic(WorldSession session, String name) {
        return session.link().catalog().topic(TopicName.of(name));
    }

    private void create(WorldSession session, String name) {
        CatalogChange change = new CatalogChange.CreateTopic(
                TopicName.of(name), new UUID(random.nextLong(), random.nextLong()), settingsOf(name), true);
        session.call(() -> session.link().change(change));
    }

    private void publish(WorldSession session) {
        String name = name();
        int count = 1 + random.nextInt(random.nextInt(5) == 0 ? 40 : 6);
        int padding = random.nextInt(20) == 0 ? random.nextInt(70 * KIB) : random.nextInt(300);
        String key = random.nextInt(3) == 0 ? null : "k" + random.nextInt(4);
        world.tell(session, () -> {
            Topic topic = topic(session, name);
            if (topic == null) {
                create(session, name);
                return;
            }
            for (int i = 0; i < count; i++) {
                session.publish(topic, "m" + published++, i == 0 ? padding : padding % 100, key);
            }
        });
    }

    private void subscribe(WorldSession session) {
        String name = name();
        int credit = 1 + random.nextInt(30);
        boolean tap = random.nextInt(6) == 0;
        String group = name.equals("queue") ? GroupDef.QUEUE : "g" + random.nextInt(2);
        StartPosition from = random.nextInt(4) == 0 ? StartPosition.next() : StartPosition.first();
        SubscribeSpec spec = tap
                ? SubscribeSpec.tap(name, random.nextBoolean() ? SlowTap.BLOCK : SlowTap.DROP)
                : new SubscribeSpec(SubscribeSpec.Kind.GROUP, name, group, null, credit, from);
        world.tell(session, () -> {
            if (topic(session, name) == null) {
                create(session, name);
            } else {
                session.subscribe(spec);
            }
        });
    }

    private GroupSettings impatient() {
        return GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, STRATEGIES.get(random.nextInt(STRATEGIES.size())))
                .with(GroupSettings.LEASE_MS, LEASE_MS_MIN + random.nextInt(3_000))
                .with(GroupSettings.MAX_DELIVERIES, 1 + random.nextInt(4))
                .with(GroupSettings.BACK_OFF_MS, random.nextInt(2) * 100L)
                .with(GroupSettings.BACK_OFF_MAX_MS, 1_000)
                .with(GroupSettings.NACK_COUNTS, random.nextBoolean())
                .with(GroupSettings.DEAD_LETTER, random.nextInt(4) == 0 ? "" : GroupSettings.DEAD_LETTER_OF_TOPIC);
    }

    private void change(WorldSession session) {
        String name = name();
        String groupName = "g" + random.nextInt(2);
        GroupSettings settings = impatient();
        int what = random.nextInt(10);
        world.tell(session, () -> {
            Topic topic = topic(session, name);
            if (topic == null) {
                create(session, name);
                return;
            }
            GroupDef group = topic.group(groupName);
            if (what == 0) {
                session.call(() -> session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));
            } else if (name.equals("queue")) {
                return;
            } else if (group == null) {
                session.call(() -> session.link()
                        .change(new CatalogChange.CreateGroup(
                                topic.uuid(), groupName, GroupKind.NAMED, settings, StartPosition.first(), 0, true)));
            } else if (what < 3) {
                session.call(() -> session.link().change(new CatalogChange.DeleteGroup(group.id())));
            } else {
                world.truth().onAltered(topic, group.id());
                session.call(() -> session.link().change(new CatalogChange.AlterGroup(group.id(), settings)));
            }
        });
    }

    /** Somebody purges something. */
    void purge() {
        purge(session());
    }

    private void purge(WorldSession session) {
        String name = name();
        boolean checkpoint = random.nextInt(3) == 0;
        world.tell(session, () -> {
            Topic topic = topic(session, name);
            if (topic != null) {
                notePurge(topic, 1);
                session.call(() -> session.link().purge(topic)).onComplete(unused -> notePurge(topic, -1));
                if (checkpoint) {
                    world.facts().count(WorldFacts.PURGED_IN_CHECKPOINT);
                    world.node().journal().checkpoint(() -> {});
                }
            }
        });
    }

    private void notePurge(Topic topic, int open) {
        for (Partition partition : topic.partitions()) {
            PartitionOwner owner = world.node().owner(partition.shard()).existing(partition.id());
            long end = owner == null ? 0 : ShardProbe.nextOffset(owner);
            world.truth().onPurge(topic, partition.index(), end, open);
        }
    }

    private void reset(WorldSession session) {
        String name = name();
        String groupName = name.equals("queue") ? GroupDef.QUEUE : "g" + random.nextInt(2);
        StartPosition to = random.nextBoolean() ? StartPosition.first() : StartPosition.next();
        world.tell(session, () -> {
            Topic topic = topic(session, name);
            GroupDef group = topic == null ? null : topic.group(groupName);
            if (group != null) {
                world.truth().onMoving(topic, group.id());
                session.call(() -> session.link().resetGroup(topic, groupName, to))
                        .onComplete(moved -> world.truth()
                                .onMoved(
                                        topic,
                                        group.id(),
                                        moved.succeeded() && to.equals(StartPosition.first()),
                                        world.schedule().monotonicMs()));
            }
        });
    }

    private void browse(WorldSession session) {
        String name = name();
        world.tell(session, () -> {
            Topic topic = topic(session, name);
            if (topic != null) {
                session.call(() -> session.link().browse(topic, StartPosition.first(), 20))
                        .onSuccess(found -> found.forEach(one -> seen(topic, one)));
            }
        });
    }

    private void seen(Topic topic, Browsed one) {
        MessageView view = new MessageView();
        view.read(one.run().bytes(), one.position());
        world.truth().onSeen(topic, one.partitionIndex(), one.offset(), WorldSession.messageOf(view));
    }

    /** Consumes everything: each group of each topic comes to its end. */
    void drain() {
        world.giveSpace();
        world.schedule().putWallAhead(0);
        world.pass(1_000);
        if (world.dead()) {
            return;
        }
        for (WorldSession session : List.copyOf(world.sessions())) {
            world.tell(session, session::acknowledgeAll);
        }
        WorldSession drainer = world.open();
        for (Topic topic : world.topics()) {
            for (GroupDef group : topic.groups()) {
                world.tell(drainer, () -> {
                    drainer.acknowledgeAll();
                    drainer.subscribe(new SubscribeSpec(
                            SubscribeSpec.Kind.GROUP,
                            topic.name().name(),
                            group.name(),
                            null,
                            1_000,
                            StartPosition.first()));
                });
            }
        }
        for (Topic topic : world.topics()) {
            world.runUntil(() -> backlog(topic) == 0, "the end of " + topic.name());
        }
        world.runUntil(this::isAllAnswered, "answers to all publishes and commands");
        for (Topic topic : world.topics()) {
            world.runUntil(() -> backlog(topic) == 0, "the end of " + topic.name());
        }
        world.topics().forEach(this::checkThatNothingWasPassedOver);
        world.pass(1_000);
        for (WorldSession session : List.copyOf(world.sessions())) {
            world.tell(session, () -> session.close(true));
        }
        world.pass(1_000);
    }

    private boolean isAllAnswered() {
        return world.sessions().stream().allMatch(WorldSession::isAnswered);
    }

    private void checkThatNothingWasPassedOver(Topic topic) {
        if (!keepsAll(topic) && topic.settings().kind() != TopicKind.QUEUE) {
            return;
        }
        for (GroupDef group : topic.groups()) {
            for (PartitionOwner owner : world.owners(topic)) {
                int partition = owner.partition().index();
                List<String> passedOver = world.truth().passedOver(topic, group, partition, owner.logStart());
                require(
                        passedOver.isEmpty(),
                        "never given to " + topic.name() + "/" + partition + " " + group.name() + ": " + passedOver);
            }
        }
    }

    private long backlog(Topic topic) {
        long backlog = 0;
        for (PartitionOwner owner : world.owners(topic)) {
            for (PartitionGroup group : ShardProbe.groups(owner)) {
                backlog += ShardProbe.nextOffset(owner) - group.floor();
            }
        }
        return backlog;
    }

    /** Everything that was confirmed and is not trimmed comes to a group that is new, whole and in its place. */
    void readAll() {
        WorldSession reader = world.open();
        world.tell(reader, reader::acknowledgeAll);
        for (Topic topic : world.topics()) {
            if (keepsAll(topic)) {
                world.tell(
                        reader,
                        () -> reader.subscribe(new SubscribeSpec(
                                SubscribeSpec.Kind.GROUP,
                                topic.name().name(),
                                "check",
                                null,
                                1_000,
                                StartPosition.first())));
            }
        }
        for (Topic topic : world.topics()) {
            if (keepsAll(topic)) {
                world.runUntil(() -> isOpen(topic, "check") && backlog(topic) == 0, "all of " + topic.name());
                check(reader, topic);
            }
        }
    }

    private static boolean keepsAll(Topic topic) {
        TopicSettings settings = topic.settings();
        return settings.kind() == TopicKind.LOG
                && settings.durability() != Durability.MEMORY
                && settings.ttlMs() < 0
                && settings.overflow() != Overflow.DROP_OLDEST
                && !topic.name().name().endsWith(".dead");
    }

    private boolean isOpen(Topic topic, String group) {
        return world.owners(topic).stream().allMatch(owner -> ShardProbe.group(owner, group) != null);
    }

    private void check(WorldSession reader, Topic topic) {
        for (PartitionOwner owner : world.owners(topic)) {
            int partition = owner.partition().index();
            world.truth().confirmed(topic, partition, owner.logStart()).forEach((offset, message) -> {
                String where = topic.name() + "/" + partition + "@" + offset;
                require(offset < owner.end(), "confirmed and lost: " + where + " end=" + owner.end());
                require(reader.saw(topic, partition, offset), "confirmed and never read: " + where + " " + message);
            });
        }
    }
}
