package dev.recado.node;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.recado.base.ByteWriter;
import dev.recado.core.group.GroupSettings;
import dev.recado.core.group.Strategy;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.GroupDef;
import dev.recado.core.topic.GroupKind;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.StartPosition;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import dev.recado.core.topic.TopicSettings;
import dev.recado.shard.PartitionOwner;
import dev.recado.shard.ShardOwner;
import dev.recado.shard.ShardProbe;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a node has applied is the same before a crash and after it, whatever was done and in whatever order the log
 * tells of it: catalog, offsets, log start, and of each group what is finished, its cursor and its attempts.
 */
@Timeout(120)
class AppliedStateTest {

    private static final int LIVES = 4;
    private static final int STEPS = 60;
    private static final List<Strategy> STRATEGIES = List.of(Strategy.values());
    private static final List<String> NAMES = List.of("log", "queue", "wide", "latest");

    @TempDir
    Path directory;

    private final List<TestSession> consumers = new ArrayList<>();
    private long sequence;

    @Test
    void shouldHaveTheSameStateAfterACrash() throws Exception {
        long seed = Long.getLong("recado.seed", System.nanoTime());
        Random random = new Random(seed);
        Map<String, String> before = Map.of();
        for (int life = 0; life <= LIVES; life++) {
            NodeRig rig = NodeRig.startAhead(directory, wrongMs(random));
            try {
                rig.settle();
                Map<String, String> after = state(rig);
                if (life > 0) {
                    assertThat(differences(before, after))
                            .as("seed=%d life=%d", seed, life)
                            .isEmpty();
                }
                live(rig, random);
                before = state(rig);
            } finally {
                rig.crash();
            }
        }
    }

    /** Does this and that; then everybody has left and everything is told. */
    private void live(NodeRig rig, Random random) throws Exception {
        TestSession session = rig.sessionOn(random.nextInt(2));
        consumers.clear();
        for (int step = 0; step < STEPS; step++) {
            String name = NAMES.get(random.nextInt(NAMES.size()));
            Topic topic = session.link().catalog().topic(TopicName.of(name));
            if (topic == null) {
                create(session, name);
            } else {
                step(rig, session, topic, random);
            }
        }
        for (TestSession consumer : consumers) {
            consumer.run(() -> consumer.link().close());
        }
        session.run(() -> session.link().close());
        rig.settle();
    }

    private static void create(TestSession session, String name) throws Exception {
        session.create(
                name,
                switch (name) {
                    case "queue" -> NodeRig.queue();
                    case "wide" -> NodeRig.log(3, 0, Overflow.BLOCK);
                    case "latest" -> NodeRig.log(1, 20, Overflow.DROP_OLDEST);
                    default -> NodeRig.log(1, 0, Overflow.BLOCK);
                });
    }

    private void step(NodeRig rig, TestSession session, Topic topic, Random random) throws Exception {
        String name = topic.name().name();
        switch (random.nextInt(16)) {
            case 0 -> session.call(() -> session.link().purge(topic));
            case 1 -> consume(rig, name, random);
            case 2 -> rig.passTime(random.nextInt(600));
            case 3 -> leaveOne(random);
            case 4 -> resetOne(session, topic, random);
            case 5 -> createGroup(session, topic, random);
            case 6 -> node(rig);
            case 8 -> rig.putWallAhead(wrongMs(random));
            case 9 -> alter(session, topic, random);
            case 10 -> rig.flush();
            case 7 -> {
                if (random.nextInt(8) == 0) {
                    session.call(() -> session.link().change(new CatalogChange.DeleteTopic(topic.uuid())));
                }
            }
            default -> publish(session, topic, 1 + random.nextInt(30));
        }
    }

    /** Limits come, change and go; what is dropped for them is dropped before the crash. */
    private static void alter(TestSession session, Topic topic, Random random) throws Exception {
        TopicSettings now = topic.settings();
        Overflow overflow = now.overflow() == Overflow.BLOCK ? Overflow.REJECT : now.overflow();
        TopicSettings settings = NodeRig.settings(
                now.kind(),
                now.durability(),
                now.partitions(),
                random.nextInt(3) * 30L,
                random.nextInt(3) * 2_000L,
                overflow,
                -1);
        session.call(() -> session.link().change(new CatalogChange.AlterTopic(topic.uuid(), settings)));
    }

    private void publish(TestSession session, Topic topic, int count) throws Exception {
        long until = session.confirmed.get() + session.refusals.size() + count;
        session.publish(topic, count, "m" + sequence++ + "-");
        await().until(() -> session.confirmed.get() + session.refusals.size() >= until);
    }

    private void consume(NodeRig rig, String topic, Random random) throws Exception {
        TestSession consumer = rig.sessionOn(random.nextInt(2));
        consumer.acknowledge(random.nextInt(3) > 0);
        String group = topic.equals("queue") ? GroupDef.QUEUE : (random.nextBoolean() ? "g" : "c") + random.nextInt(2);
        consumer.subscribe(topic, group, 1 + random.nextInt(20), StartPosition.first());
        consumers.add(consumer);
    }

    private void leaveOne(Random random) throws Exception {
        if (!consumers.isEmpty()) {
            TestSession consumer = consumers.remove(random.nextInt(consumers.size()));
            boolean quits = random.nextBoolean();
            consumer.run(() -> {
                if (quits) {
                    consumer.link().quit();
                }
                consumer.link().close();
            });
        }
    }

    private static void resetOne(TestSession session, Topic topic, Random random) throws Exception {
        for (GroupDef group : topic.groups()) {
            StartPosition to = random.nextBoolean() ? StartPosition.first() : StartPosition.next();
            session.call(() -> session.link().resetGroup(topic, group.name(), to));
            return;
        }
    }

    private static void createGroup(TestSession session, Topic topic, Random random) throws Exception {
        String name = "c" + random.nextInt(2);
        if (topic.name().name().equals("queue")) {
            return;
        }
        GroupDef known = topic.group(name);
        CatalogChange change = known != null
                ? new CatalogChange.DeleteGroup(known.id())
                : new CatalogChange.CreateGroup(
                        topic.uuid(),
                        name,
                        GroupKind.NAMED,
                        impatient(random),
                        random.nextBoolean() ? StartPosition.first() : StartPosition.next(),
                        0,
                        false);
        session.call(() -> session.link().change(change));
    }

    /** Leases end while its members hold something, and messages have their last delivery. */
    private static GroupSettings impatient(Random random) {
        Strategy strategy = STRATEGIES.get(random.nextInt(STRATEGIES.size()));
        return GroupSettings.DEFAULT
                .with(GroupSettings.STRATEGY, strategy)
                .with(GroupSettings.LEASE_MS, 200)
                .with(GroupSettings.MAX_DELIVERIES, 1 + random.nextInt(3))
                .with(GroupSettings.BACK_OFF_MS, 0)
                .with(GroupSettings.BACK_OFF_MAX_MS, 0)
                .with(GroupSettings.NACK_COUNTS, random.nextBoolean())
                .with(GroupSettings.DEAD_LETTER, "");
    }

    /** By how much the wall clock is wrong: often by nothing, else by up to a year. */
    private static long wrongMs(Random random) {
        return random.nextBoolean() ? 0 : (random.nextInt(730) - 365) * 24L * 3_600_000;
    }

    /** A checkpoint in the middle of it. */
    private static void node(NodeRig rig) {
        rig.node().journal().checkpoint(() -> {});
    }

    private static List<String> differences(Map<String, String> before, Map<String, String> after) {
        List<String> lines = new ArrayList<>();
        Map<String, String> all = new TreeMap<>(before);
        all.putAll(after);
        for (String key : all.keySet()) {
            String was = String.valueOf(before.get(key));
            String is = String.valueOf(after.get(key));
            if (!was.equals(is)) {
                lines.add(key + " was " + was + " is " + is);
            }
        }
        return lines;
    }

    private static Map<String, String> state(NodeRig rig) throws Exception {
        Map<String, String> state = new TreeMap<>();
        ByteWriter catalog = new ByteWriter(1024);
        rig.node().catalog().encode(catalog);
        state.put("catalog", HexFormat.of().formatHex(catalog.toByteArray()));
        for (ShardOwner shard : rig.node().owners()) {
            state.putAll(NodeRig.ask(shard.loop(), () -> describe(shard)));
        }
        return state;
    }

    private static Map<String, String> describe(ShardOwner shard) {
        Map<String, String> lines = new TreeMap<>();
        for (PartitionOwner owner : shard.partitions()) {
            if (owner.end() == 0) {
                continue; // made when somebody asks for it, groups and all
            }
            String partition = "partition " + owner.partition().id();
            // Retention may trim a queue at any time, up to its floor.
            String start = owner.dropsFinished() ? "" : "logStart=" + owner.logStart();
            lines.put(partition, start + " end=" + owner.end());
            ShardProbe.groupStates(owner).forEach((group, state) -> lines.put(partition + " group " + group, state));
        }
        return lines;
    }
}
