package dev.recado.node;

import static dev.recado.node.WorldTruth.require;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import dev.recado.core.topic.CatalogChange;
import dev.recado.core.topic.Overflow;
import dev.recado.core.topic.Topic;
import dev.recado.core.topic.TopicName;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.slf4j.LoggerFactory;

/**
 * Whole nodes live, crash in the middle of what they do, and live again: nothing confirmed is lost, nothing finished
 * comes again, nothing hangs. {@code -Drecado.world.seeds=…} says how many, {@code -Drecado.world.seed=…} which one.
 */
@Timeout(1_800)
class NodeWorldTest {

    private static final int EVENTS = 400;
    private static final int SEEDS = 2_000;
    private static final int STARTS_MAX = 20;
    private static final int REPEATED = 20;
    /** Which seeds have what sessions and shards say cross as bytes: every tenth. */
    private static final int AS_BYTES = 10;

    private static final int TASKS_OF_A_PURGE = 300;
    private static final int EVENTS_OF_A_SMALL_WORLD = 50;
    private static final int SEEN_PERCENT_MIN = 2;
    private static final long SMALL_SEED = 3;
    private static final List<String> STATES = List.of("state-0", "state-1");

    private final WorldFacts facts = new WorldFacts();
    private final Logger log = (Logger) LoggerFactory.getLogger("dev.recado");
    private @Nullable Level level;

    /** Two thousand nodes that find no space have much to say. */
    @BeforeEach
    void silence() {
        level = log.getLevel(); // most often none of its own
        log.setLevel(Level.OFF);
    }

    @AfterEach
    void speak() {
        log.setLevel(level);
    }

    @Test
    void shouldKeepEveryRuleInEverySeed() {
        Long one = Long.getLong("recado.world.seed");
        if (one != null) {
            live(one);
            return;
        }
        int seeds = Integer.getInteger("recado.world.seeds", SEEDS);
        long first = Long.getLong("recado.world.first", 1);
        long began = System.nanoTime();
        LongStream.range(first, first + seeds).parallel().forEach(this::live);
        long ms = (System.nanoTime() - began) / 1_000_000;
        System.out.println("NodeWorldTest seeds=" + seeds + " first=" + first + " ms=" + ms + " " + facts);
        if (seeds >= SEEDS) {
            checkThatAllWasSeen(seeds);
        }
    }

    /** A run that has not met what it is for proves nothing. */
    private void checkThatAllWasSeen(int seeds) {
        for (String fact : WorldFacts.WANTED) {
            assertThat(facts.seeds(fact)).as(fact).isGreaterThanOrEqualTo(seeds * SEEN_PERCENT_MIN / 100);
        }
        for (String change : WorldFacts.CHANGES) {
            assertThat(facts.crashes()).as("crashes at changes of the disk").containsKey(change);
        }
    }

    /** The broker takes what a session's code throws for a bug of that session; the simulation must not. */
    @Test
    void shouldEndWhereARuleIsBrokenInACallOfTheBroker() {
        NodeWorld world = new NodeWorld(1, facts, false);
        require(world.start(), "the first start");
        WorldSession session = world.open();
        TopicName name = TopicName.of("log");
        CatalogChange create =
                new CatalogChange.CreateTopic(name, new UUID(1, 1), NodeRig.log(1, 0, Overflow.BLOCK), true);
        world.tell(session, () -> session.call(() -> session.link().change(create)));
        world.pass(100);
        Topic topic = Objects.requireNonNull(world.node().catalog().topic(name));
        world.truth().onSeen(topic, 0, 0, "another message");

        world.tell(session, () -> session.publish(topic, "m0", 10, null));

        assertThatThrownBy(() -> world.pass(100)).hasMessageContaining("two messages at log/0@0");
    }

    @Test
    void shouldRepeatEachSeedExactly() {
        for (long seed = 1; seed <= REPEATED; seed++) {
            assertThat(live(seed)).as("seed %d", seed).isEqualTo(live(seed));
        }
    }

    /** That commands and answers cross as bytes changes nothing: each step and each byte of the disk is the same. */
    @Test
    void shouldGoTheSameWayWithCommandsAsBytes() {
        for (long seed = 1; seed <= REPEATED; seed++) {
            assertThat(live(seed, true)).as("seed %d", seed).isEqualTo(live(seed, false));
        }
    }

    @Test
    void shouldStartAgainWhereverItEnds() {
        int changes = new Run(SMALL_SEED, facts, false).liveShortly(Integer.MAX_VALUE);
        assertThat(changes).isBetween(80, 200);
        for (int change = 1; change <= changes; change++) {
            try {
                new Run(SMALL_SEED, facts, false).liveShortly(change);
            } catch (RuntimeException | AssertionError failure) {
                throw new AssertionError("change " + change + " of the disk: " + failure.getMessage(), failure);
            }
        }
    }

    /** Answers what stands for all that has happened. */
    private long live(long seed) {
        return live(seed, seed % AS_BYTES == 0);
    }

    /** {@code asBytes}: what sessions and shards say to each other crosses as bytes. */
    private long live(long seed, boolean asBytes) {
        WorldFacts own = new WorldFacts();
        try {
            long trace = new Run(seed, own, asBytes).run();
            facts.add(own);
            return trace;
        } catch (RuntimeException | AssertionError failure) {
            throw new AssertionError("seed=" + seed + ": " + failure.getMessage(), failure);
        }
    }

    /** One seed. */
    private static final class Run {
        private final NodeWorld world;
        private final WorldScript script;
        private final WorldFacts facts;
        private final Random random;

        Run(long seed, WorldFacts facts, boolean asBytes) {
            this.facts = facts;
            world = new NodeWorld(seed, facts, asBytes);
            script = new WorldScript(world);
            random = world.random();
        }

        long run() {
            begin();
            int crashes = 1 + random.nextInt(3);
            int events = EVENTS / (crashes + 1);
            for (int i = 0; i < crashes; i++) {
                act(events);
                crash(events);
                begin();
            }
            act(events);
            end();
            facts.endSeed(world.disk());
            return world.schedule().trace() * 31 + world.disk().fingerprint().hashCode();
        }

        /** A short life that ends in the middle of a change of the disk; answers how many there were. */
        int liveShortly(int change) {
            world.disk().losePowerAfter(change);
            if (world.start()) {
                act(EVENTS_OF_A_SMALL_WORLD);
            }
            int changes = world.disk().stepCount();
            require(world.dead() || change == Integer.MAX_VALUE, "no crash");
            world.crash(true);
            require(world.start(), "the start after a crash");
            end();
            return changes;
        }

        private void act(int events) {
            for (int i = 0; i < events && !world.dead(); i++) {
                script.step();
                if (!world.dead() && WorldFacts.isDroppedOverLease(world.node())) {
                    facts.count(WorldFacts.DROPPED_OVER_LEASE);
                }
            }
        }

        /** In the middle of a change of the disk, or anywhere. */
        private void crash(int events) {
            int how = random.nextInt(6);
            if (how == 0) {
                act(random.nextInt(20));
                if (!world.dead()) {
                    script.purge();
                }
                for (int i = 0; i < TASKS_OF_A_PURGE && !world.dead() && !WorldFacts.isTrimming(world.node()); i++) {
                    world.run(1);
                }
                world.crash(true);
            } else if (how < 4) {
                world.disk().losePowerAfter(1 + random.nextInt(60));
                act(events);
                facts.count(world.dead() ? "crash at the disk" : "crash between");
                world.crash(true);
            } else {
                world.run(random.nextInt(40));
                boolean powerLost = random.nextBoolean();
                facts.count(powerLost ? "power lost" : "killed");
                world.crash(powerLost);
            }
        }

        /**
         * A start finds the same catalog and the same messages whichever of the two states it builds upon. Of groups
         * a state knows more than the log does, which costs a redelivery.
         */
        private void compareRecoveries() {
            if (!STATES.stream().allMatch(world.disk()::exists)) {
                return;
            }
            Map<String, String> fromNewest = recovered("nothing");
            for (String state : STATES) {
                assertThat(differences(fromNewest, recovered(state)))
                        .as("without " + state)
                        .isEmpty();
            }
            facts.count("recovered from both states");
        }

        private Map<String, String> recovered(String without) {
            Map<String, String> state = world.recovered(without);
            state.keySet().removeIf(key -> key.contains(" group "));
            return state;
        }

        /** Starts until a start succeeds; some starts crash themselves. */
        private void begin() {
            if (random.nextInt(4) == 0) {
                compareRecoveries();
            }
            for (int i = 0; i < STARTS_MAX; i++) {
                boolean fragile = random.nextInt(3) == 0;
                if (fragile) {
                    world.disk().losePowerAfter(1 + random.nextInt(40));
                }
                boolean started = world.start();
                if (started && fragile) {
                    world.disk().losePowerAfter(Integer.MAX_VALUE);
                }
                if (started) {
                    return;
                }
                facts.count("crash at a start");
                world.crash(true);
            }
            throw new AssertionError("no start succeeds");
        }

        /** All is consumed, and the same after an orderly stop. */
        private void end() {
            script.drain();
            world.stop();
            Map<String, String> before = world.state();
            require(world.start(), "the start after an orderly stop");
            assertThat(differences(before, world.state())).isEmpty();
            script.readAll();
            world.stop();
        }

        private static Map<String, String> differences(Map<String, String> before, Map<String, String> after) {
            Map<String, String> different = new TreeMap<>(before);
            after.forEach((key, is) -> different.merge(key, is, (was, now) -> was + " is now " + now));
            different.keySet().removeIf(key -> Objects.equals(before.get(key), after.get(key)));
            return different;
        }
    }
}
